"""The report as Markdown: ``RESULTS.md``."""

import os
from collections.abc import Iterable
from pathlib import Path

from sdae.formatting import duration, markdown_table, percent
from sdae.paper.published import PublishedCell
from sdae.report.content import Cell, Panel, Picture, Plot, Report, Table
from sdae.results.measurement import Measurement
from sdae.settings.table2 import shown

LEGEND = """\
Test error in percent ± its 95 % interval, 1.96·√(e(1−e)/n) on the test set; on tzanetakis ± the standard deviation over
ten folds. In each cell ours stands above the paper's. Bold: the best of a row, and those whose intervals overlap with
it, as in the paper (in Table 5, of a kernel). ≈: our interval overlaps the paper's; ▲: ours is worse beyond the
intervals; ▼: better. –: not measured here, or not printed there, as for MLP-3, the network at a random start. Settings
were chosen on the validation set, and the test set was looked at once for each choice."""


def markdown(report: Report, beside: Path) -> str:
    """Return the report as Markdown.

    Args:
        report: What to show.
        beside: The folder that the text will lie in, from which pictures are linked.
    """
    named = " ".join(report.paths)
    parts = [
        "# Results",
        f"Made by `python src/cli.py report {named}` of what lies there; not to be edited.",
        LEGEND,
        *(part for table in report.tables for part in _table(table)),
        *(part for plot in report.plots for part in _plot(plot, beside)),
        *(part for picture in report.pictures for part in _picture(picture, beside)),
    ]
    if report.left_aside:
        parts += ["## Left aside", _list(report.left_aside)]
    return "\n\n".join(parts) + "\n"


def _percent(error: float | None, half_width: float | None = None) -> str:
    return percent(error, half_width, unit="")


def _table(table: Table) -> Iterable[str]:
    yield f"## {table.title}"
    yield f"Again: `{table.again}`"
    head = ["problem", *(_column(table, model) for model in table.models)]
    rows = [[problem, *(_cell(table.cells[problem, model]) for model in table.models)] for problem in table.problems]
    yield markdown_table(head, rows)
    if table.orderings:
        yield "The paper's ordering of methods, where its intervals do not overlap:"
        yield _list(f"`{problem}`: {said}" for problem, said in table.orderings.items())
    there = [cell for cell in table.cells.values() if cell.ours]
    if findings := [cell for cell in there if cell.finding]:
        yield "Why some of ours differ:"
        yield _list(f"`{cell.problem}`, {cell.model}: {cell.finding}" for cell in findings)
    if there:
        yield "Where each number comes from:"
        yield markdown_table(
            ["problem", "model", "test", "validation", "data", "trials", "time", "chosen", "seed", "run", "commit"],
            [_source(cell, cell.ours) for cell in there if cell.ours],
        )


def _column(table: Table, model: str) -> str:
    return model.replace(" on layer ", ", ") if table.name == "table5" else model


def _cell(cell: Cell) -> str:
    ours = "–"
    if cell.ours:
        number = _percent(cell.ours.test_error, cell.ours.interval)
        ours = f"**{number}**" if cell.our_best else number
        ours += f" {mark(cell)}".rstrip()
    paper = "–"
    if cell.paper:
        number = _percent(cell.paper.test_error, cell.paper.interval)
        paper = f"**{number}**" if cell.paper_best else number
    return f"{ours}<br>{paper}"


def mark(cell: Cell) -> str:
    """Return how ours compares with the paper's: ≈ where the intervals overlap, ▲ worse, ▼ better; empty if unknown."""
    if cell.ours is None or cell.paper is None:
        return ""
    if cell.overlaps:
        return "≈"
    return "▲" if cell.ours.test_error > cell.paper.test_error else "▼"


def _source(cell: Cell, ours: Measurement) -> list[str]:
    return [
        cell.problem,
        cell.model,
        _percent(ours.test_error, ours.interval),
        _percent(ours.valid_error),
        ours.provenance,
        f"{ours.trials}{'' if ours.source != 'run' else ', by hand'}",
        duration(ours.seconds),
        shown(ours.settings),
        str(ours.seed),
        f"`{ours.folder}`",
        ours.commit or "not recorded",
    ]


def _plot(plot: Plot, beside: Path) -> Iterable[str]:
    yield f"## {plot.title}"
    yield f"Again: `{plot.again}`"
    yield plot.beyond or "The paper prints a picture, and says:\n\n" + _list(plot.claims)
    if not plot.panels:
        yield "Nothing is measured here yet."
    elif plot.drawn:
        yield " ".join(_link(f"{plot.title}; bars: {plot.bars}", file, beside) for file in plot.drawn)
    if plot.numbers:
        yield f"Test error in percent ± {plot.bars}:"
    for rows in (plot.numbers, plot.sources):
        if rows:
            yield markdown_table(rows[0], rows[1:])
    for panel in () if plot.numbers else plot.panels:
        yield from _points(panel)


def _points(panel: Panel) -> Iterable[str]:
    ours = [
        [
            curve.label,
            f"{point.x:g}",
            _percent(point.ours.test_error, point.ours.interval),
            f"`{point.ours.folder}`",
        ]
        for curve in panel.curves
        for point in curve.points
    ]
    printed = {(label, x): cell for label, x, cell in panel.paper}
    rows = [[*row[:3], _paper(printed.get((row[0], float(row[1])))), row[3]] for row in ours]
    yield f"`{panel.problem}`:"
    yield markdown_table(["curve", panel.x_title, "test", "the paper's", "run"], rows)


def _paper(cell: PublishedCell | None) -> str:
    return _percent(cell.test_error, cell.interval) if cell else "–"


def _picture(picture: Picture, beside: Path) -> Iterable[str]:
    if picture.claims or picture.file is None:  # the second picture of a figure has neither
        yield f"## {picture.title}"
        yield f"Again: `{picture.again}`"
        yield "The paper says:\n\n" + _list(picture.claims)
    if picture.file is None:
        yield "Nothing is measured here yet."
        return
    yield _link(picture.title, picture.file, beside)
    if picture.numbers:
        yield markdown_table(picture.numbers[0], picture.numbers[1:])
    yield "Runs: " + "; ".join(picture.traces)


def _link(title: str, file: Path, beside: Path) -> str:
    return f"![{title}]({os.path.relpath(file, beside)})"


def _list(items: Iterable[str]) -> str:
    return "\n".join(f"- {item}" for item in items)
