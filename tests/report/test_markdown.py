"""The report as Markdown."""

import re

import pytest

from made import example
from sdae.report.markdown import markdown


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
