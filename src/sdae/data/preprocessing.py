"""All that is done to an example before a network sees it, and what the numbers that come out mean."""

import hashlib
import logging
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from sdae.data.own.encoding import Encoding
from sdae.data.scaling import TOLERANCE, Place, Scaling, Unusable
from sdae.errors import SdaeError

log = logging.getLogger(__name__)

FAR = 10.0  # standard deviations


@dataclass(frozen=True)
class Preprocessing:
    """The stored facts about a run's problem: enough to predict, encode and draw without the training data.

    Attributes:
        problem: The problem's name.
        provenance: original, generated, stand-in or local.
        n_features: Number of components d that the network takes.
        n_classes: Number of classes m; 0 for examples without classes.
        classes: Their names, in order.
        value_range: Least and greatest value of a component as the network sees it, infinite where there are none.
        observed: Whether the range is only what occurred in the data; what lies beyond it is then said, not refused.
        image_shape: Height and width, where an example is a picture.
        scaling: Scaling of the numbers.
        encoding: Encoding of a table's columns as numbers; None if examples are numbers.
        sizes: Number of training, validation and test examples.
        note: Note shown with every result.
        fold: The fold that the run is of.
        folds: Number of folds.
        fingerprint: A hash of the data where they are of the user's files, by which a change is noticed.
    """

    problem: str
    provenance: str
    n_features: int
    n_classes: int
    classes: tuple[str, ...]
    value_range: tuple[float, float]
    image_shape: tuple[int, int] | None = None
    observed: bool = False
    scaling: Scaling = Scaling()
    encoding: Encoding | None = None
    sizes: tuple[int, int, int] = (0, 0, 0)
    note: str | None = None
    fold: int | None = None
    folds: int | None = None
    fingerprint: str | None = None

    def __call__(self, x: Any, what: str) -> np.ndarray:
        """Do to new examples what was done to the run's own.

        Args:
            x: An array (n, d) or (n, height, width) of any type of number, or, of a run on a table, a data frame.
            what: Their source, for errors.

        Returns:
            (n, d), float32.

        Raises:
            SdaeError: If they have another shape, hold values that ``fit`` refuses, or are none at all; names the row.
        """
        x = self.as_rows(x, what)
        scaling, value_range = self.scaling_of(x), self.value_range
        if scaling is not self.scaling:
            log.info("%s: taken for grey levels that are divided already, as none is over 1", what)
        if self.observed:
            value_range = (-math.inf, math.inf)
        values = scaled(x, scaling, value_range, what)
        self._say_what_is_strange(x, values, what)
        return values

    def as_rows(self, x: Any, what: str) -> np.ndarray:
        """Return examples as an array (n, d) of numbers as they came, a table's columns encoded.

        Raises:
            SdaeError: As calling it.
        """
        if self.encoding is not None and not isinstance(x, np.ndarray):
            return self.encoding(x, what)
        x = np.asarray(x)
        if self.image_shape is not None and x.ndim == 3 and x.shape[1:] == tuple(self.image_shape):
            x = x.reshape(len(x), -1)
        if x.ndim != 2 or x.shape[1] != self.n_features or len(x) == 0:
            pictures = "" if self.image_shape is None else f" or (n, {self.image_shape[0]}, {self.image_shape[1]})"
            raise SdaeError(
                f"{what}: holds an array of shape {x.shape}; the run needs "
                f"(n, {self.n_features}){pictures}, n at least 1"
            )
        if x.dtype.kind not in "biuf":
            raise SdaeError(f"{what}: holds {x.dtype}, not numbers")
        return x

    def scaling_of(self, x: np.ndarray) -> Scaling:
        """Return the scaling of examples (n, d) as they came: the run's, or none for grey levels divided already.

        Zeros and ones alone are divided levels in pictures, and small counts elsewhere.
        """
        divided = self.scaling.of_grey_levels and x.dtype.kind == "f" and x.min() >= 0 and 0 < x.max() <= 1 + TOLERANCE
        counts = self.image_shape is None and bool((x == np.floor(x)).all())
        return Scaling() if divided and not counts else self.scaling

    def _say_what_is_strange(self, x: np.ndarray, scaled: np.ndarray, what: str) -> None:
        low, high = self.value_range
        if self.observed and not (low <= scaled.min() and scaled.max() <= high):
            beyond = int(((scaled < low) | (scaled > high)).any(1).sum())
            log.warning(
                "%s: %d of %d examples, scaled as the run's, have a value outside the range of its examples, %g to %g",
                *(what, beyond, len(x), low, high),
            )
        elif math.isinf(high) and len(x) > 1 and float(np.median(np.abs(scaled.mean(0)))) > FAR:
            log.warning(
                "%s: lies far from the run's training examples, in most components by over %g standard deviations; "
                "is it in the same units?",
                what,
                FAR,
            )
        elif self.scaling.of_grey_levels and x.dtype.kind in "iu" and x.max() == 1:
            log.warning("%s: holds 0 and 1 alone, divided by %g as the run's were", what, float(self.scaling.divisor))

    def class_name(self, k: int) -> str:
        """Return the name of class ``k``, counted from 0."""
        return self.classes[k] if k < len(self.classes) else str(k)

    def described(self) -> dict[str, Any]:
        """Return plain values, from which :meth:`of` makes the same again."""
        plain = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return plain | {
            "classes": list(self.classes),
            "value_range": plain_range(self.value_range),
            "image_shape": None if self.image_shape is None else list(self.image_shape),
            "sizes": list(self.sizes),
            "scaling": self.scaling.described(),
            "encoding": None if self.encoding is None else self.encoding.described(),
        }

    @classmethod
    def of(cls, described: Mapping[str, Any]) -> Self:
        """Return the preprocessing that was described.

        Raises:
            KeyError, TypeError, ValueError: If that is none.
        """
        shape, encoding = described["image_shape"], described["encoding"]
        train, valid, test = described["sizes"]
        return cls(
            **{
                **described,
                "classes": tuple(described["classes"]),
                "value_range": range_of(described["value_range"]),
                "image_shape": None if shape is None else (shape[0], shape[1]),
                "sizes": (train, valid, test),
                "scaling": Scaling.of(described["scaling"]),
                "encoding": None if encoding is None else Encoding.of(encoding),
            }
        )

    @property
    def shape(self) -> tuple[Any, ...]:
        """The facts that a network is built for: components, classes, and the columns of a table."""
        return self.n_features, self.n_classes, self.classes


