"""Plots as files."""

import re

import pytest

from made import example
from sdae.report.drawing import write_svgs

pytest.importorskip("vl_convert", reason="no Vega: pip install -e '.[report]'")


def test_every_panel_is_an_svg_with_its_numbers(tmp_path):
    plots = example(tmp_path).plots
    written = write_svgs(plots, tmp_path)
    assert [file.name for file in written] == [
        f"{plot.name}-{number}.svg" for plot in plots for number in range(1, len(plot.panels) + 1)
    ]
    assert "figure13-1.svg" in [file.name for file in written]
    text = (tmp_path / "figure13-1.svg").read_text()
    assert "test error: 2.00 ± 0.12" in text
    assert re.search(r'<rect [^>]*fill="white"', text)


def test_what_was_drawn_before_is_replaced(tmp_path):
    (tmp_path / "figure13-7.svg").touch()
    (tmp_path / "figure13-mine.svg").touch()
    write_svgs(example(tmp_path).plots, tmp_path)
    assert sorted(file.name for file in tmp_path.glob("figure13*")) == ["figure13-1.svg", "figure13-mine.svg"]
