"""The user's own problems, whatever their files: names, splits, and where each example is from."""

from pathlib import Path

import numpy as np
import pytest

from own import RANDOM, T, X, examples, ready
from sdae.data import LocalArrays
from sdae.data.own.local import UNLABELLED, deal, split_arrays, word
from sdae.errors import SdaeError


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


def test_the_splits_depend_on_the_seed_alone(npz):
    path = npz()
    first, again, other = (examples(ready(LocalArrays(path, seed=seed)))[2].tolist() for seed in (1, 1, 2))
    assert first == again != other


def test_fractions_are_the_users(npz):
    problem = LocalArrays(npz(), valid_fraction=0.25, test_fraction=0.5)
    assert problem.sizes == (10, 10, 20)


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


def test_fewer_training_examples(npz):
    assert len(ready(LocalArrays(npz(), train_size=5)).train.t) == 5
    with pytest.raises(SdaeError, match="data.train_size: mine has 32 training examples, not 33"):
        LocalArrays(npz(), train_size=33)


def test_fractions_and_names_are_checked(npz):
    with pytest.raises(SdaeError, match="data.valid_fraction: above 0 and below 1, not 1.5"):
        LocalArrays(npz(), valid_fraction=1.5)
    with pytest.raises(SdaeError, match="data.name: a word"):
        LocalArrays(npz(), name="my data")
    with pytest.raises(SdaeError, match="mine.npz: 3 examples are too few for the validation split"):
        LocalArrays(npz(x=X[:3], t=T[:3]))


def test_a_file_name_becomes_one_word():
    assert [word(name) for name in ("mine", "my data", "a/b c", "")] == ["mine", "my-data", "a-b-c", "data"]


def test_every_class_has_training_examples_first():
    rows = deal({"train": np.repeat([0, 1], [20, 2])}, 0.1, 0.1, Path("mine.npz"), seed=1)
    assert {split: file for split, (file, _) in rows.items()} == dict.fromkeys(("train", "valid", "test"), "train")
    assert sorted(np.concatenate([part for _, part in rows.values()])) == list(range(22))
    assert 1 in np.repeat([0, 1], [20, 2])[rows["train"][1]]


def test_unlabelled_examples_follow_those_with_a_class():
    rows = {"train": ("train", np.arange(2)), "valid": ("train", np.arange(2, 6)), "test": ("test", np.arange(3))}
    x, t = {"train": X[:6], "test": X[6:9]}, {"train": T[:6], "test": T[6:9]}
    plain = split_arrays(rows, x, t)
    both = split_arrays(rows, {**x, UNLABELLED: X[9:12]}, t)
    assert np.array_equal(plain.train_x, X[:2])
    assert plain.train_t.tolist() == [0, 1]
    assert np.array_equal(both.train_x, np.concatenate((X[:2], X[9:12])))
    assert both.train_t.tolist() == [0, 1, -1, -1, -1]
    for arrays in (plain, both):
        assert np.array_equal(arrays.valid_x, X[2:6])
        assert np.array_equal(arrays.test_t, T[6:9])
