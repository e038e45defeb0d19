"""Arrays and pictures of one's own."""

import numpy as np
import pytest
from PIL import Image

from sdae.data import ImageFolder, LocalArrays
from sdae.errors import SdaeError

RANDOM = np.random.default_rng(0)
X = RANDOM.random((40, 6)).astype(np.float32)
X[:, 0] = np.arange(40) / 40  # names each example
T = np.arange(40) % 3


def ready(problem):
    problem.prepare_data()
    problem.setup()
    return problem


@pytest.fixture
def npz(tmp_path):
    """Write an .npz file."""

    def write(name="mine.npz", **arrays):
        np.savez(tmp_path / name, **({"x": X, "t": T} | arrays))
        return tmp_path / name

    return write


def examples(problem):
    """Return which examples each split has, by their first component."""
    return [np.rint(split.x[:, 0].numpy() * 40).astype(int) for split in problem.splits.values()]


def test_a_file_becomes_a_problem(npz):
    problem = ready(LocalArrays(npz()))
    assert (problem.name, problem.n_features, problem.n_classes, problem.provenance) == ("mine", 6, 3, "local")
    assert (problem.value_range, problem.image_shape) == ((0.0, 1.0), None)
    assert problem.sizes == (32, 4, 4)
    rows = examples(problem)
    assert sorted(np.concatenate(rows)) == list(range(40))
    for row, split in zip(rows, problem.splits.values(), strict=True):
        assert np.array_equal(split.t, T[row])
        assert np.array_equal(split.x, X[row])


@pytest.mark.parametrize("train_size", [None, 33])
def test_unlabelled_examples_are_for_pretraining_alone(npz, tmp_path, train_size):
    more = RANDOM.random((50, 6)).astype(np.float32)
    np.save(tmp_path / "more.npy", more)
    plain = ready(LocalArrays(npz()))
    problem = ready(LocalArrays(npz(), unlabelled=tmp_path / "more.npy", train_size=train_size))
    n = 50 if train_size is None else 1  # after those with a class
    assert problem.sizes == (82, 4, 4)
    assert np.array_equal(problem.train.x[32:], more[:n])
    assert problem.train.t[32:].tolist() == [-1] * n
    for split in ("valid", "test"):
        assert np.array_equal(problem.splits[split].x, plain.splits[split].x)
    assert np.array_equal(problem.labelled.x, plain.train.x)
    assert np.array_equal(problem.labelled.t, plain.train.t)
    assert problem.where("train")[31:33] == [plain.where("train")[31], "more.npy:0"]


def test_unlabelled_examples_of_another_width_or_scale_are_refused(npz, tmp_path):
    np.save(tmp_path / "wide.npy", np.zeros((5, 7), dtype=np.float32))
    np.save(tmp_path / "bytes.npy", np.full((5, 6), 200, dtype=np.uint8))
    for name in ("wide.npy", "bytes.npy", "none.npy"):
        with pytest.raises(SdaeError, match=name):
            LocalArrays(npz(), unlabelled=tmp_path / name)


def test_the_splits_depend_on_the_seed_alone(npz):
    path = npz()
    first, again, other = (examples(ready(LocalArrays(path, seed=seed)))[2].tolist() for seed in (1, 1, 2))
    assert first == again != other


def test_fractions_are_the_users(npz):
    problem = LocalArrays(npz(), valid_fraction=0.25, test_fraction=0.5)
    assert problem.sizes == (10, 10, 20)


def test_two_npy_files_are_as_good(npz, tmp_path):
    np.save(tmp_path / "x.npy", X)
    np.save(tmp_path / "t.npy", T)
    pair = ready(LocalArrays((tmp_path / "x.npy", tmp_path / "t.npy")))
    assert pair.name == "x"
    assert np.array_equal(pair.test.x, ready(LocalArrays(npz())).test.x)


def test_files_of_their_own_for_validation_and_test(npz):
    valid = npz("valid.npz", x=X[:7], t=T[:7])
    test = npz("test.npz", x=X[:9], t=T[:9])
    problem = ready(LocalArrays(npz(), valid=valid, test=test, name="ours"))
    assert problem.name == "ours"
    assert problem.sizes == (40, 7, 9)
    train_rows, valid_rows, test_rows = examples(problem)
    assert sorted(train_rows) == list(range(40))
    assert (valid_rows.tolist(), test_rows.tolist()) == ([*range(7)], [*range(9)])
    half = LocalArrays(npz(), test=test)
    assert half.sizes == (36, 4, 9)


def test_bytes_are_grey_levels(npz):
    grey = ready(LocalArrays(npz(x=(X * 255).round().astype(np.uint8))))
    assert grey.value_range == (0.0, 1.0)
    assert 0.9 < float(grey.train.x.max()) <= 1
    binary = ready(LocalArrays(npz(x=(X > 0.5).astype(np.uint8))))
    assert set(binary.train.x.unique().tolist()) == {0.0, 1.0}
    with pytest.raises(SdaeError, match=r"valid.npz: only this file or .*mine.npz holds bytes"):
        LocalArrays(npz(x=(X * 255).astype(np.uint8)), valid=npz("valid.npz"))


