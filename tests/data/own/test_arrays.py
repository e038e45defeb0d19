"""Arrays are read from files and checked; errors name the file and the row."""

from pathlib import Path

import numpy as np
import pytest

from own import T, X, with_one
from sdae.data.own.arrays import check_classes, check_examples, read_array
from sdae.errors import SdaeError


def test_an_array_is_read_from_either_format(tmp_path):
    np.save(tmp_path / "x.npy", X)
    np.savez(tmp_path / "both.npz", x=X, t=T)
    assert np.array_equal(read_array(tmp_path / "x.npy", "x"), X)
    assert np.array_equal(read_array(tmp_path / "both.npz", "t"), T)


def test_what_is_no_file_of_arrays(tmp_path):
    (tmp_path / "text.npz").write_text("x, t")
    np.savez(tmp_path / "other.npz", a=X)
    for name, message in [
        ("nowhere.npz", "no such file"),
        ("text.npz", "cannot be read as .npy or .npz"),
        ("other.npz", "has no array named x; it has a$"),
        ("mine.csv", "is a table; use the class sdae.data.LocalTable"),
    ]:
        with pytest.raises(SdaeError, match=f"{name}: .*{message}"):
            read_array(tmp_path / name, "x")


def test_examples_are_returned_as_they_are_and_classes_as_int64():
    assert check_examples(X, Path("mine.npz"), 6) is X
    for t in (T, T.astype(np.uint8), T.astype(float), T[:, None]):
        checked = check_classes(t, Path("mine.npz"), 40)
        assert checked.dtype == np.int64
        assert np.array_equal(checked, T)


@pytest.mark.parametrize(
    ("x", "message"),
    [
        (with_one(X, np.nan), "row 11, counted from 0, holds NaN or infinity"),
        (with_one(X, np.inf), "row 11, counted from 0, holds NaN or infinity"),
        (X[:, 0], r"examples of shape \(40,\), where \(n, d\), or .* is needed"),
        (X[:0], r"examples of shape \(0, 6\)"),
        (X.astype(str), "not numbers"),
    ],
)
def test_examples_that_cannot_be_used_are_named_with_their_row(x, message):
    with pytest.raises(SdaeError, match=f"^mine.npz: .*{message}"):
        check_examples(x, Path("mine.npz"))


def test_examples_of_another_width_are_refused():
    with pytest.raises(SdaeError, match=r"shape \(40, 6\), where \(n, 7\) is needed"):
        check_examples(X, Path("mine.npz"), 7)


@pytest.mark.parametrize(
    ("t", "message"),
    [
        (T[:-1], r"labels of shape \(39,\) for 40 examples"),
        (T + 1, "labels go up to 3, but none is 0; number the classes 0 to m − 1"),
        (T * 2, "labels go up to 4, but none is 1"),
        (T - 1, "row 0, counted from 0, has the label -1, not one of 0 to m − 1; put examples without a class"),
        (with_one(T, 0.5), "row 11, counted from 0, has the label 0.5"),
        (with_one(T, np.nan), "row 11, counted from 0, has the label nan"),
        (np.zeros(40, int), "every label is 0; at least two classes are needed"),
        (T.astype(str), "its labels are texts, not numbers 0 to m − 1; names, .* numbers them"),
        (
            np.eye(3)[T],
            r"labels of shape \(40, 3\) for 40 examples, where \(40,\) is needed; of one-hot rows, t.argmax",
        ),
    ],
)
def test_classes_that_cannot_be_used_are_named_with_their_row(t, message):
    with pytest.raises(SdaeError, match=f"^mine.npz: .*{message}"):
        check_classes(t, Path("mine.npz"), 40)


def test_where_the_number_of_classes_is_known_some_may_be_missing_and_others_are_refused():
    assert np.array_equal(check_classes(T * 2, Path("mine.npz"), 40, 5), T * 2)
    with pytest.raises(SdaeError, match="row 2, counted from 0, has the label 2, not one of 0 to 1"):
        check_classes(T, Path("mine.npz"), 40, 2)
