"""Machine time of each table's numbers, and an estimate for every combination of Table 2's values."""

import math
from collections.abc import Iterable, Sequence

from sdae.report.content import Cost, Table
from sdae.results.measurement import Measurement
from sdae.settings.table2 import TABLE_2


def costs(tables: Sequence[Table]) -> tuple[Cost, ...]:
    """Add up trials and machine time, a table each, of its numbers and of the networks of its SVMs.

    What belongs to two tables counts in the first.
    """
    seen: list[Measurement] = []
    found = []
    for table in tables:
        there = [cell.ours for cell in table.cells.values() if cell.ours is not None]
        new: list[Measurement] = []
        for result in [*there, *(result.stack for result in there if result.stack is not None)]:
            if not any(map(result.same_result, [*seen, *new])):
                new.append(result)
        seen += new
        found.append(
            Cost(
                table.title.partition(":")[0],
                len(there),
                len(table.cells),
                sum(result.trials for result in new),
                sum(result.seconds for result in new),
                _whole(new),
            )
        )
    return tuple(found)


def _whole(measured: Iterable[Measurement]) -> float | None:
    """Return the seconds of every combination of Table 2's values, at the time per trial here; None without a study."""
    studies = [result for result in measured if result.source == "study"]
    return (
        sum(result.seconds / result.trials * combinations(result) * (result.folds or 1) for result in studies)
        if studies
        else None
    )


def combinations(measured: Measurement) -> int:
    """Return how many combinations Table 2 has of the settings of a study, for as many hidden layers, at its point."""
    names = [name for name in measured.axes if name in TABLE_2 and name not in ("nHLay", *measured.point)]
    return math.prod(len([value for value in TABLE_2[name] if value or name not in ("ν", "σ")]) for name in names)
