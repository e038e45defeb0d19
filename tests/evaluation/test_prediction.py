"""Examples read from a file, and arrays written."""

import numpy as np
import pytest

from sdae.errors import SdaeError
from sdae.evaluation.prediction import read_examples, write_array


def test_examples_come_from_npy_and_npz(tmp_path):
    x = np.arange(12).reshape(4, 3)
    np.save(tmp_path / "x.npy", x)
    np.savez(tmp_path / "x.npz", x=x, t=[0])
    for name in ("x.npy", "x.npz"):
        assert np.array_equal(read_examples(tmp_path / name, 3).numpy(), x)


@pytest.mark.parametrize(
    ("x", "named"),
    [
        (np.array([[0.0, 1.0], [np.nan, 0.0]]), "row 1 holds NaN"),
        (np.zeros((4, 3)), "needs .n, 2."),
        (np.zeros((0, 2)), "n at least 1"),
        (np.zeros(2), "needs .n, 2."),
        (np.array([["a", "b"]]), "not numbers"),
    ],
)
def test_examples_that_cannot_be_used_are_refused(tmp_path, x, named):
    np.save(tmp_path / "x.npy", x)
    with pytest.raises(SdaeError, match=f"x.npy.*{named}"):
        read_examples(tmp_path / "x.npy", 2)


def test_a_file_that_is_no_array_is_refused(tmp_path):
    (tmp_path / "x.npy").write_text("no array")
    np.savez(tmp_path / "y.npz", y=np.zeros((2, 2)))
    np.save(tmp_path / "pickled.npy", np.array([[object()]]), allow_pickle=True)
    for name in ("x.npy", "y.npz", "pickled.npy", "missing.npy"):
        with pytest.raises(SdaeError, match=name):
            read_examples(tmp_path / name, 2)


def test_an_array_is_written_whole(tmp_path):
    write_array(tmp_path / "y.npy", np.ones((2, 3)))
    assert np.load(tmp_path / "y.npy").shape == (2, 3)
    assert [p.name for p in tmp_path.iterdir()] == ["y.npy"]
