"""What lies below folders is found, and nothing that lies there makes it fail or is changed."""

import sqlite3
from pathlib import Path

import pytest

from made import answer, write_run, write_svm, write_sweep
from sdae.errors import SdaeError
from sdae.results.measure import measure_all
from sdae.results.scan import scan
from sdae.sweeps.storage import open_storage, sqlite_url
from stored import open_to_all, state_of, store, without_rights


def test_everything_at_any_depth(tmp_path):
    store(tmp_path / "a/search")
    write_sweep(tmp_path / "kept/other")
    write_run(tmp_path / "deep/er/mine")
    write_svm(tmp_path / "raw", [answer(0, "input", 0.02)])
    for name in ("figure8.png", "figures5-7.png", "svm.png"):
        (tmp_path / "deep" / name).touch()
    write_run(tmp_path / "deep/wandb/copy")
    found = scan([tmp_path])
    assert {(study.sweep, study.over) for study in found.studies} == {("search", True), ("other", True)}
    assert {folder.name for folder in found.runs} == {"mine", "trial-0001"}
    assert [folder.name for folder in found.svms] == ["raw"]
    assert [file.name for file in found.pictures] == ["figure8.png", "figures5-7.png"]
    assert found.unready == found.damaged == []


def test_a_folder_that_is_not_there_holds_nothing(tmp_path):
    assert scan([tmp_path / "nowhere"]).runs == {}


def test_paths_that_overlap_count_once(tmp_path):
    store(tmp_path / "runs/search")
    assert len(scan([tmp_path, tmp_path / "runs"]).studies) == 1


@pytest.mark.parametrize("state", ["empty", "no tables", "half of the tables", "no sweep", "set up in part", "damaged"])
def test_a_sweep_that_is_being_set_up_is_left_aside_and_the_others_are_found(tmp_path, state):
    store(tmp_path / "whole")
    half = tmp_path / "half"
    half.mkdir()
    file = half / "study.db"
    if state == "empty":
        file.touch()
    elif state == "no tables":
        sqlite3.connect(file).execute("PRAGMA user_version = 1").connection.close()
    elif state == "half of the tables":
        sqlite3.connect(file).execute("CREATE TABLE studies (study_id INTEGER)").connection.close()
    elif state == "no sweep":
        open_storage(sqlite_url(half), 60, create=True)._backend.engine.dispose()
    elif state == "damaged":
        file.write_bytes(b"no database" * 1000)
    else:
        store(half, over=False)
        connection = sqlite3.connect(file)
        replaced = """replace(value_json, '"studies": 1', '"studies": 2')"""
        connection.execute(f"UPDATE study_user_attributes SET value_json = {replaced}")
        # The second study is made, and not yet marked as the sweep's.
        connection.execute("INSERT INTO studies (study_name) SELECT study_name || '-other' FROM studies")
        connection.commit()
        connection.close()
    before = state_of(tmp_path)
    found = scan([tmp_path])
    assert [study.sweep for study in found.studies] == ["whole"]
    [line] = found.unready
    assert line.startswith(f"{file}: ")
    assert state_of(tmp_path) == before


def test_a_storage_without_a_sweep_does_not_hide_what_was_kept(tmp_path):
    write_sweep(tmp_path / "search")
    (tmp_path / "search/study.db").touch()
    assert [study.over for study in scan([tmp_path]).studies] == [True]


def test_nothing_is_written_and_no_file_of_a_database_is_left_behind(tmp_path):
    store(tmp_path / "search of 20% # {new}", over=False, done=1)
    before = state_of(tmp_path)
    [study] = scan([tmp_path]).studies
    assert (len(study.trials), study.over) == (1, False)
    assert state_of(tmp_path) == before


def test_what_workers_have_written_and_not_yet_folded_in_is_read(tmp_path):
    [study] = store(tmp_path / "search", over=False, done=0)
    trial = study.study.ask()  # opens the storage again, as a worker does, and leaves its log
    for name, values in study.plan.axes.items():
        trial.suggest_categorical(name, values)
    study.study.tell(trial, 0.2)
    assert (tmp_path / "search/study.db-wal").stat().st_size
    assert len(scan([tmp_path]).studies[0].trials) == 1
    study.study._storage._backend.engine.dispose()


def test_a_sweep_in_a_folder_that_cannot_be_written_is_read():
    with open_to_all() as folder:
        store(folder / "search")
        (folder / "search/study.db").chmod(0o444)
        (folder / "search").chmod(0o555)
        said = without_rights(lambda: [(one.sweep, one.over, len(one.trials)) for one in scan([folder]).studies])
        (folder / "search").chmod(0o755)
    assert said == "[('search', True, 2)]"


def test_a_named_storage_counts_unless_it_was_found_already(tmp_path):
    store(tmp_path / "here")
    store(tmp_path / "elsewhere", url=f"sqlite:///{tmp_path / 'all.db'}")
    found = scan([tmp_path / "here"], f"sqlite:///{tmp_path / 'all.db'}")
    assert [study.folder for study in found.studies] == [tmp_path / "here", tmp_path / "elsewhere"]
    assert len(scan([tmp_path], sqlite_url(tmp_path / "here")).studies) == 1
    assert "no such storage" in scan([tmp_path], f"sqlite:///{tmp_path / 'none.db'}").unready[0]
    with pytest.raises(SdaeError, match="give postgresql"):
        scan([tmp_path], "mysql://x/y")


def test_a_named_storage_and_its_sweep_s_folder_go_together_by_any_path(tmp_path, monkeypatch):
    url = f"sqlite:///{tmp_path / 'all.db'}"
    [study] = store(tmp_path / "runs/search", url=url)
    write_run(tmp_path / "runs/search" / study.plan.folder / "trial-0000", test_error=0.1)
    monkeypatch.chdir(tmp_path)
    found = scan([Path("runs")], url)
    assert [study.folder for study in found.studies] == [Path("runs/search")]
    measured = measure_all(found)
    assert [(one.source, one.folder) for one in measured.measurements] == [
        ("study", f"runs/search/{study.plan.folder}/trial-0000")
    ]


def test_damaged_files_are_named_and_the_rest_is_found(tmp_path):
    write_run(tmp_path / "whole")
    for name, text in (("result.json", "{"), ("svm.json", "[]"), ("studies.json", '[{"name": 1}]')):
        (tmp_path / name).write_text(text)
    found = scan([tmp_path])
    assert [folder.name for folder in found.runs] == ["whole"]
    assert len(found.damaged) == 3
    assert "result.json: cannot be read" in "".join(found.damaged)
    assert "svm.json: cannot be read (the whole is not a mapping); leave its folder out" in "".join(found.damaged)
    assert "studies.json: is not a record of studies" in "".join(found.damaged)
