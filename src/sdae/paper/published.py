"""The paper's own numbers (Tables 3 to 5), to set beside ours."""

import csv
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sdae.formatting import percent


@dataclass(frozen=True)
class PublishedCell:
    """One cell of the paper's Tables 3 to 5.

    Attributes:
        table: ``table3``, ``table4`` or ``table5``.
        model: Its row or column, as printed.
        test_error: A fraction.
        interval: Half width of the 95 % interval, a fraction; for tzanetakis the standard deviation over ten folds.
        noise_level: The choice of the authors' model selection, as printed: a percentage, or σ; or empty.
    """

    table: str
    model: str
    test_error: float
    interval: float
    noise_level: str = ""

    @property
    def kept(self) -> dict[str, Any]:
        """The cell as plain values: what ``result.json``, ``svm.json`` and ``results.json`` have as ``published``."""
        return {name: value for name, value in asdict(self).items() if value != ""}

    @property
    def shown(self) -> str:
        """The cell as the paper prints it."""
        return percent(self.test_error, self.interval)


def shown_beside(kept: Mapping[str, Any] | None, provenance: str | None = None) -> str:
    """Return the text beside a measured result, from its plain values; a remark if the paper has no cell.

    Args:
        kept: The cell's plain values; None if there is none.
        provenance: Of the result's data; beside local data, which the paper cannot have, stands a dash.
    """
    if provenance == "local":
        return "–"
    return PublishedCell(**kept).shown if kept else "not reported"


@cache
def _cells() -> dict[tuple[str, str], PublishedCell]:
    with (Path(__file__).parent / "published.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    # Table 4 repeats the cells of Table 3, so the first occurrence is the one to cite.
    return {
        (row["problem"], row["model"]): PublishedCell(
            row["table"],
            row["model"],
            round(float(row["test_error_percent"]) / 100, 6),
            round(float(row["interval_percent"]) / 100, 6),
            row["noise_level"],
        )
        for row in reversed(rows)
    }


def published(problem: str, model: str) -> PublishedCell | None:
    """Return the paper's cell for a problem and a model, named as in its tables, or None where it prints none."""
    return _cells().get((problem, model))


def published_model(method: str, problem: str, corruption: str, emphasised: bool) -> str:
    """Return the name that a method's row has in Tables 3 and 4.

    Args:
        method: For example ``SDAE-3``; what follows a space is no part of a row's name, and comes last.
        problem: Table 1's short name.
        corruption: Kind of noise.
        emphasised: Whether (α, β) is not (1, 1).
    """
    if not method.startswith("SDAE"):
        return method
    # Table 3 used masking noise, but for tzanetakis Gaussian (section 6.2).
    usual = corruption == ("gaussian" if problem == "tzanetakis" else "masking")
    if usual and not emphasised:
        return method
    network, space, remark = method.partition(" ")
    return f"{network} {corruption}{' emphasized' if emphasised else ''}{space}{remark}"