def test_the_value_range_is_the_datas(npz):
    assert LocalArrays(npz(x=10 * X - 3)).value_range == pytest.approx((-3, 7), abs=0.3)
    assert LocalArrays(npz(), value_range=(-1, 2)).value_range == (-1, 2)
    with pytest.raises(
        SdaeError, match=r"mine.npz: row 11, counted from 0, holds 7 in component 2, a value outside \[0, 5\]"
    ):
        LocalArrays(npz(x=with_one(X, 7)), value_range=(0, 5))
    with pytest.raises(SdaeError, match="test.npz: row 0, counted from 0, .* outside"):
        LocalArrays(npz(), test=npz("test.npz", x=X - 2), value_range=(0, 1))
    grey = (X * 255).round().astype(np.uint8)
    assert ready(LocalArrays(npz(x=grey), value_range=(0, 1))).value_range == (0, 1)


def test_standardised_by_the_training_examples(npz):
    problem = ready(LocalArrays(npz(x=10 * X - 3), scale="standardise"))
    assert problem.value_range == (-np.inf, np.inf)
    np.testing.assert_allclose(problem.train.x.mean(0), 0, atol=1e-5)
    np.testing.assert_allclose(problem.train.x.std(0, correction=0), 1, atol=1e-5)
    few = ready(LocalArrays(npz(x=10 * X - 3), scale="standardise", train_size=10))
    np.testing.assert_allclose(few.train.x.mean(0), 0, atol=1e-5)


def test_pictures_in_an_array_keep_their_shape(npz):
    assert LocalArrays(npz(x=X.reshape(40, 2, 3))).image_shape == (2, 3)
    assert LocalArrays(npz(), image_shape=(3, 2)).image_shape == (3, 2)
    with pytest.raises(SdaeError, match="data.image_shape: .* is not 6 components"):
        LocalArrays(npz(), image_shape=(3, 3))


def test_fewer_training_examples(npz):
    assert len(ready(LocalArrays(npz(), train_size=5)).train.t) == 5
    with pytest.raises(SdaeError, match="data.train_size: mine has 32 training examples, not 33"):
        LocalArrays(npz(), train_size=33)


