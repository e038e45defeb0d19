"""When a trial counts as dead, and what is done with it."""

import sqlite3

import pytest
from optuna.storages import _CachedStorage
from optuna.trial import TrialState
from sqlalchemy.exc import OperationalError

from sdae.sweeps.heartbeat import fail_dead, grace, requeue
from sdae.sweeps.storage import sqlite_file
from sdae.sweeps.studies import RETRIES
from small_sweep import study_of
from stored import store

INTERVAL = 60  # seconds


@pytest.fixture
def url(tmp_path):
    store(tmp_path, over=False, done=0)
    return f"sqlite:///{tmp_path / 'study.db'}"


@pytest.fixture
def study(url):
    return study_of(url, INTERVAL).study


def last_heard(url, seconds):
    """Let every heartbeat be so many seconds old; return how many there are."""
    with sqlite3.connect(sqlite_file(url)) as database:
        database.execute("UPDATE trial_heartbeats SET heartbeat = datetime('now', ?)", (f"-{seconds} seconds",))
        return database.execute("SELECT count(*) FROM trial_heartbeats").fetchone()[0]


def test_a_trial_has_a_heartbeat_as_soon_as_it_runs(study, url):
    assert last_heard(url, 0) == 0
    study.ask()
    assert last_heard(url, 0) == 1


@pytest.mark.parametrize(
    ("silent", "state"),
    [(grace(INTERVAL) - INTERVAL // 2, TrialState.RUNNING), (grace(INTERVAL) + INTERVAL // 2, TrialState.FAIL)],
    ids=["late", "dead"],
)
def test_a_trial_is_dead_when_more_heartbeats_are_missed_than_may_be(study, url, silent, state):
    trial = study.ask()
    last_heard(url, silent)
    fail_dead(study)
    assert study.trials[trial.number].state is state


def test_a_requeued_trial_is_not_dead_by_its_old_heartbeat(study, url):
    trial = study.ask()
    last_heard(url, 10 * INTERVAL)
    study._storage.set_trial_state_values(trial._trial_id, TrialState.WAITING)
    assert study.ask().number == trial.number
    fail_dead(study)
    assert study.trials[trial.number].state is TrialState.RUNNING


def test_a_dead_trial_is_queued_again_with_its_settings(study, url):
    trial = study.ask()
    trial.suggest_categorical("lRateSup", [0.1, 0.2])
    trial.report(0.5, 1)
    last_heard(url, 10 * INTERVAL)
    fail_dead(study)
    requeue(study, study.trials[trial.number])
    dead, again = study.trials[trial.number], study.trials[-1]
    assert again.state is TrialState.WAITING
    assert again.system_attrs[RETRIES] == [dead.number]
    assert (again.user_attrs["cell"], again.intermediate_values) == (dead.user_attrs["cell"], {1: 0.5})


def test_a_heartbeat_that_cannot_be_written_does_not_end_the_trial(study, monkeypatch, caplog):
    def full(self, trial_id):
        raise OperationalError("INSERT", None, Exception("database or disk is full"))

    monkeypatch.setattr(_CachedStorage, "record_heartbeat", full)
    assert study.ask() is not None
    assert "disk is full" in caplog.text
