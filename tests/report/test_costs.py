"""What the numbers of a table took."""

from datetime import date
from pathlib import Path

import pytest

from made import measured
from sdae.report.assembly import assemble
from sdae.report.costs import combinations
from sdae.report.gather import Found


def test_trials_and_seconds_are_added_up_once():
    masking = measured(problem="basic", trials=8, seconds=800.0, settings={"nHLay": 3, "nHUnit": 1000, "lRateSup": 0.1})
    svm = measured(problem="basic", model="SVM-rbf", source="svm", weights="input", trials=30, seconds=60.0)
    shown = assemble(Found(measurements=[masking, svm]), [Path("runs")], date(2026, 11, 25))
    first, second, _ = shown.costs
    assert (first.name, first.measured, first.cells, first.trials, first.seconds) == ("Table 3", 2, 60, 38, 860.0)
    assert first.whole == pytest.approx(100.0 * 3 * 6)
    assert (second.measured, second.trials, second.seconds, second.whole) == (2, 0, 0, None)  # both stand in Table 3


def test_the_whole_of_table_2_has_as_many_combinations_as_values():
    settings = {"nHLay": 3, "nHUnit": 1000, "lRate": 0.05, "lRateSup": 0.1, "nEpoq": 30, "ν": 0.25, "batch": 20}
    assert combinations(measured(settings=settings)) == 3 * 6 * 6 * 8 * 3
    assert combinations(measured(settings=settings | {"(α, β)": (1.0, 0.5)})) == 2 * 3 * 6 * 6 * 8 * 3
