"""Studies are set up once, and refused where another of their name exists."""

import pytest
from optuna.study import StudyDirection

from sdae.errors import SdaeError
from sdae.sweeps.storage import open_storage, sqlite_url
from sdae.sweeps.studies import find, planned, searched_params
from stored import store


def test_a_study_is_found_by_its_sweep(tmp_path):
    store(tmp_path / "mine")
    storage = open_storage(sqlite_url(tmp_path / "mine"), 60)
    kept, [study] = find(storage, None)
    assert (kept.name, kept.studies, study.plan.name) == ("mine", 1, "mine/rect/SDAE-3")
    assert study.chosen is not None
    assert searched_params(study.chosen, study.plan) == "lRateSup 0.1"
    assert study.exhausted
    with pytest.raises(SdaeError, match="name other: no such sweep in this storage; it holds mine"):
        find(storage, "other")


def test_a_study_whose_setup_was_interrupted_is_not_planned(tmp_path):
    store(tmp_path / "mine")
    storage = open_storage(sqlite_url(tmp_path / "mine"), 60)
    storage.create_new_study([StudyDirection.MINIMIZE], "mine/rect/DBN-3")
    assert planned(storage) == {"mine/rect/SDAE-3"}


def test_a_study_with_other_settings_is_refused(tmp_path):
    store(tmp_path / "mine", over=False, done=0)
    with pytest.raises(SdaeError, match="mine/rect/SDAE-3: exists with another plan: .*train_size"):
        store(tmp_path / "mine", over=False, done=0, train_size=50)
