"""The corruption processes q_D(x̃|x) of section 3.3, and swap noise, which is not in the paper.

Each is called with clean components ``x`` of any shape and a generator on the same device, and returns the corrupted
x̃ and the mask of the components that were corrupted, J(x̃) of section 3.4. Noise is drawn afresh at every call, and
nothing is rescaled.

The paper speaks of "a fraction ν of the elements". The authors' code can draw each component independently with
probability ν, as here, or a fixed number of components.

Swap noise takes values from other examples, so it has to be given them before it is called: :func:`drawing_from`.
"""

import math
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol

import torch
from torch import Tensor

from sdae.errors import SdaeError

CorruptionName = Literal["masking", "salt-and-pepper", "gaussian", "swap"]


class Corruption(Protocol):
    """A stochastic mapping x̃ ~ q_D(x̃|x)."""

    def __call__(self, x: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Return x̃ and the Boolean mask of corrupted components, both of the shape of ``x``."""
        ...


def _uniform(x: Tensor, generator: torch.Generator) -> Tensor:
    return torch.rand(x.shape, generator=generator, device=x.device, dtype=x.dtype)


def _require_fraction(level: float) -> None:
    if not 0 <= level <= 1:
        raise SdaeError(f"noise_level: a fraction ν of the components lies between 0 and 1, {level} does not")


@dataclass(frozen=True)
class Masking:
    """Masking noise (MN): a component is forced to 0 with probability ν.

    Args:
        level: ν, a fraction between 0 and 1.

    Raises:
        SdaeError: If ν is outside [0, 1].
    """

    level: float

    def __post_init__(self) -> None:
        """Refuse a level that is not a fraction."""
        _require_fraction(self.level)

    def __call__(self, x: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Return x̃ and its mask."""
        corrupted = _uniform(x, generator) < self.level
        return x.masked_fill(corrupted, 0.0), corrupted


@dataclass(frozen=True)
class SaltAndPepper:
    """Salt-and-pepper noise (SP): with probability ν a component becomes the minimum or the maximum, by a fair coin.

    Args:
        level: ν, a fraction between 0 and 1.
        low: The data's minimum possible value.
        high: The data's maximum possible value.

    Raises:
        SdaeError: If ν is outside [0, 1], or the minimum or maximum is infinite.
    """

    level: float
    low: float = 0.0
    high: float = 1.0

    def __post_init__(self) -> None:
        """Refuse a level that is not a fraction, and data without bounds."""
        _require_fraction(self.level)
        if not (math.isfinite(self.low) and math.isfinite(self.high)):
            raise SdaeError("corruption: salt-and-pepper needs data with a minimum and a maximum")

    def __call__(self, x: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Return x̃ and its mask."""
        # One draw serves both choices: given u < ν, the event u < ν/2 is a fair coin.
        u = _uniform(x, generator)
        corrupted = u < self.level
        pepper = u < self.level / 2
        return x.masked_fill(corrupted, self.high).masked_fill_(pepper, self.low), corrupted


@dataclass(frozen=True)
class Gaussian:
    """Additive isotropic Gaussian noise (GS): x̃|x ~ N(x, σ²I); every component counts as corrupted.

    Args:
        level: σ, the standard deviation, in units of x.

    Raises:
        SdaeError: If σ is negative.
    """

    level: float

    def __post_init__(self) -> None:
        """Refuse a negative standard deviation."""
        if not self.level >= 0:
            raise SdaeError(f"noise_level: a standard deviation σ is not negative, {self.level} is")

    def __call__(self, x: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Return x̃ and a mask that is true everywhere."""
        noise = torch.randn(x.shape, generator=generator, device=x.device, dtype=x.dtype)
        everywhere = torch.ones((), dtype=torch.bool, device=x.device).expand_as(x)
        return noise.mul_(self.level).add_(x), everywhere


@dataclass(frozen=True)
class Swap:
    """Swap noise: with probability ν a component takes the value that it has in another example.

    For tables, where 0 is a value like others and masking says nothing: a swapped component is one that occurs, and the
    rest of the example alone tells that it is wrong (M. Jahrer's features for the Porto Seguro competition, 2017). The
    other example is drawn for each component on its own, uniformly from all ``examples``; so with n of them it is the
    same example with probability 1/n.

    Args:
        level: ν, a fraction between 0 and 1.
        examples: The training examples to draw from, (n, d), on the device of the ``x`` that are to be corrupted. None
            until training begins, see :func:`drawing_from`.

    Raises:
        SdaeError: If ν is outside [0, 1].
    """

    level: float
    examples: Tensor | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse a level that is not a fraction."""
        _require_fraction(self.level)

    def __call__(self, x: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Return x̃ and its mask, for x of shape (·, d).

        Raises:
            SdaeError: If there are no examples to draw from.
        """
        if self.examples is None:
            raise SdaeError("corruption: swap draws from training examples, and has been given none")
        corrupted = _uniform(x, generator) < self.level
        rows = torch.randint(len(self.examples), x.shape, generator=generator, device=x.device)
        return torch.where(corrupted, self.examples.gather(0, rows), x), corrupted


def drawing_from(corrupt: Corruption, examples: Tensor | None) -> Corruption:
    """Return a corruption that draws from these examples, (n, d), where it is swap noise; any other as it is.

    Args:
        corrupt: The corruption.
        examples: Clean training examples of the layer that it corrupts the input of; None to let them go.
    """
    return replace(corrupt, examples=examples) if isinstance(corrupt, Swap) else corrupt


def make_corruption(
    name: CorruptionName, level: float, low: float = 0.0, high: float = 1.0, within: str = ""
) -> Corruption:
    """Make a corruption from its name and level ν (for Gaussian noise: σ).

    Args:
        name: ``masking``, ``salt-and-pepper``, ``gaussian`` or ``swap``.
        level: ν or σ.
        low: Minimum of the data, used by salt-and-pepper.
        high: Maximum of the data, used by salt-and-pepper.
        within: What goes before the key that an error names, such as ``pretraining.``.

    Raises:
        SdaeError: If the name is unknown, the level out of range, or salt-and-pepper's data have no bounds.
    """
    try:
        if name == "masking":
            return Masking(level)
        if name == "salt-and-pepper":
            return SaltAndPepper(level, low, high)
        if name == "gaussian":
            return Gaussian(level)
        if name == "swap":
            return Swap(level)
    except SdaeError as error:
        raise SdaeError(f"{within}{error}") from None
    raise SdaeError(f"{within}corruption: masking, salt-and-pepper, gaussian or swap, not {name!r}")
