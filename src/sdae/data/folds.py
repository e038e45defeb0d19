"""The training, validation and test examples of each fold of a cross-validation (section 6.1)."""

from typing import NamedTuple

import numpy as np


class Rows(NamedTuple):
    """Row numbers of each split."""

    train: np.ndarray
    valid: np.ndarray
    test: np.ndarray


def deal_fold(groups: np.ndarray, folds: int, fold: int, random: np.random.Generator) -> Rows:
    """Deal examples to the splits of one fold, at random, each group to one split.

    The groups are shuffled and cut into as many parts as there are folds. Fold k tests on part k, validates on the
    next, and trains on the others: in the proportions 8 : 1 : 1 where there are ten. Over the folds each example is
    tested on once and validated on once.

    Args:
        groups: Group of each example, (n,); all different without groups.
        folds: Number of folds, at least 3.
        fold: Which one, counted from 0.
        random: The stream, the same for every fold.

    Returns:
        Each split's rows in a random order, the same in every fold.
    """
    names, group = np.unique(groups, return_inverse=True)
    parts = np.array_split(random.permutation(len(names)), folds)
    part_of_group = np.empty(len(names), dtype=np.int64)
    for number, part in enumerate(parts):
        part_of_group[part] = number
    order = random.permutation(len(groups))  # so that the first training examples are a sample of all of them
    part_of_row = part_of_group[group[order]]
    test, valid = part_of_row == fold, part_of_row == (fold + 1) % folds
    return Rows(order[~test & ~valid], order[valid], order[test])


def stratified(t: np.ndarray, n: int, random: np.random.Generator, leave: int = 0) -> np.ndarray:
    """Choose n examples at random, of each class as near as can be to its share of all.

    From one stream, a smaller number of examples is, but for a class's rounding, a part of a larger one.

    Args:
        t: Classes, (·,), of any type.
        n: Number of examples.
        random: The stream.
        leave: Number of examples of each class that are not chosen.

    Returns:
        Row numbers in ascending order; fewer than n where ``leave`` does not allow as many.
    """
    names, group = np.unique(t, return_inverse=True)
    counts = np.bincount(group, minlength=len(names))
    wanted = counts * n / len(t)
    at_most = np.maximum(counts - leave, 0)
    share = np.minimum(wanted.astype(np.int64), at_most)
    rows = [random.permutation(np.flatnonzero(group == k)) for k in range(len(names))]
    while share.sum() < min(n, at_most.sum()):
        share[np.argmax(np.where(share < at_most, wanted - share, -np.inf))] += 1
    return np.sort(np.concatenate([part[:many] for part, many in zip(rows, share, strict=True)]))


def deal_fractions(t: np.ndarray, valid: float, test: float, random: np.random.Generator) -> Rows:
    """Deal examples to the splits at random, so large a fraction of every class to validation and to test.

    Every class keeps an example to train on; one with two examples has one in validation, and none in the test.

    Args:
        t: Classes, (n,).
        valid: Fraction for validation.
        test: Fraction for the test.
        random: The stream.

    Returns:
        Each split's rows in a random order; fewer for validation and test where there are too few examples.
    """
    order = random.permutation(len(t))  # so that the first training examples are a sample of all of them
    rest = np.ones(len(t), dtype=bool)
    rows = {}
    for name, part, leave in (("test", test, 1 + (valid > 0)), ("valid", valid, 1)):
        free = np.flatnonzero(rest)
        rows[name] = free[stratified(t[order][free], round(part * len(t)), random, leave)]
        rest[rows[name]] = False
    return Rows(order[rest], order[rows["valid"]], order[rows["test"]])
