"""Measurements of what commands leave."""

import json
import statistics

import pytest

from made import RESULT, answer, write_svm
from sdae.evaluation.svm.run import summarise_answers
from sdae.results.reading import of_run, of_study, of_svm
from sdae.results.study import of_kept
from sdae.settings.table2 import named as settings


def test_names_are_the_papers(tmp_path):
    how = RESULT["hyperparameters"]["pretraining"]

    def named(problem="rect", **changes):
        hyperparameters = {**RESULT["hyperparameters"], "pretraining": {**how, **changes}}
        return of_run({**RESULT, "problem": problem, "hyperparameters": hyperparameters}, tmp_path).model

    assert named() == "SDAE-3"
    assert named(emphasis=[1.0, 0.5]) == "SDAE-3 masking emphasized"
    assert named(corruption="salt-and-pepper", emphasis=[1.0, 0.0]) == "SDAE-3 salt-and-pepper emphasized"
    assert named(corruption="gaussian") == "SDAE-3 gaussian"
    assert named(problem="tzanetakis", corruption="gaussian") == "SDAE-3"  # section 6.2


def test_the_number_of_labels_is_read_where_it_is_not_all(tmp_path):
    train = RESULT["examples"]["train"]
    assert of_run({**RESULT, "labels": 100}, tmp_path).labels == 100
    assert of_run({**RESULT, "labels": train}, tmp_path).labels is None
    assert of_run(RESULT, tmp_path).labels is None  # of before there were any
    write_svm(tmp_path, [answer(0, "input", 0.1)])
    content = json.loads((tmp_path / "svm.json").read_text())
    assert [of_svm({**content, "labels": n}, tmp_path, None)[0].labels for n in (100, train)] == [100, None]


def test_the_kind_of_noise_is_that_of_either_stage(tmp_path):
    def kind(pretraining, fine_tuning=None):
        sections = {"pretraining": pretraining, "fine_tuning": {"learning_rate": 0.02, **(fine_tuning or {})}}
        return of_run({**RESULT, "hyperparameters": {**RESULT["hyperparameters"], **sections}}, tmp_path).corruption

    how = RESULT["hyperparameters"]["pretraining"]
    assert kind(how) == "masking"
    assert kind({**how, "noise_level": 0.0}) is None
    assert kind(None) is None
    assert (
        kind({**how, "corruption": "salt-and-pepper"}, {"corruption": "masking", "noise_level": 0.0})
        == "salt-and-pepper"
    )
    assert kind(how, {"corruption": "swap", "noise_level": 0.1}) == "masking and swap"


def test_svms_without_the_validation_data_are_not_measured(tmp_path):
    write_svm(tmp_path, [answer(0, "input", 0.1, trained_on="train"), answer(0, "input", 0.2)])
    content = json.loads((tmp_path / "svm.json").read_text())
    [svm] = of_svm(content, tmp_path, None)
    assert svm.test_error == 0.2


def test_svms_of_all_folds_are_one_measurement(tmp_path):
    more = {"made_by": "", "published": None, "without_valid": None, "with_valid": None}
    sizes = {"examples": {"train": 8000, "valid": 1000, "test": 1000}, "labels": 8000}
    folds = [{"fold": k, "answers": [answer(0, "input", 0.1 * (k + 1), C=10.0**k, **more)], **sizes} for k in range(2)]
    write_svm(tmp_path, summarise_answers(folds)["answers"], problem="tzanetakis", folds=2)
    [svm] = of_svm(json.loads((tmp_path / "svm.json").read_text()), tmp_path, None)
    assert svm.test_error == pytest.approx(0.15)
    assert (svm.folds, svm.settings) == (2, {"C": "1 to 10", "γ": 0.03})


def test_settings_are_table_2s():
    assert settings(RESULT["hyperparameters"]) == {
        "nHLay": 3,
        "nHUnit": 1000,
        "nEpoq": 100,
        "lRate": 0.0025,
        "ν": 0.1,
        "lRateSup": 0.02,
    }
    machine = {"layer": "rbm", "epochs": 100, "learning_rate": 0.005, "sampled_inputs": True}
    sampled = settings({**RESULT["hyperparameters"], "pretraining": machine})
    assert sampled.pop("inputs") == "sampled"
    assert sampled == {"nHLay": 3, "nHUnit": 1000, "nEpoq": 100, "lRate": 0.005, "lRateSup": 0.02}
    assert "inputs" not in settings({**RESULT["hyperparameters"], "pretraining": {**machine, "sampled_inputs": False}})
    alone = {**RESULT["hyperparameters"], "pretraining": None}
    assert settings(alone) == {"nHLay": 3, "nHUnit": 1000, "lRateSup": 0.02}


def folds(errors):
    return [
        {
            **{"name": f"search/tzanetakis/SDAE-3/fold{k:02d}", "row": "search/tzanetakis/SDAE-3", "sweep": "search"},
            **{"problem": "tzanetakis", "fold": k, "trials": []},
            "method": "SDAE-3",
            "searched": ["σ"],
            **{"point": {}, "axes": {"nEpoq": [10, 11], "σ": [0.1, 0.2]}},
            **{"train_size": None, "labels": None, "budget": 4},
            "result": {
                "trials": {"complete": 3, "pruned": 1, "failed": 0},
                "seconds": 60.0,
                "chosen": {"folder": f"fold{k:02d}/trial-0000", "params": {}},
                "run": {
                    **RESULT,
                    "problem": "tzanetakis",
                    "test_error": error,
                    "valid_error": error / 2,
                    "versions": {**RESULT["versions"], "commit": "abc" if k else "def"},
                    "hyperparameters": {
                        **RESULT["hyperparameters"],
                        "pretraining": {**RESULT["hyperparameters"]["pretraining"], "epochs": 10 + k},
                    },
                },
            },
        }
        for k, error in enumerate(errors)
    ]


def test_folds_are_one_measurement(tmp_path):
    errors = [0.10, 0.12, 0.17]
    one = of_study([of_kept(one, tmp_path) for one in folds(errors)])
    assert one is not None
    assert one.test_error == pytest.approx(0.13)
    assert one.interval == pytest.approx(statistics.stdev(errors))
    assert (one.folds, one.trials, one.seconds) == (3, 12, 180.0)
    assert one.commit == "def, abc"
    assert "nEpoq" not in one.settings  # each fold has its own
    assert one.axes == ("nEpoq", "σ")
    assert one.settings["nHUnit"] == 1000


def test_a_fold_that_is_missing_makes_no_cell(tmp_path):
    records = folds([0.1, 0.2])
    records[1]["result"] = None
    assert of_study([of_kept(one, tmp_path) for one in records]) is None


def test_svms_say_of_what_they_are(tmp_path):
    noise = {"copies": 9, "level": 0.25, "corruption": "masking"}
    write_svm(
        tmp_path,
        [answer(0, "input", 0.1, noise=noise), answer(1, "pretrained", 0.1, "linear"), answer(1, "random", 0.2)],
    )
    content = json.loads((tmp_path / "svm.json").read_text())
    stack = of_run(RESULT, tmp_path)
    noisy, linear, control = of_svm(content, tmp_path, stack)
    assert (noisy.settings["copies"], noisy.settings["ν"], noisy.stack) == (9, 0.25, None)
    assert (noisy.corruption, linear.corruption) == ("masking", None)
    assert noisy.command.endswith("--noisy_copies 9 --noise_level 0.25 --corruption masking")
    assert (linear.model, linear.settings) == ("SVM-linear on layer 1", {"C": 10.0})
    assert "--random_weights true" in control.command
    assert control.stack == stack
    assert "--C" not in control.command
