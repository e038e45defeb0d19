"""The search for the C and γ of a support vector machine, coarse to fine (section 6.6; footnote 12).

The authors tuned both "semi-automatically (i.e., by human guided grid-search), searching for the best performer on the
validation set". Here the guide is a rule: the combinations of a coarse grid of decades are measured, then half a decade
in every direction around the best one, until the best lies in the middle. For the linear kernel the coarse grid ends
after two successive values of C with a higher error than the best: where the classes are not linearly separable, the
training time rises in proportion to C, and C = 1,000 can take hours.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal, NamedTuple

from sdae.errors import SdaeError

Kernel = Literal["linear", "rbf"]

STEP = 10**0.5  # of the fine search: half a decade
REACH = 1000.1  # three decades, the limit of the fine search beyond the edges of the coarse grid
PATIENCE = 2  # successive values of C with a higher error, after which the linear kernel's grid ends


class Candidate(NamedTuple):
    """An SVM that is considered.

    Attributes:
        kernel: linear, x·y, or rbf, exp(−γ‖x − y‖²).
        C: Weight of the margin's violations.
        gamma: γ, in units of the data; None for the linear kernel, which has none.
    """

    kernel: Kernel
    C: float
    gamma: float | None = None


@dataclass(frozen=True)
class Grid:
    """The coarse grid of a search.

    Args:
        C: Values of C.
        gamma: Values of γ, as multiples of 1 / (d · variance); see :attr:`sdae.evaluation.svm.features.Features.unit`.
        fine: Whether to refine around the best in half decades; else only the grid is measured.

    Raises:
        SdaeError: If a list is empty, or a value is not a positive, finite number.
    """

    C: tuple[float, ...] = (0.01, 0.1, 1.0, 10.0, 100.0, 1000.0)
    gamma: tuple[float, ...] = (0.01, 0.1, 1.0, 10.0)
    fine: bool = True

    def __post_init__(self) -> None:
        for name, values in (("C", self.C), ("gamma", self.gamma)):
            if not values:
                raise SdaeError(f"{name}: at least one value")
            for value in values:
                if not 1e-9 <= value <= 1e9:  # false for NaN
                    raise SdaeError(f"{name} {value:g}: a positive number between 1e-9 and 1e9")

    def cells(self, kernel: Kernel, unit: float) -> list[Candidate]:
        """Return the coarse grid, the values of C for one γ after those for another."""
        if kernel == "linear":
            return [Candidate(kernel, legible(C)) for C in sorted(set(self.C))]
        gammas = [legible(multiple * unit) for multiple in sorted(set(self.gamma))]
        return [Candidate(kernel, legible(C), gamma) for gamma, C in product(gammas, sorted(set(self.C)))]


def search(
    kernel: Kernel, grid: Grid, unit: float, wrong: Callable[[Sequence[Candidate]], Mapping[Candidate, int]]
) -> Candidate:
    """Choose C, and γ for the RBF kernel, by the number of misclassified validation examples.

    Between equals the smaller C is taken, then the smaller γ: the smoother decision function.

    Args:
        kernel: The kernel.
        grid: The coarse grid.
        unit: γ's unit, 1 / (d · variance).
        wrong: Trains candidates, any number at once, and counts the validation examples that each misclassifies.

    Returns:
        The candidate with the fewest.
    """
    cells = grid.cells(kernel, unit)
    known = _ascending(cells, wrong) if kernel == "linear" else dict(wrong(cells))

    def best() -> Candidate:
        return min(known, key=lambda cell: (known[cell], cell.C, cell.gamma or 0.0))

    origin = middle = best()
    place = (0, 0)
    while grid.fine:
        near = {step: cell for step in _around(place) if _within(cells, cell := _moved(origin, *step))}
        known |= wrong(sorted({*near.values()} - {*known}, key=lambda cell: (cell.gamma or 0.0, cell.C)))
        if best() == middle:
            break
        middle = best()
        place = next(step for step, cell in near.items() if cell == middle)
    return best()


def _ascending(
    cells: Sequence[Candidate], wrong: Callable[[Sequence[Candidate]], Mapping[Candidate, int]]
) -> dict[Candidate, int]:
    """Measure candidates in the order of C, until ``PATIENCE`` successive ones have more errors than the best."""
    known = dict(wrong(cells[: PATIENCE + 1]))
    for i, cell in enumerate(cells[PATIENCE + 1 :], start=PATIENCE + 1):
        if min(known[last] for last in cells[i - PATIENCE : i]) > min(known.values()):
            break
        known |= wrong([cell])
    return known


def _around(place: tuple[int, int]) -> list[tuple[int, int]]:
    return [(place[0] + i, place[1] + j) for i, j in product((-1, 0, 1), repeat=2)]


def _moved(origin: Candidate, i: int, j: int) -> Candidate:
    """Return the candidate i half decades of C and j of γ away, always counted from one origin, so that none drifts."""
    gamma = None if origin.gamma is None else legible(origin.gamma * STEP**j)
    return Candidate(origin.kernel, legible(origin.C * STEP**i), gamma)


def _within(cells: Sequence[Candidate], cell: Candidate) -> bool:
    """Return whether a candidate lies on the coarse grid, or at most three decades beyond its edges."""
    costs, gammas = [other.C for other in cells], [other.gamma or 1.0 for other in cells]
    return all(
        min(values) / REACH <= value <= max(values) * REACH
        for values, value in ((costs, cell.C), (gammas, cell.gamma or 1.0))
    )


def legible(value: float) -> float:
    """Round to five digits, so that a value copied from a table gives the same SVM."""
    return float(f"{value:.5g}")
