"""New examples are preprocessed as a run's own were, or refused as ``fit`` refuses its own."""

import shutil
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from sdae.data.preprocessing import Preprocessing
from sdae.data.scaling import Scaling
from sdae.errors import SdaeError
from sdae.evaluation.inputs import read_inputs

LEVELS = np.random.default_rng(0).integers(0, 256, (7, 3, 4)).astype(np.uint8)
LEVELS[0, 0, 0] = 255
GREY = Preprocessing("mnist", "original", 12, 10, (), (0.0, 1.0), (3, 4), scaling=Scaling.by(255))
FRACTIONS = Preprocessing("mine", "local", 12, 10, (), (0.0, 1.0), (3, 4))


@pytest.fixture
def saved(tmp_path):
    def save(x):
        np.save(tmp_path / "x.npy", x)
        return tmp_path / "x.npy"

    return save


def test_examples_come_from_npy_and_npz(tmp_path):
    x = np.arange(12).reshape(4, 3) / 12
    np.save(tmp_path / "x.npy", x)
    np.savez(tmp_path / "x.npz", x=x)
    plain = Preprocessing("mine", "local", 3, 2, (), (0.0, 1.0))
    for name in ("x.npy", "x.npz"):
        inputs = read_inputs(tmp_path / name, plain)
        assert np.array_equal(inputs.x, x.astype(np.float32))
        assert inputs.names == [f"{name}:{row}" for row in range(4)]
        assert inputs.labels is None


@pytest.mark.parametrize(
    ("classes", "t", "labels"),
    [
        (("0", "1"), [1, 0, -1, 1], ["1", "0", "", "1"]),
        (("0", "1"), [[1.0], [0.0], [np.nan], [-1.0]], ["1", "0", "", ""]),
        (("0", "1"), [True, False, True, True], ["1", "0", "1", "1"]),
        (("-1", "1"), [1, -1, 1, 1], ["1", "-1", "1", "1"]),  # of a saved estimator
        (("1.0", "2.5"), [1.0, 2.5, 1.0, 1.0], ["1.0", "2.5", "1.0", "1.0"]),
        (("ham", "spam"), ["spam", "ham", "", "cow"], ["spam", "ham", "", "cow"]),
    ],
)
def test_an_npz_may_have_the_classes_of_its_examples(tmp_path, classes, t, labels):
    np.savez(tmp_path / "x.npz", x=np.zeros((4, 3)), t=t)
    assert read_inputs(tmp_path / "x.npz", Preprocessing("mine", "local", 3, 2, classes, (0.0, 1.0))).labels == labels


@pytest.mark.parametrize("t", [3, [0, 1], [[1, 0]] * 4, np.zeros(4, [("a", int)]), np.array([None] * 4)], ids=str)
def test_a_t_that_is_no_class_of_each_example_is_left_out_with_a_warning(tmp_path, caplog, t):
    np.savez(tmp_path / "x.npz", x=np.zeros((4, 3)), t=t)
    assert read_inputs(tmp_path / "x.npz", Preprocessing("mine", "local", 3, 2, ("0", "1"), (0.0, 1.0))).labels is None
    assert "left out" in caplog.text
    caplog.clear()
    assert read_inputs(tmp_path / "x.npz", Preprocessing("mine", "local", 3, 0, (), (0.0, 1.0))).labels is None
    assert not caplog.text  # of a run without classes


@pytest.mark.parametrize(
    "x", [LEVELS, LEVELS.reshape(7, 12), LEVELS.astype(np.float64), LEVELS.astype(np.int64), LEVELS / 255]
)
def test_grey_levels_are_divided_as_the_runs_were(saved, x):
    """uint8 digits into an mnist run: 11.95 % where there should be 8.90."""
    assert np.array_equal(read_inputs(saved(x), GREY).x, (LEVELS.reshape(7, 12) / 255).astype(np.float32))


@pytest.mark.parametrize(
    ("x", "said"),
    [
        (LEVELS.astype(float) + 1, r"row 0, counted from 0, holds 256 in component 0, a value outside \[0, 255\]"),
        (LEVELS.astype(float) - 1, r"row \d, counted from 0, holds -1 in component \d+, a value outside \[0, 255\]"),
        (np.full((2, 12), 1e39), r"row 0, counted from 0, holds 1e\+39 in component 0"),
        (np.array([[0.5] * 12, [0.1] * 11 + [np.nan]]), "row 1, counted from 0, holds nan in component 11"),
        (np.zeros((4, 4, 3)), r"holds an array of shape \(4, 4, 3\); the run needs \(n, 12\) or \(n, 3, 4\)"),
        (np.zeros((0, 12)), "n at least 1"),
        (np.zeros(12), "the run needs"),
        (np.array([["a"] * 12]), "not numbers"),
    ],
)
def test_what_fit_refuses_is_refused(saved, x, said):
    with pytest.raises(SdaeError, match=f"x.npy: .*{said}"):
        read_inputs(saved(x), GREY)


