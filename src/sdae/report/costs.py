"""Machine time of each table's numbers, and an estimate for every combination of Table 2's values."""

import math
from collections.abc import Iterable, Sequence

from sdae.report.content import Cost, Table
from sdae.results.measurement import Measurement
from sdae.settings.table2 import EMPHASIS_LABEL, TABLE_2


def costs(tables: Sequence[Table]) -> tuple[Cost, ...]:
    """Add up trials and machine time, a table each; a number that stands in two tables counts in the first."""
    seen: set[int] = set()
    found = []
    for table in tables:
        there = [cell.ours for cell in table.cells.values() if cell.ours is not None]
        new = [one for one in there if id(one) not in seen]
        seen |= {id(one) for one in new}
        found.append(
            Cost(
                table.title.partition(":")[0],
                len(there),
                len(table.cells),
                sum(one.trials for one in new),
                sum(one.seconds for one in new),
                _whole(new),
            )
        )
    return tuple(found)


def _whole(measured: Iterable[Measurement]) -> float | None:
    """Return the seconds of every combination of Table 2's values, at the time per trial here; None without a study."""
    studies = [one for one in measured if one.source == "study"]
    return sum(one.seconds / one.trials * combinations(one) for one in studies) if studies else None


def combinations(measured: Measurement) -> int:
    """Return how many combinations Table 2 has of the settings of a network with as many hidden layers."""
    settings = ["emphasis" if name == EMPHASIS_LABEL else name for name in measured.settings]
    names = [name for name in settings if name in TABLE_2 and name != "nHLay"]
    return math.prod(len([value for value in TABLE_2[name] if value or name not in ("ν", "σ")]) for name in names)
