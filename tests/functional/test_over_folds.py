"""Mean and standard deviation over folds."""

import pytest

from sdae.functional.over_folds import over_folds


def test_the_deviation_is_that_of_a_sample():
    mean, deviation = over_folds([0.1, 0.2, 0.3, 0.4])
    assert mean == pytest.approx(0.25)
    assert deviation == pytest.approx((0.05 / 3) ** 0.5)


def test_a_fold_without_a_value_leaves_no_mean():
    assert over_folds([0.1, None]) == (None, None)
    assert over_folds([]) == (None, None)


def test_one_fold_has_no_deviation():
    assert over_folds([0.1]) == (0.1, None)
