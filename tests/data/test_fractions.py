"""Every class in its share of each split, where it has examples enough."""

import numpy as np
import pytest

from sdae.data.folds import deal_fractions


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
