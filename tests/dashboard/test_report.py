"""The report on W&B: ours beside the paper's."""

import pytest

pytest.importorskip("wandb_workspaces")

from sdae.dashboard.compared import Compared, of_project
from sdae.dashboard.report import build_report, errors_table

ROW = {
    "problem": "rect",
    "method": "SDAE-3",
    "hyperparameters": [{"nHUnit": 1000, "ν": 0.1}],
    "valid_error": 0.015,
    "test_error": 0.02,
    "test_interval": 0.001,
    "published": {"table": "table3", "model": "SDAE-3", "test_error": 0.0199, "interval": 0.0012},
    "provenance": "original",
    "note": None,
    "trials": {"complete": 3, "pruned": 1, "failed": 0},
}


def test_the_table_has_each_error_beside_the_papers():
    [_, _, line] = errors_table([ROW]).splitlines()
    assert "| nHUnit 1000, ν 0.1 | 1.50 % | 2.00 ± 0.10 % | 1.99 ± 0.12 % | original |" in line
    assert "3 done, 1 pruned, 0 failed" in line
    assert "one for each of 2 folds" in errors_table([{**ROW, "hyperparameters": [{"ν": 0.1}, {"ν": 0.2}]}])
    assert "not yet" in errors_table([{**ROW, "hyperparameters": [None]}])


def test_a_report_is_built_without_a_login():
    report = build_report(of_project(), "", "sdae")
    assert report.title == Compared(None).title
    assert len(report.blocks) > 5
