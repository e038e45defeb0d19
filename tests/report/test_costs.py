"""What the numbers of a table took."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from made import measured
from sdae.report.assembly import assemble
from sdae.report.costs import combinations
from sdae.report.gather import Found


def test_trials_and_seconds_are_added_up_once():
    masking = measured(problem="basic", trials=8, seconds=800.0, axes=("nHLay", "nHUnit", "lRateSup"))
    svm = measured(problem="basic", model="SVM-rbf", source="svm", weights="input", trials=30, seconds=60.0)
    shown = assemble(Found(measurements=[masking, svm]), [Path("runs")], date(2026, 11, 25))
    first, second, _ = shown.costs
    assert (first.name, first.measured, first.cells, first.trials, first.seconds) == ("Table 3", 2, 60, 38, 860.0)
    assert first.whole == pytest.approx(100.0 * 3 * 6)
    assert (second.measured, second.trials, second.seconds, second.whole) == (2, 0, 0, None)  # both stand in Table 3


def test_table_5_has_the_networks_of_its_svms_unless_they_stand_in_another_table():
    def svm(layer, stack):
        head = {"problem": stack.problem, "model": f"SVM-rbf on layer {layer}", "source": "svm", "point": stack.point}
        return measured(**head, weights="pretrained", trials=30, seconds=60.0, stack=stack, test_error=0.1 * layer)

    axes = ("nHUnit", "lRate", "lRateSup")
    in_table_3 = measured(problem="basic", trials=8, seconds=800.0, axes=axes)
    copy = replace(in_table_3, folder="results/a", command="python src/cli.py fit --config results/a/config.yaml")
    own = measured(problem="rect", trials=5, seconds=50.0, axes=axes, point={"nHUnit": 1000})
    svms = [svm(layer, stack) for stack in (copy, own) for layer in (1, 2)]
    shown = assemble(Found(measurements=[in_table_3, own, *svms]), [Path("runs")], date(2026, 11, 25))
    third, _, fifth = shown.costs
    assert (third.measured, third.trials, third.seconds) == (1, 8, 800.0)
    assert (fifth.measured, fifth.trials, fifth.seconds) == (4, 4 * 30 + 5, 4 * 60.0 + 50.0)
    assert fifth.whole == pytest.approx(10.0 * 6 * 6)  # the number of units is section 6.6's


def test_the_whole_of_table_2_has_as_many_combinations_as_values():
    axes = ("nHLay", "nHUnit", "lRate", "lRateSup", "nEpoq", "ν", "batch")
    assert combinations(measured(axes=axes)) == 3 * 6 * 6 * 8 * 3
    assert combinations(measured(axes=(*axes, "emphasis"))) == 2 * 3 * 6 * 6 * 8 * 3


def test_the_whole_of_a_cross_validation_is_that_of_every_fold():
    one = measured(problem="basic", trials=8, seconds=800.0, axes=("nHUnit", "lRateSup"))
    ten = replace(one, problem="tzanetakis", folds=10, trials=80, seconds=8000.0, settings={"nHUnit": 1000})
    whole = [
        assemble(Found(measurements=[study]), [Path("runs")], date(2026, 11, 25)).costs[0].whole for study in (one, ten)
    ]
    assert whole == [pytest.approx(100.0 * 3 * 6), pytest.approx(10 * 100.0 * 3 * 6)]
