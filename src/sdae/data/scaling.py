"""Numbers as a file has them become what a network sees: scaled and checked in the precision that came, cast last."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

import numpy as np

TOLERANCE = 1e-5  # of the range: what float32 arithmetic rounds; a value so near to an end is taken for the end
GREY = (255.0, 256.0)  # what grey levels are divided by
ROUNDINGS = 8  # of a number, which a component may vary by and be the same everywhere
CHUNK = 1 << 20  # components scaled at a time, so that no whole copy in float64 is made


class Place(NamedTuple):
    """The place of an unusable number: its row and component, counted from 0, and the number."""

    row: int
    component: int
    value: float


class Unusable(ValueError):
    """A number that is NaN, that float32 cannot hold, or that lies outside the range."""

    def __init__(self, place: Place) -> None:
        """Keep where it is."""
        super().__init__(place)
        self.place = place


@dataclass(frozen=True)
class Scaling:
    """x' = (x − offset) / divisor.

    Attributes:
        offset: One number, of shape (), or one for each component, (d,); float64.
        divisor: As ``offset``.
        clips: Whether what lies beyond the range is taken as its end: with the least and greatest value of each
            component over the training examples, other examples lie a little beyond them.
    """

    offset: np.ndarray = field(default_factory=lambda: np.zeros(()))
    divisor: np.ndarray = field(default_factory=lambda: np.ones(()))
    clips: bool = False

    @classmethod
    def by(cls, divisor: float) -> Self:
        """Divide by a number."""
        return cls(np.zeros(()), np.array(float(divisor)))

    @classmethod
    def between(cls, low: float, high: float) -> Self:
        """Move and scale all components alike, from [low, high] to [0, 1]."""
        return cls(np.array(float(low)), np.array(float(high - low) or 1.0))

    @classmethod
    def by_extremes(cls, train: np.ndarray) -> Self:
        """Scale each component from its least and greatest value over training examples (n, d) to [0, 1].

        A component that is the same in all of them is only moved.
        """
        low, high = train.min(0).astype(np.float64), train.max(0).astype(np.float64)
        return cls(low, np.where(high > low, high - low, 1.0), clips=True)

    @classmethod
    def by_deviation(cls, train: np.ndarray) -> Self:
        """Scale each component to mean 0 and standard deviation 1 over training examples (n, d).

        A component that is the same in all of them, but for the rounding of floating-point numbers, is only moved.
        """
        x = train.astype(np.float64, copy=False)
        mean, deviation = x.mean(0), x.std(0)
        precision = np.float64 if train.dtype.itemsize > 4 else np.float32
        rounding = ROUNDINGS * np.finfo(precision).eps if train.dtype.kind == "f" else 0
        constant = x.max(0) - x.min(0) <= rounding * np.abs(mean)
        return cls(mean, np.where(constant | (deviation == 0), 1.0, deviation))

    @property
    def identity(self) -> bool:
        """Whether it changes nothing."""
        return not self.clips and self.offset.ndim == 0 and (float(self.offset), float(self.divisor)) == (0.0, 1.0)

    @property
    def of_grey_levels(self) -> bool:
        """Whether it divides grey levels of 0 to 255."""
        return self.offset.ndim == 0 and float(self.offset) == 0 and float(self.divisor) in GREY

    def __call__(self, x: np.ndarray, value_range: tuple[float, float]) -> np.ndarray:
        """Scale examples (n, d) of any type of number, and return them as float32.

        Args:
            x: The examples.
            value_range: Least and greatest value allowed of the result. A value less than 1e-5 of the range beyond an
                end is taken for that end.

        Raises:
            Unusable: If a number is NaN, lies outside the range, or is too large for float32.
        """
        if x.dtype == np.uint8 and self.offset.ndim == 0 and not self.clips and x.size > 256:
            return self._of_levels(x, value_range)
        scaled = np.empty(x.shape, dtype=np.float32)
        for part in _chunks(x):
            scaled[part] = self._block(x[part], value_range, part.start)
        return scaled

    def _of_levels(self, x: np.ndarray, value_range: tuple[float, float]) -> np.ndarray:
        """Scale bytes, each of which is one of 256 levels, by a table of those."""
        levels = np.arange(int(x.min()), int(x.max()) + 1).astype(np.uint8)  # between two usable levels all are
        table = np.zeros(256, dtype=np.float32)
        try:
            table[levels] = self(levels[:, None], value_range)[:, 0]
        except Unusable as unusable:
            present = np.flatnonzero(np.bincount(x.ravel(), minlength=256))
            value = present[present >= levels[unusable.place.row]][0]
            row, component = np.argwhere(x == value)[0]
            raise Unusable(Place(int(row), int(component), float(value))) from None
        scaled = np.empty(x.shape, dtype=np.float32)
        for part in _chunks(x):
            table.take(x[part], out=scaled[part], mode="clip")
        return scaled

    def _block(self, x: np.ndarray, value_range: tuple[float, float], start: int) -> np.ndarray:
        low, high = value_range
        with np.errstate(over="ignore", invalid="ignore"):
            values = x if self.identity else (x.astype(np.float64, copy=False) - self.offset) / self.divisor
            if self.clips:
                values = np.clip(values, low, high)
            cast = values.astype(np.float32)
        usable = np.isfinite(cast)
        if math.isfinite(high - low):
            slack = TOLERANCE * (high - low)
            usable &= (values >= low - slack) & (values <= high + slack)
            cast = np.clip(cast, low, high)
        if not usable.all():
            row, component = (int(index) for index in np.argwhere(~usable)[0])
            raise Unusable(Place(start + row, component, float(x[row, component])))
        return cast

    def far_beyond(self, x: np.ndarray) -> np.ndarray:
        """Return which examples (n, d) have a component beyond [0, 1] by more than 1 after scaling: (n,), Boolean."""
        return ((x < self.offset - self.divisor) | (x > self.offset + 2 * self.divisor)).any(1)

    def undone(self, value: float) -> float:
        """Return the number in the file for a scaled value, if all components are scaled equally."""
        return value * float(self.divisor) + float(self.offset)

    def described(self) -> dict[str, Any]:
        """Return plain values, from which :meth:`of` makes the same again."""
        return {"offset": self.offset.tolist(), "divisor": self.divisor.tolist(), "clips": self.clips}

    @classmethod
    def of(cls, described: dict[str, Any]) -> Self:
        """Return the scaling that was described.

        Raises:
            KeyError, TypeError, ValueError: If that is none.
        """
        offset, divisor = (np.asarray(described[key], dtype=np.float64) for key in ("offset", "divisor"))
        return cls(offset, divisor, bool(described["clips"]))

    def inverse(self, scaled: np.ndarray) -> np.ndarray:
        """Return scaled examples (n, d) in the units that they had before, float32."""
        return scaled if self.identity else (scaled * self.divisor + self.offset).astype(np.float32)


def settled(low: float, high: float) -> tuple[float, float]:
    """Return the range of data that lie between two values: [0, 1] where they do but for rounding, else these."""
    return (0.0, 1.0) if low >= -TOLERANCE and high <= 1 + TOLERANCE else (low, high)


def _chunks(x: np.ndarray) -> Iterator[slice]:
    """Yield the rows of some megabytes at a time."""
    rows = max(1, CHUNK // max(1, x.shape[1]))
    for start in range(0, len(x), rows):
        yield slice(start, start + rows)
