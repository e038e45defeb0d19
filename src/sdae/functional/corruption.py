"""The corruption processes q_D(x̃|x) of section 3.3.

Each is called with clean components ``x`` of any shape and a generator on the same device, and returns the corrupted
x̃ and the mask of the components that were corrupted, J(x̃) of section 3.4. Noise is drawn afresh at every call, and
nothing is rescaled.

The paper speaks of "a fraction ν of the elements"; its authors' tutorial code draws each component independently
with probability ν, and so does this.
"""

import math
from dataclasses import dataclass
from typing import Literal, Protocol

import torch
from torch import Tensor

from sdae.errors import SdaeError

CorruptionName = Literal["masking", "salt-and-pepper", "gaussian"]


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


def make_corruption(
    name: CorruptionName, level: float, low: float = 0.0, high: float = 1.0, within: str = ""
) -> Corruption:
    """Make a corruption from its name and level ν (for Gaussian noise: σ).

    Args:
        name: ``masking``, ``salt-and-pepper`` or ``gaussian``.
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
    except SdaeError as error:
        raise SdaeError(f"{within}{error}") from None
    raise SdaeError(f"{within}corruption: masking, salt-and-pepper or gaussian, not {name!r}")
