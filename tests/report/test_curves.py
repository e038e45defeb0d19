"""What is drawn of a panel."""

import json
from dataclasses import replace

import pytest

from made import example
from sdae.report.curves import OURS, PAPERS, specification


@pytest.fixture
def example_report(tmp_path):
    return example(tmp_path)


@pytest.fixture
def figure13(example_report):
    [plot] = [plot for plot in example_report.plots if plot.name == "figure13"]
    return specification(plot.panels[0])


def test_errors_and_intervals_are_in_percent(figure13):
    values = figure13["data"]["values"]
    [second] = [v for v in values if v["curve"] == "SVM-rbf" and v["whose"] == OURS and v["x"] == 2]
    assert (second["error"], second["low"], second["high"]) == (2.0, 1.877, 2.123)  # ± 0.123
    [printed] = [v for v in values if v["curve"] == "SVM-rbf" and v["whose"] == PAPERS and v["x"] == 2]
    assert (printed["error"], printed["low"], printed["high"]) == (1.46, 1.35, 1.57)  # Table 5: 1.46 ± 0.11


def test_vega_draws_every_mark(figure13):
    vl_convert = pytest.importorskip("vl_convert", reason="no Vega: pip install -e '.[report]'")
    drawn = vl_convert.vegalite_to_svg(json.dumps({**figure13, "width": 300}))
    values = figure13["data"]["values"]
    for mark in ("point", "rule mark"):
        assert drawn.count(f'aria-roledescription="{mark}"') == len(values)
    assert "test error, %" in drawn


def test_every_curve_has_a_colour_of_its_own(figure13):
    scale = figure13["encoding"]["color"]["scale"]
    assert len(set(scale["range"])) == len(scale["domain"]) == 3  # RBF, linear (the paper's alone), fine-tuned


def test_a_name_has_one_colour_in_all_panels_of_a_figure(example_report):
    [plot] = [plot for plot in example_report.plots if plot.name == "figure13"]
    whole = plot.panels[0]
    fewer = replace(whole, curves=whole.curves[1:], paper=())
    first, second = [
        dict(zip(scale["domain"], scale["range"], strict=True))
        for panel in (whole, fewer)
        for scale in [specification(panel, [whole, fewer])["encoding"]["color"]["scale"]]
    ]
    assert second == {"SDAE-3, fine-tuned": first["SDAE-3, fine-tuned"]}


def test_panels_of_one_problem_have_one_scale_of_errors(example_report):
    [plot] = [plot for plot in example_report.plots if plot.name == "figure13"]
    whole = plot.panels[0]
    fewer = replace(whole, curves=whole.curves[1:], paper=())
    other = replace(fewer, problem="another")
    scales = [
        specification(panel, [whole, fewer, other])["layer"][0]["encoding"]["y"]["scale"]
        for panel in (whole, fewer, other)
    ]
    values = specification(whole)["data"]["values"]
    assert scales[0]["domain"] == [min(v["low"] for v in values), max(v["high"] for v in values)]
    assert scales[1] == scales[0]
    assert "domain" not in scales[2]
