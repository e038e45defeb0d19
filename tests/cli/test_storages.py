"""Which storage a sweep has: any folder's name, the environment and the flags, and studies that were deleted."""

import logging
import re
import shlex

import optuna
import pytest

from sdae.cli.run_sweep import Search, run_search
from sdae.cli.storages import open_sweep, storage_options, storage_url
from sdae.errors import SdaeError
from sdae.sweeps.storage import sqlite_file, sqlite_url
from small_sweep import TINY
from stored import open_to_all, state_of, store, without_rights


@pytest.mark.parametrize("name", ["a?b", "a#b", "a%3Fb", "a b&c=d", "a{b}", "a:b@c", "ä"])
def test_a_sweeps_folder_may_have_any_name(door, sweep_file, tmp_path, name):
    folder = tmp_path / name
    before = set(tmp_path.iterdir())
    answer = door("sweep", "--config", sweep_file(TINY), "--folder", folder, "--workers", "0")
    assert answer.returncode == 0, answer.stderr
    assert (folder / "study.db").is_file()
    assert {path.name for path in set(tmp_path.iterdir()) - before} == {name, "small.yaml"}
    assert door("sweep", "--status", "--folder", folder).returncode == 0
    assert sqlite_file(sqlite_url(folder)) == folder / "study.db"


def test_an_empty_variable_is_none(door, sweep_file, monkeypatch, tmp_path):
    monkeypatch.setenv("SDAE_STORAGE", "")
    assert door("sweep", "--config", sweep_file(TINY), "--workers", "0").returncode == 0
    assert (tmp_path / "runs/small/study.db").is_file()


def test_the_variable_does_not_overrule_a_folder_that_was_named(door, refused, sweep_file, monkeypatch, tmp_path):
    for name in ("one", "two"):
        assert door("sweep", "--config", sweep_file(TINY, name), "--workers", "0").returncode == 0
    monkeypatch.setenv("SDAE_STORAGE", f"sqlite:///{tmp_path}/runs/two/study.db")
    line = refused("sweep", "--status", "--folder", "runs/one")
    assert "SDAE_STORAGE names another storage" in line
    assert "--storage" in line
    assert "two · " in door("sweep", "--status", "--folder", "runs/two").stdout
    assert "two · " in door("sweep", "--status").stdout
    url = f"sqlite:///{tmp_path}/runs/one/study.db"
    assert "one · " in door("sweep", "--status", "--folder", "runs/one", "--storage", url).stdout


def test_a_worker_that_was_started_here_has_its_starters_storage(monkeypatch, tmp_path):
    (tmp_path / "study.db").touch()
    monkeypatch.setenv("SDAE_STORAGE", "postgresql://a@b/c")
    assert storage_url("$SDAE_STORAGE", tmp_path, explicit=True) == "postgresql://a@b/c"
    with pytest.raises(SdaeError, match="SDAE_STORAGE"):
        storage_url(None, tmp_path, explicit=True)


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        ([], ""),
        (["--folder", "runs/small"], ""),
        (["--folder", "else where"], " --folder 'else where'"),
        (["--storage", "sqlite:///all.db"], " --storage sqlite:///all.db"),
        (["--storage", "sqlite:///all.db", "--folder", "elsewhere"], " --storage sqlite:///all.db"),
    ],
)
def test_the_command_of_further_workers_finds_the_sweep(door, sweep_file, options, shown):
    answer = door("sweep", "--config", sweep_file(TINY), "--workers", "0", *options)
    line = answer.stdout.splitlines()[-1]
    assert line == f"workers: python src/cli.py sweep --join --name small{shown}"
    words = shlex.split(line.partition("sweep ")[2])
    assert "small · " in door("sweep", "--status", *words[1:]).stdout


def test_the_command_of_further_workers_leaves_the_environment_and_the_password_out(monkeypatch, tmp_path):
    url = "postgresql://me:secret@host/studies"
    assert storage_options(url, "small", tmp_path) == ["--storage", "postgresql://me:***@host/studies"]
    monkeypatch.setenv("SDAE_STORAGE", url)
    assert storage_options(url, "small", tmp_path) == []
    own = sqlite_url(tmp_path)  # with the variable set, the folder alone would be refused
    assert storage_options(own, "small", tmp_path) == ["--storage", own]


@pytest.mark.parametrize("url", ["sqlite:///:memory:", "sqlite:///file::memory:?uri=true"])
def test_a_storage_in_memory_is_refused(refused, sweep_file, tmp_path, url):
    for command in (("--config", sweep_file(TINY)), ("--status",)):
        assert "in this process's memory" in refused("sweep", *command, "--storage", url)


def test_a_sweep_that_cannot_be_written_can_be_looked_at():
    def look():
        run_search(Search(status=True, folder=folder / "search"))
        return "shown"

    with open_to_all() as folder:
        store(folder / "search")
        before = state_of(folder)
        (folder / "search/study.db").chmod(0o444)
        (folder / "search").chmod(0o555)
        said = without_rights(look)
        (folder / "search").chmod(0o755)
        assert said == "shown"
        assert state_of(folder) == before


def test_looking_at_a_sweep_writes_nothing_and_sees_what_workers_write(door, tmp_path):
    [study] = store(tmp_path / "runs/search", over=False, done=1)
    before = state_of(tmp_path)
    assert re.search(r"search/rect/SDAE-3 +1 ", door("sweep", "--status", "--name", "search").stdout)
    assert state_of(tmp_path) == before
    trial = study.study.ask()  # as a worker does, who leaves a log beside the file
    for name, values in study.plan.axes.items():
        trial.suggest_categorical(name, values)
    study.study.tell(trial, 0.2)
    assert re.search(r"search/rect/SDAE-3 +2 ", door("sweep", "--status", "--name", "search").stdout)
    study.study._storage._backend.engine.dispose()


def test_a_study_that_was_deleted_is_said_and_the_others_are_there(door, sweep_file, tmp_path, caplog):
    file = sweep_file(TINY)
    assert door("sweep", "--config", file, "--workers", "0").returncode == 0
    url = f"sqlite:///{tmp_path}/runs/small/study.db"
    optuna.delete_study(study_name="small/rect/MLP-1", storage=url)
    with caplog.at_level(logging.WARNING):
        answer = door("sweep", "--status", "--name", "small")
    assert answer.returncode == 0, answer.stderr
    assert "small/rect/SDAE-1" in answer.stdout
    assert "small: 1 of its 2 studies deleted; its sweep file sets them up again" in caplog.messages
    assert door("sweep", "--config", file, "--workers", "0").returncode == 0
    _, _, studies = open_sweep(url, "small")
    assert len(studies) == 2
