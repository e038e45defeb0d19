"""Assembles a report from what was found."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from sdae.paper.layout import TITLES
from sdae.report.cells import fill_table
from sdae.report.content import Report
from sdae.report.gather import Found
from sdae.report.pictures import lay_out_pictures
from sdae.report.plots import lay_out_plots


def assemble(found: Found, paths: Sequence[Path], made: date) -> Report:
    """Put every measurement in its place.

    Args:
        found: What was found.
        paths: The folders searched.
        made: The date.

    Raises:
        SdaeError: If the numbers beside a picture cannot be read.
    """
    return Report(
        tables=tuple(fill_table(name, found.measurements, found.findings) for name in TITLES),
        plots=lay_out_plots(found.measurements),
        pictures=lay_out_pictures(found.pictures),
        paths=tuple(map(str, paths)),
        made=made.isoformat(),
        left_aside=tuple(found.left_aside),
    )
