"""What is done to the numbers of a user's arrays: the setting ``scale``, and its rule for ``auto``."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from sdae.data.scaling import Scaling, settled
from sdae.errors import SdaeError

Kind = Literal["none", 255, "minmax", "standardise"]
Scale = Literal["auto", "none", 255, "minmax", "standardise"]

WHITE, BRIGHT = 255, 128  # the greatest grey level, and the least that the brightest of grey levels has
USUAL = 3.0  # mean and deviation of components that are standardised, or as good


@dataclass(frozen=True)
class Look:
    """What a plain look at numbers says of them, and what is to be done.

    Attributes:
        low: The least of all.
        high: The greatest of all.
        kind: What is done: none, 255, minmax or standardise.
        alike: Whether minmax does the same to all components.
        doubt: What is to be said of it, where it could be wrong.
    """

    low: float
    high: float
    kind: Kind
    alike: bool
    doubt: str | None = None

    def scaling(self, train: np.ndarray) -> Scaling:
        """Return the scaling, by the training examples (n, d) where it depends on them."""
        if self.kind == "standardise":
            return Scaling.by_deviation(train)
        if self.kind == "minmax" and not self.alike:
            return Scaling.by_extremes(train)
        return self.common

    @property
    def common(self) -> Scaling:
        """The scaling, as far as it depends on no training examples."""
        if self.kind == 255:
            return Scaling.by(WHITE)
        return Scaling.between(self.low, self.high) if self.kind != "none" else Scaling()


def look_at(parts: Sequence[np.ndarray], scale: Scale, pictures: bool) -> Look:
    """Decide what is done to numbers.

    Args:
        parts: All examples, each array (·, d).
        scale: What the user wants.
        pictures: Whether an example is a picture, so that all its components are alike.

    Raises:
        SdaeError: If there is no such scale.
    """
    low, high = (float(extreme) for extreme in (min(x.min() for x in parts), max(x.max() for x in parts)))
    if scale != "auto":
        if scale not in ("none", 255, "minmax", "standardise"):
            raise SdaeError(f"data.scale: auto, none, 255, minmax or standardise, not {scale!r}")
        return Look(low, high, scale, alike=pictures)
    if settled(low, high) == (0.0, 1.0):
        return Look(low, high, "none", alike=True)
    between, whole = f"values from {low:.6g} to {high:.6g}", all(_whole(x) for x in parts)
    if low >= 0 and BRIGHT <= high <= WHITE and (whole or pictures):
        surely = all(x.dtype == np.uint8 for x in parts)
        doubt = None if surely else f"{between} are taken for grey levels and divided by 255"
        return Look(low, high, 255, alike=True, doubt=_doubt(doubt, "none, minmax or standardise"))
    if low >= 0 and high < BRIGHT and whole:
        doubt = f"whole numbers from {low:g} to {high:g}, too small for grey levels of 0 to 255, are scaled to [0, 1]"
        return Look(low, high, "minmax", alike=True, doubt=_doubt(doubt, "255, none or standardise"))
    if low < 0 and all(_standard(x) for x in parts):
        return Look(low, high, "none", alike=True)
    others = "255, minmax or standardise" if low >= 0 and high <= WHITE else "standardise or minmax"
    return Look(low, high, "none", alike=True, doubt=_doubt(f"{between} are taken as they are", others))


def fractions(x: np.ndarray) -> bool:
    """Whether numbers lie in [0, 1], but for rounding."""
    return settled(float(x.min()), float(x.max())) == (0.0, 1.0)


def _doubt(done: str | None, others: str) -> str | None:
    return None if done is None else f"{done} (data.scale: auto); {others} do otherwise"


def _whole(x: np.ndarray) -> bool:
    return x.dtype.kind in "biu" or bool((x == np.floor(x)).all())


def _standard(x: np.ndarray) -> bool:
    """Whether components vary about as much as standardised ones, and about 0."""
    mean, deviation = x.mean(0, dtype=np.float64), x.std(0, dtype=np.float64)
    return bool(np.median(np.abs(mean)) <= USUAL / 3 and np.median(deviation) <= USUAL)
