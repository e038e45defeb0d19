"""Studies on few labels: means over the draws of the labels."""

import statistics
from dataclasses import replace

import pytest

from made import RESULT, write_draws, write_sweep
from sdae.results.over_draws import over_draws
from sdae.results.scan import scan


def test_the_draws_of_a_method_and_a_number_of_labels_are_one_mean(tmp_path):
    errors = [0.10, 0.12, 0.17]
    write_draws(tmp_path / "few-labels", {"SDAE-3": {100: errors, 300: [0.05, 0.07]}, "MLP-3": {100: [0.3, 0.3]}})
    write_sweep(tmp_path / "table3")
    means, alone = over_draws(scan([tmp_path]).studies)
    assert alone == []
    assert [(one.model, one.labels, one.draws) for one in means] == [
        *(("SDAE-3", 100, 3), ("SDAE-3", 300, 2)),
        ("MLP-3", 100, 2),
    ]
    assert means[0].test_error == pytest.approx(0.13)
    assert means[0].interval == pytest.approx(statistics.stdev(errors))
    assert means[0].valid_error == pytest.approx(0.065)
    assert (means[0].trials, means[0].seconds, means[2].interval) == (3, 180.0, 0.0)
    assert means[0].folder == str(tmp_path / "few-labels")
    assert means[0].command == "python src/cli.py sweep --config sweeps/few-labels.yaml"


def test_draws_at_other_points_are_other_means(tmp_path):
    write_draws(tmp_path / "few-labels", {"SDAE-3": {100: [0.1, 0.2]}})
    studies = [
        replace(study, point={**study.point, "lRate": rate})
        for rate in (0.1, 0.01)
        for study in scan([tmp_path]).studies
    ]
    means, alone = over_draws(studies)
    assert alone == []
    assert [(mean.point, mean.draws) for mean in means] == [({"labels": 100, "lRate": rate}, 2) for rate in (0.1, 0.01)]


def test_a_single_draw_has_no_deviation_and_is_said_to_be_alone(tmp_path):
    write_draws(tmp_path / "few-labels", {"SAE-3": {3000: [0.1]}})
    means, alone = over_draws(scan([tmp_path]).studies)
    assert means == []
    assert alone == [f"{tmp_path / 'few-labels'}: rect, SAE-3, 3,000 labels: only one draw of them is over"]


def test_the_same_draw_counts_once_and_an_open_study_not(tmp_path):
    write_draws(tmp_path / "few-labels", {"SAE-3": {100: [0.1, 0.2, 0.3]}})
    one, two, three = scan([tmp_path]).studies
    again = replace(one, row=f"{one.row}/again")
    means, alone = over_draws([one, again, replace(two, result=None)])
    assert (means, len(alone)) == ([], 1)
    [mean], _ = over_draws([one, again, two, replace(three, result={"chosen": None})])
    assert mean.draws == 2


def test_the_settings_of_a_mean_are_those_of_all_draws(tmp_path):
    write_draws(tmp_path / "few-labels", {"SAE-3": {100: [0.1, 0.2]}})
    one, two = scan([tmp_path]).studies
    other = {**RESULT["hyperparameters"], "fine_tuning": {"learning_rate": 0.5}}
    run = {**two.result["run"], "hyperparameters": other}
    [mean], _ = over_draws([one, replace(two, result={**two.result, "run": run})])
    assert "lRateSup" not in mean.settings
    assert mean.settings["lRate"] == 0.0025


def test_all_labels_are_a_point_too_where_their_number_is_an_axis(tmp_path):
    every = RESULT["examples"]["train"]
    write_draws(tmp_path / "few-labels", {"SAE-3": {every: [0.1, 0.1]}})
    records = [replace(study, labels=[every]) for study in scan([tmp_path]).studies]
    [mean], _ = over_draws(records)
    assert mean.labels == every
