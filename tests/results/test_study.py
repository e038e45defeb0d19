"""A study from its storage and from what is kept of it."""

from dataclasses import replace
from pathlib import Path

import pytest

from made import write_sweep
from sdae.files import Misshapen, read_json, write_json
from sdae.results.scan import scan
from sdae.results.study import of_kept
from stored import store


def test_a_kept_study_is_the_study(tmp_path):
    store(tmp_path / "search", train_size=200, labels=100)
    [study] = scan([tmp_path]).studies
    assert (study.budget, study.train_size, study.point, study.axes["lRateSup"]) == (2, 200, {}, [0.1, 0.2])
    assert study.labels == 100
    assert study.chosen_folder == tmp_path / "search/rect/sdae-3/trial-0000"
    write_json(tmp_path / "studies.json", [study.kept])
    again = of_kept(read_json(tmp_path / "studies.json")[0], tmp_path / "search")
    rounded = [{**trial, "seconds": round(trial["seconds"], 1)} for trial in study.trials]
    assert again == replace(study, trials=rounded, fine_tuning=None, pretraining=None)


def test_what_is_no_record_is_refused():
    with pytest.raises(Misshapen, match="row is missing"):
        of_kept({"name": "search"}, Path())


@pytest.mark.parametrize("key", ["fold", "train_size", "labels"])
def test_a_value_that_may_be_null_is_in_a_record_all_the_same(tmp_path, key):
    write_sweep(tmp_path)
    [record] = read_json(tmp_path / "studies.json")
    assert of_kept(record, tmp_path).fold is None
    del record[key]
    with pytest.raises(Misshapen, match=f"{key} is missing"):
        of_kept(record, tmp_path)
