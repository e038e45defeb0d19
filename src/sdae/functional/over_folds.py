"""The mean over the folds of a cross-validation, and its standard deviation (section 6.1, tzanetakis)."""

import statistics
from collections.abc import Sequence
from typing import NamedTuple


class OverFolds(NamedTuple):
    """Mean and standard deviation over the folds of a cross-validation; None if a fold has no value."""

    mean: float | None
    deviation: float | None


def over_folds(values: Sequence[float | None]) -> OverFolds:
    """Return the mean over folds, and the standard deviation that the paper's tables print in place of an interval.

    The deviation is that of a sample, with n − 1, which the paper leaves open; None for a single fold.

    Args:
        values: One per fold.
    """
    present = [value for value in values if value is not None]
    if len(present) < len(values) or not present:
        return OverFolds(None, None)
    return OverFolds(statistics.fmean(present), statistics.stdev(present) if len(present) > 1 else None)
