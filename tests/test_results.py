"""RESULTS.md and what lies under results/: not stale, and every number leads back to what made it."""

import json
import re
from datetime import date
from pathlib import Path

import pytest

from sdae.formatting import percent
from sdae.report.assembly import assemble
from sdae.report.gather import gather
from sdae.report.keeping import LARGEST
from sdae.report.markdown import markdown

TOP = Path(__file__).parents[1]
RESULTS = Path("results")


@pytest.fixture
def found(monkeypatch):
    monkeypatch.chdir(TOP)
    return gather([RESULTS])


def test_results_md_is_not_stale(found):
    report = assemble(found, [RESULTS], date.today())
    assert (TOP / "RESULTS.md").read_text(encoding="utf-8") == markdown(report, Path("RESULTS.md"))


def test_every_number_leads_back_to_a_run_a_configuration_and_a_commit(found):
    assert found.measurements
    for one in found.measurements:
        assert re.fullmatch(r"[0-9a-f]{12}", one.commit or ""), one.folder  # without a +: nothing was changed
        folder = TOP / one.folder
        if one.source == "svm":
            assert (folder / "svm.json").is_file()
            continue
        assert len(one.runs) in (0, one.folds)
        for run in [folder / run for run in one.runs] or [folder]:
            assert (run / "config.yaml").is_file()
            assert json.loads((run / "result.json").read_text(encoding="utf-8"))["test_error"] is not None


def test_means_over_draws_lead_back_to_their_studies_and_a_commit(found):
    for one in found.few_labels:
        assert all(re.fullmatch(r"[0-9a-f]{12}", commit) for commit in (one.commit or "").split("; ")), one.model
        assert (TOP / one.folder / "studies.json").is_file()
        assert (TOP / one.command.split()[-1]).is_file()


def test_plots_that_are_kept_are_of_these_numbers(found):
    """Vega names every point in its drawing: python src/cli.py report results --keep results draws them again."""
    for plot in assemble(found, [RESULTS], date.today()).plots:
        assert not plot.drawn or len(plot.drawn) == len(plot.panels)
        for panel, file in zip(plot.panels, plot.drawn, strict=False):
            text = (TOP / file).read_text(encoding="utf-8")
            for curve in panel.curves:
                for point in curve.points:
                    assert f"test error: {percent(point.ours.test_error, point.ours.interval)}" in text, file


def test_what_is_kept_is_small(found):
    files = [file for file in (TOP / RESULTS).rglob("*") if file.is_file()]
    assert {file.suffix for file in files} <= {".json", ".csv", ".yaml", ".png", ".svg"}
    assert all(file.stat().st_size <= LARGEST for file in files if file.suffix in (".png", ".svg"))


def test_the_readme_says_the_same(found):
    report = assemble(found, [RESULTS], date.today())
    lines = (TOP / "README.md").read_text(encoding="utf-8").splitlines()
    rows = {
        line.split("|")[1].split(",")[0].strip(): line for line in lines if line.startswith("| ") and "<br>" in line
    }
    table3 = report.tables[0]
    for problem in table3.problems:
        its = [cell.ours for model in table3.models if (cell := table3.cells[problem, model]).ours]
        for ours in its:
            assert f"{100 * ours.test_error:.2f}" in rows[problem]
