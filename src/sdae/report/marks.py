"""Which numbers of a table are best, which overlap, and whether the paper's ordering holds."""

from collections.abc import Mapping
from itertools import combinations
from typing import NamedTuple

from sdae.formatting import percent
from sdae.paper.published import PublishedCell
from sdae.report.content import Cell
from sdae.results.measurement import Measurement

Number = Measurement | PublishedCell  # ours, or the paper's


class Error(NamedTuple):
    """A test error and the half width of its interval, fractions."""

    error: float
    interval: float


def overlap(first: Error, second: Error) -> bool:
    """Whether two intervals have a point in common."""
    return abs(first.error - second.error) <= first.interval + second.interval


def best_models(errors: Mapping[str, Error]) -> set[str]:
    """Return the names that the paper's tables print in bold: the best, and those whose intervals overlap with it."""
    if not errors:
        return set()
    lowest = min(errors.values())
    return {name for name, error in errors.items() if overlap(error, lowest)}


def ordering(ours: Mapping[str, Error], paper: Mapping[str, Error]) -> str | None:
    """Describe in words whether the differences that the paper found hold here.

    A difference counts where the intervals of two models do not overlap.

    Args:
        ours: By model.
        paper: By model.

    Returns:
        None where the paper has no such difference between two models that are measured here.
    """
    held, lost, turned = 0, [], []
    for pair in combinations([model for model in paper if model in ours], 2):
        if overlap(paper[pair[0]], paper[pair[1]]):
            continue
        better, worse = sorted(pair, key=lambda model: paper[model])
        if overlap(ours[better], ours[worse]):
            lost.append(f"{better} and {worse}")
        elif ours[better] < ours[worse]:
            held += 1
        else:
            turned.append(f"{worse} is better than {better}")
    n = held + len(lost) + len(turned)
    if n == 0:
        return None
    parts = [f"{held} of the paper's {n} differences hold here"]
    parts += [f"reversed: {', '.join(turned)}"] if turned else []
    parts += [f"undecided here: {', '.join(lost)}"] if lost else []
    return "; ".join(parts)


def error_of(number: Number) -> Error:
    """Return a number's error and interval."""
    return Error(number.test_error, number.interval)


def shown_in_a_table(number: Number | None, best: bool = False) -> str:
    """Show a number as a table's cell does, in percent without the unit, bold where it is best; a dash for none."""
    if number is None:
        return "–"
    text = percent(number.test_error, number.interval, unit="")
    return f"**{text}**" if best else text


def mark(cell: Cell) -> str:
    """Return how our value compares with the paper's: ≈ intervals overlap, ▲ worse, ▼ better; empty if unknown."""
    if cell.ours is None or cell.paper is None:
        return ""
    if cell.overlaps:
        return "≈"
    return "▲" if cell.ours.test_error > cell.paper.test_error else "▼"