def plain_range(value_range: tuple[float, float]) -> list[float | None]:
    """Return a range for a JSON file: infinite ends are null there, as JSON has no infinity."""
    return [end if math.isfinite(end) else None for end in value_range]


def range_of(plain: Sequence[float | None]) -> tuple[float, float]:
    """Return the range that :func:`plain_range` has written."""
    low, high = plain
    return (-math.inf if low is None else low, math.inf if high is None else high)


def scaled(x: np.ndarray, scaling: Scaling, value_range: tuple[float, float], source: str) -> np.ndarray:
    """Scale examples (n, d), and return them as float32.

    Args:
        x: The examples.
        scaling: Their scaling.
        value_range: Least and greatest value allowed of the result.
        source: Their file or parameter, for errors and the warning of :func:`warn_of_clipping`.

    Raises:
        SdaeError: If a number is NaN, outside the range, or more than float32 can hold; names its row.
    """
    try:
        values = scaling(x, value_range)
    except Unusable as unusable:
        place = unusable.place
        raise SdaeError(f"{source}: row {place.row}, counted from 0, {refusal(place, scaling, value_range)}") from None
    warn_of_clipping(x, scaling, source)
    return values


def warn_of_clipping(x: np.ndarray, scaling: Scaling, source: str) -> None:
    """Warn of examples (n, d) that are clipped far from where they lie; new ones usually lie a little beyond the range.

    Args:
        x: The examples, not scaled.
        scaling: Their scaling.
        source: Their file or parameter.
    """
    if scaling.clips and (n := int(scaling.far_beyond(x).sum())):
        log.warning(
            "%s: %d of %d examples lie outside the range of the training examples, in some component by more than its "
            "width, and are clipped to it; are they in the same units?",
            source,
            n,
            len(x),
        )


def refusal(place: Place, scaling: Scaling, value_range: tuple[float, float]) -> str:
    """Say what is wrong with a number."""
    low, high = value_range
    if math.isnan(place.value) or math.isinf(place.value):
        return f"holds {place.value} in component {place.component}: NaN or infinity"
    if math.isinf(high) or scaling.offset.ndim or abs(place.value) > float(np.finfo(np.float32).max):
        return f"holds {place.value:.9g} in component {place.component}, more than float32 can hold"
    low, high = scaling.undone(low), scaling.undone(high)
    return f"holds {place.value:.9g} in component {place.component}, a value outside [{low:.9g}, {high:.9g}]"


def fingerprint(*arrays: np.ndarray) -> str:
    """Return a hash of arrays: types, shapes and values."""
    digest = hashlib.sha256()
    for array in arrays:
        digest.update(f"{array.dtype.str}{array.shape}".encode())
        digest.update(np.ascontiguousarray(array).data.cast("B"))
    return digest.hexdigest()
