"""The plot of few labels, its tables, and where they stand."""

from datetime import date

import pytest

from made import FEW_LABELS, write_draws, write_run
from sdae.report.assembly import assemble
from sdae.report.curves import specification
from sdae.report.gather import gather
from sdae.report.markdown import markdown
from sdae.report.page import page


@pytest.fixture
def report(tmp_path):
    write_draws(tmp_path / "few-labels", FEW_LABELS)
    (tmp_path / "few-labels-1.svg").touch()
    return assemble(gather([tmp_path]), [tmp_path], date(2026, 11, 25))


@pytest.fixture
def plot(report):
    [plot] = [plot for plot in report.plots if plot.name == "few-labels"]
    return plot


def test_a_curve_for_each_method_over_the_number_of_labels(plot):
    [panel] = plot.panels
    assert [curve.label for curve in panel.curves] == ["MLP-3", "SDAE-3"]  # the random start first
    places = [(point.x, point.ours.test_error, point.ours.interval) for point in panel.curves[1].points]
    assert places == [(100, pytest.approx(0.1), pytest.approx(0.02)), (300, pytest.approx(0.06), pytest.approx(0.01))]
    assert panel.paper == ()


def test_the_axis_is_logarithmic_and_names_the_numbers_that_were_measured(plot):
    x = specification(plot.panels[0])["encoding"]["x"]
    assert x["scale"]["type"] == "log"
    assert x["scale"]["domain"][0] > 0
    assert x["axis"]["values"] == [100, 300]


def test_bars_are_deviations(plot):
    [value] = [v for v in specification(plot.panels[0])["data"]["values"] if (v["curve"], v["x"]) == ("MLP-3", 100)]
    assert (value["error"], value["low"], value["high"]) == (22.0, 20.0, 24.0)


def test_the_markdown_has_the_picture_and_a_row_for_each_method(report, tmp_path):
    text = markdown(report, tmp_path / "RESULTS.md")
    section = text[text.index("## Few labels") : text.index("## Figure 5")]
    assert "Not in the paper." in section
    assert "](few-labels-1.svg)" in section
    assert "| problem | method | 100 labels | 300 labels |" in section
    assert "| rect | SDAE-3 | 10.00 ± 2.00 | 6.00 ± 1.00 |" in section
    assert "| rect | MLP-3 | original | 3 | 1 | 6 min 00 s |" in section
    assert "The paper shows a plot" not in section


def test_the_page_has_it_too(report):
    pytest.importorskip("vl_convert", reason="no Vega: pip install -e '.[report]'")
    text = page(report)
    section = text[text.index('<section id="few-labels">') : text.index('<section id="figure5">')]
    assert "Not in the paper." in section
    assert "<td>10.00 ± 2.00</td>" in section
    assert "the paper’s values" not in section
    assert '<a href="#few-labels">Few labels</a>' in text


def test_tables_3_to_5_have_none_of_it(report):
    assert not any(cell.ours for table in report.tables for cell in table.cells.values())


def test_without_such_studies_there_is_no_section(tmp_path):
    write_run(tmp_path / "a", labels=100)
    shown = assemble(gather([tmp_path]), [tmp_path], date(2026, 11, 25))
    assert "few-labels" not in [plot.name for plot in shown.plots]
    assert "Few labels" not in markdown(shown, tmp_path / "RESULTS.md")
