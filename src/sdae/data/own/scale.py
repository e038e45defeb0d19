"""Chooses how a user's numbers are scaled: the setting ``scale``, and its rule for ``auto``."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from sdae.data.scaling import Scaling, settled
from sdae.errors import SdaeError

Kind = Literal["none", 255, "minmax", "standardise"]
# 255 apart: of a literal with a number in it, jsonargparse says that it wants a whole number.
Scale = Literal["auto", "none", "minmax", "standardise"] | Literal[255]

SCALINGS: dict[Scale, Callable[[np.ndarray], Scaling]] = {  # by training examples (n, d)
    "none": lambda train: Scaling(),
    "standardise": Scaling.by_deviation,
    "minmax": Scaling.by_extremes,
}
WHITE, BRIGHT = 255, 128  # the greatest grey level, and the least maximum of data that are treated as grey levels
MAX_STANDARDISED_DEVIATION = 3.0  # median over components; of their mean, a third


@dataclass(frozen=True)
class ScaleChoice:
    """The choice of a scaling.

    Attributes:
        low: Least of all values.
        high: Greatest of all values.
        kind: none, 255, minmax or standardise.
        shared_scale: Whether minmax scales all components by the same extremes.
        doubt: A warning if the choice could be wrong.
    """

    low: float
    high: float
    kind: Kind
    shared_scale: bool
    doubt: str | None = None

    def scaling(self, train: np.ndarray) -> Scaling:
        """Return the scaling, given the training examples (n, d)."""
        by_component = self.kind == "standardise" or (self.kind == "minmax" and not self.shared_scale)
        return SCALINGS[self.kind](train) if by_component else self.common

    @property
    def common(self) -> Scaling:
        """The scaling by all values together; a first approximation if it depends on the training examples."""
        if self.kind == 255:
            return Scaling.by(WHITE)
        return Scaling.between(self.low, self.high) if self.kind != "none" else Scaling()


def choose_scale(parts: Sequence[np.ndarray], scale: Scale, pictures: bool) -> ScaleChoice:
    """Choose how numbers are scaled.

    Args:
        parts: All examples, each array (·, d).
        scale: The user's setting.
        pictures: Whether examples are pictures, whose components all have the same unit.

    Raises:
        SdaeError: If there is no such scale.
    """
    low, high = min(float(x.min()) for x in parts), max(float(x.max()) for x in parts)

    def automatic(kind: Kind, action: str = "", others: str = "") -> ScaleChoice:
        doubt = f"{action} (data.scale: auto); alternatives: {others}" if action else None
        return ScaleChoice(low, high, kind, shared_scale=True, doubt=doubt)

    if scale != "auto":
        if scale not in ("none", 255, "minmax", "standardise"):
            raise SdaeError(f"data.scale: auto, none, 255, minmax or standardise, not {scale!r}")
        return ScaleChoice(low, high, scale, shared_scale=pictures)
    if settled(low, high) == (0.0, 1.0):
        return automatic("none")
    values, whole = f"values from {low:.6g} to {high:.6g}", all(_whole(x) for x in parts)
    if low >= 0 and BRIGHT <= high <= WHITE and (whole or pictures):
        if all(x.dtype == np.uint8 for x in parts):
            return automatic(255)
        return automatic(255, f"{values} are treated as grey levels and divided by 255", "none, minmax, standardise")
    if low >= 0 and high < BRIGHT and whole:
        action = f"whole numbers from {low:g} to {high:g}, too small for grey levels of 0 to 255, are scaled to [0, 1]"
        return automatic("minmax", action, "255, none, standardise")
    if low < 0 and all(_standard(x) for x in parts):
        return automatic("none")
    others = "255, minmax, standardise" if low >= 0 and high <= WHITE else "standardise, minmax"
    return automatic("none", f"{values} are not scaled", others)


def in_unit_interval(x: np.ndarray) -> bool:
    """Whether all numbers lie in [0, 1], up to rounding."""
    return settled(float(x.min()), float(x.max())) == (0.0, 1.0)


def _whole(x: np.ndarray) -> bool:
    return x.dtype.kind in "biu" or bool((x == np.floor(x)).all())


def _standard(x: np.ndarray) -> bool:
    """Whether components have about the mean and the deviation of standardised ones."""
    mean, deviation = x.mean(0, dtype=np.float64), x.std(0, dtype=np.float64)
    return bool(
        np.median(np.abs(mean)) <= MAX_STANDARDISED_DEVIATION / 3 and np.median(deviation) <= MAX_STANDARDISED_DEVIATION
    )
