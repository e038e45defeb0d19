"""How numbers of one's own are taken, and when that is said."""

import numpy as np
import pytest
from sklearn.datasets import load_digits, load_iris

from sdae.data import LocalArrays
from sdae.data.run_problem import load_as_in_run
from sdae.errors import SdaeError
from sdae.settings.pretraining import Pretraining

RANDOM = np.random.default_rng(0)
LEVELS = RANDOM.integers(0, 256, (40, 12))
LEVELS[0, :2] = 0, 255
T = np.arange(40) % 2


@pytest.fixture
def problem(tmp_path, caplog):
    """Make a problem of examples; return it loaded, with what was said."""

    def make(x, t=T, **how):
        np.savez(tmp_path / "mine.npz", x=x, t=t)
        caplog.clear()
        made = LocalArrays(tmp_path / "mine.npz", **how)
        made.load()
        return made, caplog.text

    return make


@pytest.mark.parametrize("kind", [np.uint8, np.int32, np.float64, np.float32])
def test_grey_levels_of_any_type_are_the_same(problem, kind):
    """As float64 or int32 they were taken as they are: 94 % error where bytes had 7 %."""
    made, said = problem(LEVELS.astype(kind))
    assert made.value_range == (0.0, 1.0)
    assert set((made.train.x * 255).round().unique().tolist()) <= set(range(256))
    assert made.train.x.max() <= 1
    assert ("values from 0 to 255 are treated as grey levels and divided by 255" in said) == (kind != np.uint8)


def test_pictures_may_hold_fractions_of_levels(problem):
    resized = (LEVELS * 0.999).reshape(40, 3, 4)
    assert float(problem(resized)[0].train.x.max()) <= 1
    made, said = problem(resized.reshape(40, 12))
    assert made.train.x.max() > 200
    assert "are not scaled (data.scale: auto); alternatives: 255, minmax, standardise" in said


def test_bytes_that_are_no_grey_levels_are_not_divided_by_255(problem):
    digits = load_digits()
    made, said = problem(digits.data.astype(np.uint8), digits.target)
    assert made.value_range == (0.0, 1.0)
    assert float(made.train.x.max()) == 1
    assert "whole numbers from 0 to 16" in said
    assert float(problem(digits.data.astype(np.uint8), digits.target, scale=255)[0].train.x.max()) < 0.1


def test_numbers_in_no_range_are_taken_as_they_are_and_that_is_said(problem):
    iris = load_iris()
    made, said = problem(iris.data, iris.target)
    assert "mine.npz: values from 0.1 to 7.9 are not scaled" in said
    assert "alternatives: 255, minmax, standardise" in said
    assert made.observed
    standard = (iris.data - iris.data.mean(0)) / iris.data.std(0)
    for silent in (problem(standard, iris.target), problem(iris.data, iris.target, scale="none")):
        assert "scaled" not in silent[1]
    assert "scaled" not in problem(RANDOM.random((40, 3)))[1]


def test_nothing_is_said_of_values_that_a_runs_own_scaling_is_applied_to(problem, tmp_path, caplog):
    """A saved estimator's `svm --path` said that raw values are used although the run standardises them."""
    iris = load_iris()
    run = problem(iris.data, iris.target, scale="standardise")[0].preprocessing
    caplog.clear()
    again = LocalArrays(tmp_path / "mine.npz")
    load_as_in_run(again, run)
    np.testing.assert_allclose(again.train.x.mean(0), 0, atol=1e-5)
    assert caplog.text == ""


def test_each_scale_can_be_asked_for(problem):
    x = np.column_stack([np.arange(40), 10 * np.arange(40) + 5, np.full(40, 3)])
    standardised = problem(x, scale="standardise")[0]
    assert standardised.value_range == (-np.inf, np.inf)
    np.testing.assert_allclose(standardised.train.x.std(0, correction=0), [1, 1, 0], atol=1e-5)
    minmax = problem(x, scale="minmax")[0].train.x
    np.testing.assert_allclose(minmax[:, 0], minmax[:, 1], atol=1e-6)
    assert (float(minmax.min()), float(minmax.max())) == (0, 1)
    pictures = problem(x.reshape(40, 1, 3), scale="minmax")[0].train.x  # the pixels of a picture are alike
    assert 0 < pictures[:, 0].max() < 0.1
    with pytest.raises(
        SdaeError, match="mine.npz: row 26, counted from 0, holds 265 in component 1, .*outside .0, 255."
    ):
        problem(x, scale=255)


def test_a_test_file_in_other_units_is_clipped_with_a_warning(problem, tmp_path):
    x = np.random.default_rng(0).random((40, 3))
    np.savez(tmp_path / "test.npz", x=2.54 * x + 10, t=T)
    assert problem(x, scale="minmax")[1] == ""
    assert "mine: test: 40 of 40 examples lie outside" in problem(x, scale="minmax", test=tmp_path / "test.npz")[1]


def test_the_setting_is_read_from_a_file(door, tmp_path):
    for scale, said in (("255", "holds 256"), ("standardise", ""), ("twice", "scale")):
        x = 10 * np.arange(40)[:, None] + np.array([5, 6])
        np.savez(tmp_path / "mine.npz", x=x, t=T)
        text = (
            f"class_path: sdae.data.LocalArrays\ninit_args: {{path: mine.npz, scale: {scale}, image_shape: [1, 2]}}\n"
        )
        (tmp_path / "mine.yaml").write_text(text)
        answer = door("data", "show", "mine.yaml")
        assert said in answer.stderr
        assert (answer.returncode == 0) == (said == "")


def test_a_rounding_away_from_1_is_1(problem):
    """It changed loss and units without a word, and the message said that the data lie in [0, 1]."""
    x = (LEVELS / 255).astype(np.float32)
    x[3, 4] = np.nextafter(np.float32(1), np.float32(2))
    made, said = problem(x)
    assert (made.value_range, float(made.train.x.max()), said) == ((0.0, 1.0), 1.0, "")
    x[3, 4] = 1.00002
    made, said = problem(x)
    assert "values from 0 to 1.00002 are not scaled" in said
    with pytest.raises(SdaeError, match=r"the data lie in \[0, 1\.0000\d+\]; use squared"):
        Pretraining(reconstruction="cross-entropy").check(3, made.value_range)


def test_files_of_several_kinds_are_refused(tmp_path):
    np.savez(tmp_path / "a.npz", x=LEVELS.astype(float), t=T)
    np.savez(tmp_path / "b.npz", x=LEVELS / 255, t=T)
    with pytest.raises(SdaeError, match=r"b.npz: only this file or .*a.npz lies in \[0, 1\]"):
        LocalArrays(tmp_path / "a.npz", valid=tmp_path / "b.npz")


def test_a_class_without_training_examples_is_said(problem):
    t = np.repeat([0, 1, 2], [20, 19, 1])
    made, said = problem(RANDOM.random((40, 3)), t)
    assert 2 in made.train.t
    assert "mine: no validation example is of class 2" in said
    assert "mine: no test example is of class 2" in said
    made, said = problem(RANDOM.random((40, 3)), t, train_size=2)
    assert "mine: no training example is of class" in said
