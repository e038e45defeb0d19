"""The single runs behind Figures 5 to 8 and 15, and the pictures that are drawn of them."""

from dataclasses import dataclass, field
from typing import Any

MINUTE = 60.0


@dataclass(frozen=True)
class Fit:
    """A run: a file of conf/experiment/, and what is changed in it."""

    experiment: str
    name: str
    flags: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Drawing:
    """A picture of some runs.

    Attributes:
        fits: The runs.
        name: Of the file, without its ending.
        drawn: Names of the runs that are drawn.
        options: Of ``filters`` or ``samples``.
    """

    fits: tuple[Fit, ...]
    name: str
    drawn: tuple[str, ...]
    options: dict[str, Any]


def _of_patches(figure: str, *names: str) -> tuple[Drawing, ...]:
    fits = tuple(Fit(f"{figure}-{name}", f"{figure}-{name}") for name in names)
    return (Drawing(fits, figure, tuple(fit.name for fit in fits), {"n": 49}),)


_NOISY = tuple(
    Fit("figure8", f"figure8-nu-{nu:g}", {"pretraining.noise_level": nu}) for nu in (0.0, 0.1, 0.2, 0.25, 0.5)
)
_STACKS = tuple(Fit(f"figure15-{name}", f"figure15-{name}") for name in ("sae", "sdae", "dbn"))

FIGURES: dict[str, tuple[Drawing, ...]] = {
    "figure5": _of_patches("figure5", "under-complete", "over-complete"),
    "figure6": _of_patches("figure6", "weight-decay", "gaussian"),
    "figure7": _of_patches("figure7", "salt-and-pepper", "masking"),
    # Figure 8 (a-c), and (d, e): two units, picked by eye from those that gain most structure.
    "figure8": (
        Drawing(_NOISY, "figure8", tuple(_NOISY[i].name for i in (0, 3, 4)), {"n": 49}),
        Drawing((), "figure8-units", tuple(_NOISY[i].name for i in (0, 1, 2, 4)), {"units": [14, 446]}),
    ),
    "figure15": (Drawing(_STACKS, "figure15", tuple(fit.name for fit in _STACKS), {"judged": 2000}),),
}

# Seconds of all of a figure's runs and pictures by two workers, as they took here; the heads of the configs have each.
SECONDS = {
    "figure5": 4 * MINUTE,
    "figure6": 4 * MINUTE,
    "figure7": 4 * MINUTE,
    "figure8": 20 * MINUTE,
    "figure15": 50 * MINUTE,
}
