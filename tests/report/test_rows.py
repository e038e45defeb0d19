"""The cells of a report as CSV."""

import csv
import io

from made import example
from sdae.report.rows import HEAD, as_csv


def test_every_cell_is_a_row_whether_it_is_measured_or_not(tmp_path):
    report = example(tmp_path)
    head, *rows = csv.reader(io.StringIO(as_csv(report)))
    assert tuple(head) == HEAD
    assert len(rows) == sum(len(table.cells) for table in report.tables)
    assert {len(row) for row in rows} == {len(HEAD)}
    by_cell = {tuple(row[:3]): dict(zip(head, row, strict=True)) for row in rows}
    ours = by_cell["table3", "rect", "SDAE-3"]
    assert (ours["test_error_percent"], ours["interval_percent"], ours["paper_percent"]) == ("2.00", "0.12", "1.99")
    missing = by_cell["table3", "mnist", "DBN-3"]
    assert (missing["test_error_percent"], missing["run"]) == ("", "")
    assert missing["paper_percent"]
