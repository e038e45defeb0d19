"""Dealing examples to splits: every class in its share of each."""

import numpy as np
import pytest

from sdae.data.folds import deal_fractions, stratified


def chosen(t, n, leave=0, seed=0):
    return stratified(np.asarray(t), n, np.random.default_rng(seed), leave)


@pytest.mark.parametrize("n", [1, 10, 33, 99, 100])
def test_every_class_has_its_share(n):
    t = np.repeat([0, 1, 2], [70, 20, 10])
    rows = chosen(t, n)
    assert len(set(rows.tolist())) == n
    counts = np.bincount(t[rows], minlength=3)
    assert (np.abs(counts - np.array([0.7, 0.2, 0.1]) * n) < 1).all()


def test_words_and_uneven_numbers_are_classes_too():
    assert len(chosen(["a", "b", "a", "c"], 2)) == 2


def test_each_class_keeps_what_is_to_be_left():
    t = np.repeat([0, 1, 2], [50, 2, 1])
    rows = chosen(t, 53, leave=1)
    assert np.bincount(t[rows], minlength=3).tolist() == [49, 1, 0]


def test_the_rows_are_the_streams():
    t = np.repeat([0, 1], 50)
    assert chosen(t, 20).tolist() == chosen(t, 20).tolist() != chosen(t, 20, seed=1).tolist()


def counts(t, rows):
    return [np.bincount(t[part], minlength=t.max() + 1).tolist() for part in rows]


@pytest.mark.parametrize("seed", range(5))
def test_a_split_has_every_class_in_its_share(seed):
    t = np.repeat([0, 1, 2], [600, 300, 100])
    rows = deal_fractions(t, 0.1, 0.3, np.random.default_rng(seed))
    assert counts(t, rows) == [[360, 180, 60], [60, 30, 10], [180, 90, 30]]
    assert sorted(np.concatenate(rows)) == list(range(1000))


@pytest.mark.parametrize("seed", range(20))
def test_a_rare_class_is_trained_on_first(seed):
    """At random, a class of three was often without training examples, or all in one other split."""
    t = np.repeat([0, 1, 2, 3], [60, 60, 2, 1])
    train, valid, test = counts(t, deal_fractions(t, 0.4, 0.4, np.random.default_rng(seed)))
    assert train[2] >= 1
    assert train[3] == 1
    assert [valid[3], test[3], test[2]] == [0, 0, 0]
    assert sum(train + valid + test) == 123


def test_the_rows_are_in_a_random_order():
    t = np.arange(100) // 50
    train = deal_fractions(t, 0.1, 0.1, np.random.default_rng(0)).train
    assert 5 < t[train[:20]].sum() < 15
