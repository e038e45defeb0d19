"""Assembles a report from what was found."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from sdae.paper.layout import TITLES
from sdae.report.ablation import ablation
from sdae.report.cells import fill_table
from sdae.report.content import Report
from sdae.report.costs import costs
from sdae.report.few_labels import lay_out_few_labels
from sdae.report.fine_tuned import after_fine_tuning
from sdae.report.gather import Found
from sdae.report.pictures import lay_out_pictures
from sdae.report.plots import lay_out_plots
from sdae.report.verdicts import verdicts


def assemble(found: Found, paths: Sequence[Path], made: date) -> Report:
    """Put every measurement in its place.

    Args:
        found: What was found.
        paths: The folders searched.
        made: The date.

    Raises:
        SdaeError: If the numbers beside a picture cannot be read.
    """
    tables = tuple(fill_table(name, found.measurements, found.findings) for name in TITLES)
    curves = lay_out_plots(found.measurements)
    comparisons = (
        after_fine_tuning(tables[-1], found.measurements),
        ablation(found.studies, found.measurements),
    )
    return Report(
        tables=tables,
        plots=tuple(
            replace(plot, drawn=tuple(found.drawings.get(plot.name, ())), note=found.findings.get(plot.name, ""))
            for plot in (*curves, *lay_out_few_labels(found.few_labels))
        ),
        verdicts=verdicts(tables, curves),
        costs=costs(tables),
        pictures=lay_out_pictures(found.pictures),
        paths=tuple(map(str, paths)),
        made=made.isoformat(),
        comparisons=tuple(filter(None, comparisons)),
        left_aside=tuple(found.left_aside),
    )