def with_one(array, value, row=11):
    array = array.astype(np.float64)
    array[(row, 2) if array.ndim == 2 else row] = value
    return array


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"x": with_one(X, np.nan)}, "row 11, counted from 0, holds NaN or infinity"),
        ({"x": with_one(X, 1e300)}, "row 11, counted from 0, holds 1e.300 in component 2, more than float32 can hold"),
        ({"x": X[:, 0]}, r"examples of shape \(40,\), where \(n, d\) is needed"),
        ({"x": X[:0]}, r"examples of shape \(0, 6\)"),
        ({"x": X.astype(str)}, "not numbers"),
        ({"t": T[:-1]}, r"labels of shape \(39,\) for 40 examples"),
        ({"t": T + 1}, "labels go up to 3, but none is 0; number the classes 0 to m − 1"),
        ({"t": T * 2}, "labels go up to 4, but none is 1"),
        ({"t": T - 1}, "row 0, counted from 0, has the label -1"),
        ({"t": with_one(T, 0.5)}, "row 11, counted from 0, has the label 0.5"),
        ({"t": with_one(T, np.nan)}, "row 11, counted from 0, has the label nan"),
        ({"t": np.zeros(40, int)}, "every label is 0; at least two classes are needed"),
        ({"t": T.astype(str)}, "labels of <U"),
        ({"x": X[:3], "t": T[:3]}, "3 examples are too few to give some to valid"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_its_row(npz, changed, said):
    path = npz(**changed)
    with pytest.raises(SdaeError, match=said) as error:
        LocalArrays(path)
    assert str(error.value).startswith(f"{path}: ")


def test_files_must_fit_together(npz, tmp_path):
    with pytest.raises(SdaeError, match=r"valid.npz: .* \(40, 5\), where \(n, 6\) is needed"):
        LocalArrays(npz(), valid=npz("valid.npz", x=X[:, 1:]))
    with pytest.raises(SdaeError, match="test.npz: row 2, counted from 0, has the label 3, not one of 0 to 2"):
        LocalArrays(npz(), test=npz("test.npz", t=T + 1))


def test_what_is_no_file_of_arrays(npz, tmp_path):
    (tmp_path / "text.npz").write_text("x, t")
    np.save(tmp_path / "x.npy", X)
    np.savez(tmp_path / "other.npz", a=X)
    for path, said in [
        (tmp_path / "nowhere.npz", "No such file"),
        (tmp_path / "text.npz", "cannot be read as .npy or .npz"),
        (tmp_path / "x.npy", "holds one array; name two files"),
        (tmp_path / "other.npz", "has no array named x"),
    ]:
        with pytest.raises(SdaeError, match=said):
            LocalArrays(path)
    with pytest.raises(SdaeError, match="data.valid_fraction: between 0 and 1, not 1.5"):
        LocalArrays(npz(), valid_fraction=1.5)
    with pytest.raises(SdaeError, match="data.name: a word"):
        LocalArrays(npz(), name="my data")


@pytest.fixture
def folder(tmp_path):
    """Write pictures of 5 × 4 pixels: 12 cats, darker than as many dogs."""

    def write(name="pets", n=12, suffix="png", mode="L"):
        for label, animal in enumerate(["cat", "dog"]):
            place = tmp_path / name / animal
            place.mkdir(parents=True, exist_ok=True)
            for number in range(n):
                pixels = np.full((4, 5), 100 * label + number, np.uint8)
                Image.fromarray(pixels).convert(mode).save(place / f"{number:02d}.{suffix}")
        return tmp_path / name

    return write


def test_a_folder_of_pictures_becomes_a_problem(folder):
    path = folder()
    (path / "cat" / "notes.txt").write_text("whiskers")
    (path / ".hidden").mkdir()
    problem = ready(ImageFolder(path))
    assert (problem.name, problem.image_shape, problem.n_features, problem.n_classes) == ("pets", (4, 5), 20, 2)
    assert problem.class_names == ("cat", "dog")
    assert problem.sizes == (20, 2, 2)
    assert problem.provenance == "local"
    seen = []
    for split in problem.splits.values():
        levels = (split.x * 255).round()
        assert (levels == levels[:, :1]).all()
        assert np.array_equal(levels[:, 0] >= 100, split.t == 1)
        seen += levels[:, 0].int().tolist()
    assert sorted(seen) == [*range(12), *range(100, 112)]


@pytest.mark.parametrize(
    ("suffix", "mode"), [("jpg", "L"), ("png", "RGB"), ("png", "RGBA"), ("gif", "P"), ("PNG", "L")]
)
def test_other_formats_are_made_grey(folder, suffix, mode):
    problem = ready(ImageFolder(folder(suffix=suffix, mode=mode)))
    assert np.array_equal(problem.train.x[:, 0] * 255 > 50, problem.train.t == 1)


def test_unlabelled_pictures_lie_at_any_depth(folder):
    others = folder("others", n=3)
    problem = ready(ImageFolder(folder(), unlabelled=others))
    assert problem.sizes == (26, 2, 2)
    assert problem.train.t[20:].tolist() == [-1] * 6
    assert (problem.train.x[20:, 0] * 255).round().tolist() == [0, 1, 2, 100, 101, 102]
    assert problem.where("train")[20] == "cat/00.png"
    (others / "empty").mkdir()
    with pytest.raises(SdaeError, match="empty: holds no picture"):
        ImageFolder(folder(), unlabelled=others / "empty")


def test_folders_of_their_own(folder):
    problem = ready(ImageFolder(folder(), test=folder("others", n=3), train_size=5))
    assert problem.sizes == (22, 2, 6)
    assert len(problem.train.t) == 5
    assert problem.test.t.tolist() == [0, 0, 0, 1, 1, 1]


def test_a_picture_of_another_size_is_named(folder):
    path = folder()
    Image.new("L", (6, 4)).save(path / "dog" / "05.png")
    with pytest.raises(SdaeError, match=r"dog/05.png: is 6 × 4, where others are 5 × 4"):
        ImageFolder(path).prepare_data()


def test_a_damaged_picture_is_named(folder):
    path = folder()
    whole = (path / "cat" / "03.png").read_bytes()
    (path / "cat" / "03.png").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(SdaeError, match="cat/03.png: cannot be read as a picture"):
        ImageFolder(path).prepare_data()
    (path / "cat" / "03.png").write_text("meow")
    with pytest.raises(SdaeError, match="cat/03.png: cannot be read as a picture"):
        ImageFolder(path).prepare_data()


def test_sixteen_bits_are_refused(folder):
    path = folder()
    Image.fromarray(np.zeros((4, 5), np.uint16)).save(path / "cat" / "00.png")
    with pytest.raises(SdaeError, match="cat/00.png: has more than 8 bits"):
        ImageFolder(path)


def test_folders_that_are_no_problem(folder, tmp_path):
    with pytest.raises(SdaeError, match="nowhere: no such folder"):
        ImageFolder(tmp_path / "nowhere")
    path = folder()
    with pytest.raises(SdaeError, match="cat: needs a folder of pictures for each class"):
        ImageFolder(path / "cat")
    other = folder("others")
    (other / "cow").mkdir()
    with pytest.raises(SdaeError, match="others: only this folder or .*pets has the class cow"):
        ImageFolder(path, test=other)
    (path / "cow").mkdir()
    with pytest.raises(SdaeError, match="cow: holds no picture"):
        ImageFolder(path)
    with pytest.raises(SdaeError, match="2 examples are too few to give some to valid"):
        ImageFolder(folder("few", n=1))
