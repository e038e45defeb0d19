"""Errors, durations and tables as a person reads them."""

import pytest

from sdae.formatting import duration, markdown_table, percent, table


def test_errors_are_percentages_on_screen():
    assert percent(0.0284, 0.00146) == "2.84 ± 0.15 %"
    assert percent(0.5) == "50.00 %"
    assert percent(0.0284, 0.00146, "") == "2.84 ± 0.15"
    assert percent(None) == percent(None, 0.1) == "–"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.4, "0 s"), (59.4, "59 s"), (59.6, "1 min 00 s"), (3599, "59 min 59 s"), (7384, "2 h 03 min")],
)
def test_seconds_as_a_person_says_them(seconds, said):
    assert duration(seconds) == said


def test_columns_are_aligned():
    lines = table(["a", "long head"], [["wide cell", "b"]]).splitlines()
    assert lines == ["a          long head", "─────────  ─────────", "wide cell  b"]


def test_a_table_in_markdown():
    assert markdown_table(["a", "b"], [["1", "2"]]) == "| a | b |\n| --- | --- |\n| 1 | 2 |"
