"""Measurements of everything that was found."""

import json
from dataclasses import replace

import pytest

from made import RESULT, answer, write_folds, write_run, write_svm, write_sweep
from sdae.results.measure import measure_all
from sdae.results.scan import OnDisk, scan
from sdae.results.table_cells import stands
from stored import store


def test_a_study_from_its_storage_and_a_kept_one_are_measured_alike(tmp_path):
    store(tmp_path / "search")
    write_sweep(tmp_path / "kept", run={**RESULT, "test_error": 0.1})
    stored, kept = measure_all(scan([tmp_path])).measurements[::-1]
    assert (stored.model, stored.source, stored.test_error, stored.trials) == ("SDAE-3", "study", 0.1, 2)
    assert (kept.model, kept.source, kept.test_error, kept.trials) == ("SDAE-3", "study", 0.1, 4)


def test_an_svm_has_the_network_that_it_was_asked_of(tmp_path):
    units = {**RESULT["hyperparameters"], "n_units": [1000, 1000, 1000]}
    write_run(tmp_path / "run", hyperparameters=units)
    write_svm(tmp_path / "run", [answer(1, "pretrained", 0.1)])
    network, svm = measure_all(scan([tmp_path])).measurements
    assert svm.stack == network
    assert network.settings["nHUnit"] == 1000  # whether it was given as one value or as a list


def test_a_study_and_the_svms_on_its_run_have_its_point(tmp_path):
    write_sweep(tmp_path / "search", point={"ν": 0.6})
    write_run(tmp_path / "run", method="SAE-3")
    write_svm(tmp_path / "search/rect/sdae-3/trial-0001", [answer(0, "input", 0.1), answer(1, "pretrained", 0.1)])
    study, run, *svms = measure_all(scan([tmp_path])).measurements
    assert (study.point, run.point, [svm.point for svm in svms]) == ({"ν": 0.6}, {}, [{"ν": 0.6}, {"ν": 0.6}])


def test_a_trial_that_its_study_did_not_choose_is_no_single_run(tmp_path):
    write_sweep(tmp_path / "search", point={"ν": 0.6})
    for name in ("search/rect/sdae-3/trial-0003", "repeated"):
        run = write_run(tmp_path / name, test_error=0.01)
        (run / "config.yaml").write_text("tracking: {job_type: trial, group: search/rect/SDAE-3}\n")
    measured = measure_all(scan([tmp_path]))
    errors = [(one.source, one.test_error) for one in measured.measurements]
    assert errors == [("study", RESULT["test_error"]), ("run", 0.01)]
    assert measured.measurements[1].folder == str(tmp_path / "repeated")
    [line] = measured.open
    assert line.endswith("trial-0003: rect, SDAE-3: a trial that no study found here has chosen")


def test_a_study_that_is_not_over_is_named(tmp_path):
    store(tmp_path / "search", over=False)
    measured = measure_all(scan([tmp_path]))
    assert measured.measurements == []
    assert measured.open == [f"{tmp_path / 'search'}: search/rect/SDAE-3: the study is not over"]


NOTHING = {"seconds": 1.0, "chosen": None, "run": None}
CHOSEN = {"folder": "a/trial-0000", "params": {}}


@pytest.mark.parametrize(
    ("result", "reason"),
    [
        (
            {**NOTHING, "trials": {"complete": 0, "pruned": 3, "failed": 1}},
            "no trial was completed: 3 pruned and 1 failed",
        ),
        (
            {**NOTHING, "trials": {"complete": 2}, "chosen": CHOSEN, "error": "its test failed: OSError: no data"},
            "its test failed: OSError: no data",
        ),
        (
            {**NOTHING, "trials": {"complete": 2}, "chosen": CHOSEN, "run": {**RESULT, "test_error": None}},
            "the chosen run was not tested",
        ),
    ],
)
def test_a_study_without_a_test_error_says_why(tmp_path, result, reason):
    write_sweep(tmp_path / "search", run=None, result=result)
    measured = measure_all(scan([tmp_path]))
    assert measured.open == [f"{tmp_path / 'search'}: search/rect/SDAE-3: {reason}"]