def test_bytes_into_a_run_on_fractions_are_refused(saved):
    with pytest.raises(SdaeError, match=r"holds \d+ in component \d+, a value outside \[0, 1\]"):
        read_inputs(saved(LEVELS), FRACTIONS)


def test_1e39_did_not_become_infinity_inside(saved):
    """It was cast to float32 before it was looked at."""
    free = Preprocessing("mine", "local", 2, 2, (), (-np.inf, np.inf))
    with pytest.raises(
        SdaeError, match=r"row 0, counted from 0, holds 1e\+39 in component 1, more than float32 can hold"
    ):
        read_inputs(saved(np.array([[0, 1e39]])), free)
    wide = Preprocessing(
        "mine", "local", 2, 2, (), (-np.inf, np.inf), scaling=Scaling(np.zeros(2), np.array([1, 1e39]))
    )
    assert np.array_equal(read_inputs(saved(np.array([[0, 1e39]])), wide).x, [[0, 1]])


def test_beyond_what_was_seen_is_said(saved, caplog):
    seen = Preprocessing("iris", "local", 2, 3, (), (0.1, 7.9), observed=True)
    assert read_inputs(saved(np.array([[5, 8.0], [3, 4]])), seen).x[0, 1] == 8
    assert (
        "1 of 2 examples, scaled as the run's, have a value outside the range of its examples, 0.1 to 7.9"
        in caplog.text
    )


def test_other_units_than_the_runs_are_said(saved, caplog):
    """Examples that someone has standardised already."""
    own = 1000 + 50 * np.random.default_rng(0).normal(size=(200, 4))
    run = Preprocessing("mine", "local", 4, 2, (), (-np.inf, np.inf), scaling=Scaling.by_deviation(own))
    read_inputs(saved(own), run)
    assert not caplog.text
    read_inputs(saved((own - 1000) / 50), run)
    assert "is it in the same units?" in caplog.text


@pytest.mark.parametrize("preprocessing", [GREY, FRACTIONS], ids=["bytes", "fractions"])
def test_a_picture_and_a_folder_of_pictures(tmp_path, preprocessing):
    for number, levels in enumerate(LEVELS):
        folder = tmp_path / "new" / ("b" if number % 2 else "a")
        folder.mkdir(parents=True, exist_ok=True)
        Image.fromarray(levels).save(folder / f"{number}.png")
    (tmp_path / "new" / "notes.txt").write_text("no picture")
    inputs = read_inputs(tmp_path / "new", preprocessing)
    assert inputs.names == ["a/0.png", "a/2.png", "a/4.png", "a/6.png", "b/1.png", "b/3.png", "b/5.png"]
    expected = (LEVELS.reshape(7, 12)[[0, 2, 4, 6, 1, 3, 5]] / 255).astype(np.float32)
    np.testing.assert_allclose(inputs.x, expected, rtol=1e-7)
    one = read_inputs(tmp_path / "new" / "b" / "3.png", preprocessing)
    assert one.names == ["3.png"]
    np.testing.assert_allclose(one.x, expected[5:6], rtol=1e-7)


def test_folders_of_the_classes_names_label_pictures(tmp_path):
    pets = replace(FRACTIONS, n_classes=2, classes=("cat", "dog"))

    def labels(*files, below="."):
        shutil.rmtree(tmp_path / "new", ignore_errors=True)
        for file in files:
            (tmp_path / "new" / file).parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(LEVELS[0]).save(tmp_path / "new" / file)
        return read_inputs(tmp_path / "new" / below, pets).labels

    assert labels("cat/1.png", "dog/2020/2.png", "cow/3.png") == ["cat", "cow", "dog"]
    assert labels("cat/1.png", "2.png") == ["", "cat"]
    assert labels("monday/1.png", "tuesday/2.png") is None
    assert labels("cat/1.png", below="cat") is None  # a folder may be called so by chance
    assert labels("cat/1.png", below="cat/1.png") is None


def test_pictures_that_cannot_be_used_are_named(tmp_path):
    with pytest.raises(SdaeError, match="holds no picture"):
        read_inputs(tmp_path, GREY)
    Image.new("L", (5, 5)).save(tmp_path / "big.png")
    with pytest.raises(SdaeError, match="big.png: is 5 × 5, where the run's pictures are 3 × 4"):
        read_inputs(tmp_path, GREY)
    with pytest.raises(SdaeError, match="the run's examples are not pictures"):
        read_inputs(tmp_path, Preprocessing("mine", "local", 25, 2, (), (0.0, 1.0)))


def test_a_file_that_is_no_array_is_refused(tmp_path):
    (tmp_path / "x.npy").write_text("no array")
    np.savez(tmp_path / "y.npz", y=np.zeros((2, 12)))
    np.save(tmp_path / "pickled.npy", np.array([[object()]]), allow_pickle=True)
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    for name in ("x.npy", "y.npz", "pickled.npy", "missing.npy", "x.csv"):
        with pytest.raises(SdaeError, match=name):
            read_inputs(tmp_path / name, GREY)
