"""The report as Markdown."""

import re
from dataclasses import replace

import pytest

from made import example, measured
from sdae.report.cells import fill_table
from sdae.report.markdown import mark, markdown


@pytest.fixture
def text(tmp_path):
    return markdown(example(tmp_path), tmp_path)


def test_every_row_has_the_columns_of_its_head(text):
    grids = re.findall(r"(?:^\|.*\n)+", text, flags=re.MULTILINE)
    assert len(grids) > 5
    for grid in grids:
        assert len({line.count(" | ") for line in grid.splitlines()}) == 1, grid


def test_ours_stands_above_the_papers(text):
    [rect] = [line for line in text.splitlines() if line.startswith("| rect |") and line.count("<br>") == 6]
    assert rect.split(" | ")[6] == "**2.00 ± 0.12** ≈<br>**1.99 ± 0.12** |"
    assert rect.split(" | ")[2] == "–<br>–"  # MLP-3: neither
    assert "`rot`, SDAE-3: other data" in text


def test_pictures_are_linked_from_where_the_text_lies(tmp_path):
    report = example(tmp_path)
    assert "](figure8.png)" in markdown(report, tmp_path)
    assert f"](../{tmp_path.name}/figure8.png)" in markdown(report, tmp_path.parent / "elsewhere")


def test_marks_say_better_and_worse():
    def its(error):
        return mark(fill_table("table3", [measured(test_error=error)], {}).cells["rect", "SDAE-3"])

    assert (its(0.0199), its(0.0223), its(0.0224), its(0.01)) == ("≈", "≈", "▲", "▼")  # 1.99 + 0.12 + 0.123 = 2.233
    cell = fill_table("table3", [measured()], {}).cells["rect", "SDAE-3"]
    assert mark(replace(cell, paper=None)) == ""
