"""IDX files, and the draw that makes basic."""

import dataclasses
import gzip
import hashlib
import struct
from pathlib import Path

import numpy as np
import pytest

from sdae.data import MNIST, Basic, mnist
from sdae.data.registry import Sizes
from sdae.errors import SdaeError

N_TRAIN, N_TEST = 60, 20


def idx(array: np.ndarray) -> bytes:
    return struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape) + array.tobytes()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with an MNIST of eighty digits, each of another grey, in the original format."""
    grey = np.arange(N_TRAIN + N_TEST, dtype=np.uint8)
    images, labels = np.broadcast_to(grey[:, None, None], (N_TRAIN + N_TEST, 28, 28)), grey % 10
    (tmp_path / "mnist").mkdir()
    for name, array in {
        "TRAIN_IMAGES": images[:N_TRAIN],
        "TRAIN_LABELS": labels[:N_TRAIN],
        "TEST_IMAGES": images[N_TRAIN:],
        "TEST_LABELS": labels[N_TRAIN:],
    }.items():
        archive, content = getattr(mnist, name), idx(array)
        (tmp_path / "mnist" / archive.filename).write_bytes(gzip.compress(content))
        small = dataclasses.replace(archive, digest=hashlib.md5(content).hexdigest(), mirrors=())
        monkeypatch.setattr(mnist, name, small)
    monkeypatch.setattr(MNIST, "sizes", Sizes(50, 10, 20))
    monkeypatch.setattr(Basic, "sizes", Sizes(10, 5, 50))
    return tmp_path


def grey(problem: MNIST | Basic) -> dict[str, list[int]]:
    """Return the grey of every example, by which it is known."""
    problem.prepare_data()
    problem.setup()
    return {split: (examples.x[:, 0] * 255).round().int().tolist() for split, examples in problem.splits.items()}


def test_the_last_tenth_of_the_training_digits_validates(folder):
    problem = MNIST(folder)
    expected = {"train": list(range(50)), "valid": list(range(50, 60)), "test": list(range(60, 80))}
    assert grey(problem) == expected
    assert problem.provenance == "original"
    assert problem.test.t.tolist() == [g % 10 for g in range(60, 80)]


def test_basic_is_a_draw_without_replacement(folder):
    problem = Basic(folder, "generated")
    splits = grey(problem)
    together = [g for values in splits.values() for g in values]
    assert len(together) == len(set(together)) == 65
    assert problem.provenance == "generated"
    assert grey(Basic(folder, "generated")) == splits
    assert grey(Basic(folder, "generated", seed=2)) != splits


def test_a_larger_basic_keeps_validation_and_test(folder):
    small, large = grey(Basic(folder, "generated")), grey(Basic(folder, "generated", train_size=25))
    assert large["train"][:10] == small["train"]
    assert (large["valid"], large["test"]) == (small["valid"], small["test"])


@pytest.mark.parametrize(("problem", "size"), [(MNIST, 51), (Basic, 26)])
def test_more_digits_than_there_are_is_refused(folder, problem, size):
    with pytest.raises(SdaeError, match="data.train_size"):
        problem(folder, train_size=size).prepare_data()


@pytest.mark.parametrize("damage", ["magic", "short", "not gzip"])
def test_a_file_that_is_no_idx_is_named(tmp_path, damage):
    content = idx(np.zeros((3, 28, 28), np.uint8))
    content = {"magic": b"\0\0\x0d" + content[3:], "short": content[:-1], "not gzip": content}[damage]
    path = tmp_path / "x-ubyte.gz"
    path.write_bytes(content if damage == "not gzip" else gzip.compress(content))
    with pytest.raises(SdaeError, match="x-ubyte.gz: is not"):
        mnist.read_idx(path)
