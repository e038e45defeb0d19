"""Puts a report together of what was found."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from sdae.paper.layout import TITLES
from sdae.report.cells import table
from sdae.report.content import Report
from sdae.report.few_labels import few_labels
from sdae.report.gather import Found
from sdae.report.pictures import pictures
from sdae.report.plots import plots


def assemble(found: Found, paths: Sequence[Path], made: date) -> Report:
    """Put every measurement in its place.

    Args:
        found: What was found.
        paths: Where was looked.
        made: The day.

    Raises:
        SdaeError: If the numbers beside a picture cannot be read.
    """
    return Report(
        tables=tuple(table(name, found.measurements, found.findings) for name in TITLES),
        plots=tuple(
            replace(plot, drawn=tuple(found.drawings.get(plot.name, ())))
            for plot in (*plots(found.measurements), *few_labels(found.few_labels))
        ),
        pictures=pictures(found.pictures),
        paths=tuple(map(str, paths)),
        made=made.isoformat(),
        left_aside=tuple(found.left_aside),
    )
