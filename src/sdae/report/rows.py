"""The cells of a report as rows, for a spreadsheet or a program."""

import csv
import io

from sdae.report.content import Cell, Report, Table
from sdae.settings.table2 import shown

HEAD = (
    "table",
    "problem",
    "model",
    "test_error_percent",
    "interval_percent",
    "best",
    "paper_percent",
    "paper_interval_percent",
    "paper_best",
    "intervals_overlap",
    "valid_error_percent",
    "data",
    "trials",
    "seconds",
    "settings",
    "seed",
    "commit",
    "run",
    "command",
)


def as_csv(report: Report) -> str:
    """Return every cell of Tables 3 to 5 as CSV, errors in percent; what is missing is empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEAD)
    for table in report.tables:
        writer.writerows(_row(table, cell) for cell in table.cells.values())
    return text.getvalue()


def _row(table: Table, cell: Cell) -> list[object]:
    ours, paper = cell.ours, cell.paper
    known = [table.name, cell.problem, cell.model]
    printed = [_percent(paper.test_error), _percent(paper.interval), cell.paper_best] if paper else ["", "", ""]
    if ours is None:
        return [*known, "", "", "", *printed, *[""] * (len(HEAD) - len(known) - 6)]
    return [
        *known,
        _percent(ours.test_error),
        _percent(ours.interval),
        cell.our_best,
        *printed,
        "" if cell.overlaps is None else cell.overlaps,
        _percent(ours.valid_error),
        ours.provenance,
        ours.trials,
        round(ours.seconds),
        shown(ours.settings),
        ours.seed,
        ours.commit or "",
        ours.folder,
        ours.command,
    ]


def _percent(error: float | None) -> str:
    return "" if error is None else f"{100 * error:.2f}"
