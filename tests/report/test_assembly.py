"""A report has every table and figure, measured or not."""

from datetime import date
from pathlib import Path

from made import measured
from sdae.report.assembly import assemble
from sdae.report.gather import Found


def test_a_report_has_every_table_and_figure():
    report = assemble(Found(measurements=[measured()], left_aside=["x"]), [Path("runs")], date(2026, 11, 25))
    assert [table.name for table in report.tables] == ["table3", "table4", "table5"]
    assert [plot.name for plot in report.plots][:4] == ["figure10", "figure11", "figure12", "figure13"]
    assert {picture.name for picture in report.pictures} >= {"figure5", "figure8", "figure15"}
    assert report.tables[0].cells["rect", "SDAE-3"].ours == measured()
    assert (report.paths, report.made, report.left_aside) == (("runs",), "2026-11-25", ("x",))
