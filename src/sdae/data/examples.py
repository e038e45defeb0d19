"""The examples of one split: checked on their way into memory, with all of their labels or with some."""

from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from sdae.data.folds import stratified
from sdae.data.preprocessing import refusal, warn_of_clipping
from sdae.data.scaling import Scaling, Unusable
from sdae.errors import SdaeError

SPLITS = ("train", "valid", "test")
SPLIT_NAMES = {"train": "training", "valid": "validation", "test": "test"}  # in messages
UNKNOWN = -1  # the class of an example without a label


class Examples(NamedTuple):
    """One split: examples x (n, d), float32, and their classes t (n,), int64; −1 is an unlabelled example's."""

    x: Tensor
    t: Tensor

    def to(self, device: torch.device) -> "Examples":
        """Move to a device."""
        return Examples(self.x.to(device), self.t.to(device))

    @property
    def labelled(self) -> "Examples":
        """Those that have a label."""
        known = self.t > UNKNOWN
        return self if bool(known.all()) else Examples(self.x[known], self.t[known])

    def with_labels(self, n: int, random: np.random.Generator) -> "Examples":
        """Return all examples, with the labels of n, drawn at random in the classes' proportions."""
        rows = torch.from_numpy(stratified(self.t.numpy(), n, random))
        t = torch.full_like(self.t, UNKNOWN)
        t[rows] = self.t[rows]
        return Examples(self.x, t)

    def missing(self, n_classes: int) -> list[int]:
        """Return the classes, counted from 0, that no example is of."""
        present = set(self.t.unique().tolist())
        return [k for k in range(n_classes) if k not in present]


def checked(
    x: np.ndarray,
    t: np.ndarray,
    scaling: Scaling,
    value_range: tuple[float, float],
    n_classes: int,
    unlabelled: bool,
    what: str,
) -> Examples:
    """Return a split's examples as a network sees them.

    Args:
        x: As they were read, (n, d).
        t: Their classes, (n,).
        scaling: Their scaling.
        value_range: Least and greatest value after it, infinite where there are none.
        n_classes: Number of classes m; 0 for examples without, whose t are all 0.
        unlabelled: Whether there may be examples without a label.
        what: The problem and the split, for errors and warnings.

    Raises:
        SdaeError: If a value is NaN or out of range, or a class is not one of 0 to m − 1; names the example.
    """
    try:
        examples = Examples(torch.from_numpy(scaling(x, value_range)), torch.from_numpy(t).to(torch.int64))
    except Unusable as unusable:
        reason = refusal(unusable.place, scaling, value_range)
        raise SdaeError(f"{what} example {unusable.place.row + 1} {reason}") from None
    warn_of_clipping(x, scaling, what)
    n_classes, least = max(n_classes, 1), UNKNOWN if unlabelled else 0
    wrong = ((examples.t < least) | (examples.t >= n_classes)).nonzero()
    if len(wrong):
        row = int(wrong[0])
        raise SdaeError(
            f"{what} example {row + 1} is of class {int(examples.t[row])}, which is not one of 0 to {n_classes - 1}"
        )
    return examples