@pytest.mark.parametrize(
    ("numbers", "over", "reason"),
    [
        (range(10), 10, None),
        (range(2), 10, "tzanetakis, SDAE-3: 2 of 10 folds"),
        ([3], 10, "tzanetakis, SDAE-3: 1 of 10 folds"),
        (range(10), 2, "search/tzanetakis/SDAE-3: the study is not over"),
    ],
)
def test_some_folds_are_no_measurement(tmp_path, numbers, over, reason):
    write_sweep(tmp_path / "search")
    write_folds(tmp_path / "search", numbers, over)
    found = scan([tmp_path])
    if reason is not None and over == 10:  # as the single study of a fold that the settings name
        found.studies = [replace(study, fold=None) for study in found.studies]
    measured = measure_all(found)
    cells = [(one.problem, one.folds) for one in measured.measurements if one.source == "study"]
    assert cells == [("rect", None), *([] if reason else [("tzanetakis", 10)])]
    assert [line.partition(": ")[2] for line in measured.open] == ([reason] if reason else [])


def test_a_fold_alone_is_named_and_a_part_of_a_cross_validation_is_not(tmp_path):
    alone, whole = {"problem": "tzanetakis", "fold": 3}, {"problem": "tzanetakis", "folds": [{}] * 10}
    for name, head in (("alone", alone), ("whole", whole), ("whole/fold03", alone)):
        write_run(tmp_path / name, **head)
        write_svm(tmp_path / name, [answer(1, "pretrained", 0.1)], **{**head, "folds": 10 if head is whole else None})
    measured = measure_all(scan([tmp_path]))
    assert [(one.source, one.folds) for one in measured.measurements] == [("run", 10), ("svm", 10)]
    assert measured.open == [
        f"{tmp_path}/alone: tzanetakis, SDAE-3 masking: fold 3 alone",
        f"{tmp_path}/alone: tzanetakis, SVMs: fold 3 alone",
    ]


def test_svms_on_the_folds_that_studies_chose_are_a_cell_of_table_5(tmp_path):
    write_sweep(tmp_path / "search")
    write_folds(tmp_path / "search", range(10))
    place = tmp_path / "search/tzanetakis/sdae-3"
    head = {"problem": "tzanetakis", "provenance": "stand-in"}
    write_svm(place, [answer(2, "pretrained", 0.1)], **head, folds=10)
    for k in range(10):
        write_svm(place / f"fold{k:02d}/trial-0000", [answer(2, "pretrained", 0.1)], **head, fold=k)
    measured = measure_all(scan([tmp_path]))
    assert measured.open == []
    [study] = [one for one in measured.measurements if one.folds and one.source == "study"]
    [svm] = [one for one in measured.measurements if one.source == "svm"]
    assert stands(svm, "SVM-rbf on layer 2")
    assert (svm.stack, study.folder, svm.folder) == (study, str(place), str(place))
    each = " ".join(f"fold{k:02d}/trial-0000" for k in range(10))
    fit = f"for run in {each}; do python src/cli.py fit --config {place}/$run/config.yaml"
    assert study.command == f"{fit}; done"
    assert svm.command == (
        f"{fit} --run runs/again/$run; done && python src/cli.py svm --run runs/again --layers 2 --kernels rbf"
    )


OTHERS = [
    {"hyperparameters": {**RESULT["hyperparameters"], "pretraining": [1]}},
    {"test_interval": None},
    {"examples": 3},
    {"seed": None},
]


@pytest.mark.parametrize("changes", OTHERS)
def test_a_result_of_another_shape_is_named(tmp_path, changes):
    write_run(tmp_path / "run", **changes)
    write_sweep(tmp_path / "search")
    [record] = json.loads((tmp_path / "search/studies.json").read_text())
    record["result"]["run"] |= changes
    (tmp_path / "search/studies.json").write_text(json.dumps([record]))
    damaged = measure_all(scan([tmp_path])).damaged
    assert [line.partition(": is not a result of a ")[0] for line in damaged] == [
        f"{tmp_path}/search: search/rect/SDAE-3",
        f"{tmp_path}/run/result.json",
    ]


def test_a_record_with_a_run_that_no_trial_is_of_is_named(tmp_path):
    write_sweep(tmp_path / "search")
    file = tmp_path / "search/studies.json"
    [record] = json.loads(file.read_text())
    record["result"]["chosen"] = None
    file.write_text(json.dumps([record]))
    found = scan([tmp_path])
    assert measure_all(found).open == []
    assert found.damaged == [
        f"{file}: is not a record of studies (result.chosen is missing, but result.run is there); leave its folder out"
    ]


@pytest.mark.parametrize("kind", ["runs", "svms"])
def test_what_is_no_result_is_named(tmp_path, kind):
    content = {"test_error": 0.1} if kind == "runs" else {"answers": [{}]}
    measured = measure_all(OnDisk(**{kind: {tmp_path: content}}))
    assert measured.measurements == []
    [line] = measured.damaged
    assert "leave its folder out" in line
