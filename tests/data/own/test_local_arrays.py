"""Files of arrays become a problem: its shape, its range, and files that do not fit together."""

import numpy as np
import pytest

from own import T, X, examples, ready, with_one
from sdae.data import LocalArrays
from sdae.errors import SdaeError


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


def test_unlabelled_examples_of_another_width_or_scale_are_refused(npz, tmp_path):
    np.save(tmp_path / "wide.npy", np.zeros((5, 7), dtype=np.float32))
    np.save(tmp_path / "bytes.npy", np.full((5, 6), 200, dtype=np.uint8))
    for name in ("wide.npy", "bytes.npy", "none.npy"):
        with pytest.raises(SdaeError, match=name):
            LocalArrays(npz(), unlabelled=tmp_path / name)


def test_two_npy_files_are_as_good(npz, tmp_path):
    np.save(tmp_path / "x.npy", X)
    np.save(tmp_path / "t.npy", T)
    pair = ready(LocalArrays((tmp_path / "x.npy", tmp_path / "t.npy")))
    assert pair.name == "x"
    assert np.array_equal(pair.test.x, ready(LocalArrays(npz())).test.x)


def test_paths_can_be_texts(npz, tmp_path):
    file = npz()
    np.save(tmp_path / "more.npy", X)
    texts = LocalArrays(str(file), unlabelled=str(tmp_path / "more.npy"))
    assert np.array_equal(ready(texts).test.x, ready(LocalArrays(file)).test.x)
    assert len(texts.train.x) == 32 + len(X)


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
    with pytest.raises(SdaeError, match="^data.value_range: standardised values have no least and greatest value"):
        LocalArrays(npz(), scale="standardise", value_range=(-5, 5))


def test_pictures_in_an_array_keep_their_shape(npz):
    assert LocalArrays(npz(x=X.reshape(40, 2, 3))).image_shape == (2, 3)
    assert LocalArrays(npz(), image_shape=(3, 2)).image_shape == (3, 2)
    with pytest.raises(SdaeError, match="data.image_shape: .* is not 6 components"):
        LocalArrays(npz(), image_shape=(3, 3))


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"x": with_one(X, np.nan)}, "row 11, counted from 0, holds NaN or infinity"),
        ({"x": with_one(X, 1e300)}, "row 11, counted from 0, holds 1e.300 in component 2, more than float32 can hold"),
        ({"t": T[:-1]}, r"labels of shape \(39,\) for 40 examples"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_its_row(npz, changed, message):
    path = npz(**changed)
    with pytest.raises(SdaeError, match=message) as error:
        LocalArrays(path)
    assert str(error.value).startswith(f"{path}: ")


def test_files_must_fit_together(npz, tmp_path):
    with pytest.raises(SdaeError, match=r"valid.npz: .* \(40, 5\), where \(n, 6\) is needed"):
        LocalArrays(npz(), valid=npz("valid.npz", x=X[:, 1:]))
    with pytest.raises(SdaeError, match="test.npz: row 2, counted from 0, has the label 3, not one of 0 to 2"):
        LocalArrays(npz(), test=npz("test.npz", t=T + 1))


@pytest.mark.parametrize("split", ["valid", "test", "unlabelled"])
def test_a_file_is_not_named_for_two_splits(npz, split):
    path = npz()
    with pytest.raises(SdaeError, match=f"mine.npz: is named twice, as data.train and data.{split}"):
        LocalArrays(path, **{split: path})


def test_one_npy_file_is_not_enough(tmp_path):
    np.save(tmp_path / "x.npy", X)
    with pytest.raises(SdaeError, match="holds one array; name two files"):
        LocalArrays(tmp_path / "x.npy")
