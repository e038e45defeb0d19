"""A study from its storage and from what is kept of it."""

from dataclasses import replace
from pathlib import Path

import pytest

from made import RESULT
from sdae.files import read_json, write_json
from sdae.results.scan import scan
from sdae.results.study import of_kept
from stored import store

OLD = {  # as kept before points and sizes were
    "name": "search/rot/SDAE-3/nHUnit=1000",
    "row": "search/rot/SDAE-3/nHUnit=1000",
    "sweep": "search",
    "problem": "rot",
    "method": "SDAE-3",
    "fold": None,
    "searched": ["ν"],
    "trials": [
        {"params": {"nHUnit": 1000, "ν": ν}, "valid_error": 0.1, "state": "complete", "seconds": 3.0}
        for ν in (0.1, 0.25, 0.1)
    ],
    "result": {
        "chosen": {"folder": "a/trial-0000", "params": {}},
        "run": {**RESULT, "examples": {"train": 10_000, "valid": 2_000, "test": 50_000}},
    },
}


def test_a_kept_study_is_the_study(tmp_path):
    store(tmp_path / "search", train_size=200, labels=100)
    [study] = scan([tmp_path]).studies
    assert (study.budget, study.train_size, study.point, study.axes["lRateSup"]) == (2, 200, {}, [0.1, 0.2])
    assert study.labels == 100
    assert study.chosen_folder == tmp_path / "search/rect/sdae-3/trial-0000"
    write_json(tmp_path / "studies.json", [study.kept])
    again = of_kept(read_json(tmp_path / "studies.json")[0], tmp_path / "search")
    rounded = [{**trial, "seconds": round(trial["seconds"], 1)} for trial in study.trials]
    assert again == replace(study, trials=rounded, fine_tuning=None)


def test_of_an_older_record_the_rest_is_concluded():
    study = of_kept(OLD, Path("results/search"))
    assert study.point == {"nHUnit": 1000}
    assert study.axes == {"nHUnit": [1000], "ν": [0.1, 0.25]}
    assert (study.train_size, study.labels, study.budget) == (None, None, 3)
    assert study.chosen_folder == Path("results/search/a/trial-0000")
    fewer = {**OLD["result"], "run": {**RESULT, "examples": {"train": 200}}}
    assert of_kept({**OLD, "result": fewer}, Path()).train_size == 200
    few = {**OLD["result"], "run": {**OLD["result"]["run"], "labels": 100}}
    assert of_kept({**OLD, "result": few}, Path()).labels == 100


def test_what_is_no_record_is_refused():
    with pytest.raises(KeyError):
        of_kept({"name": "search"}, Path())
