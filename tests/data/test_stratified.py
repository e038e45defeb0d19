"""Choosing examples in the proportions of their classes."""

import numpy as np
import pytest

from sdae.data.folds import stratified


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
