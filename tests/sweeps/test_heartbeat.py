"""When a trial counts as dead, and what is done with it."""

import multiprocessing
import sqlite3
import time
from dataclasses import replace

import pytest
from optuna.storages import _CachedStorage
from optuna.trial import TrialState
from sqlalchemy.exc import OperationalError

from patience import PATIENT
from sdae.sweeps.heartbeat import fail_dead, grace, ran, requeue
from sdae.sweeps.outcomes import RETRIES
from sdae.sweeps.storage import sqlite_file
from small_sweep import study_of
from stored import store
from taking import run_until_killed

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


DAY = 86400


def a_day_passes(url):
    """Let every trial have been started, and every heartbeat written, a day before."""
    with sqlite3.connect(sqlite_file(url)) as database:
        database.execute("UPDATE trials SET datetime_start = datetime(datetime_start, '-1 day')")
        database.execute("UPDATE trial_heartbeats SET heartbeat = datetime(heartbeat, '-1 day')")


def run_for(study, seconds):
    trial = study.ask()
    trial.suggest_categorical("lRateSup", [0.1, 0.2])
    time.sleep(seconds)
    return trial


def test_a_killed_workers_trial_has_run_to_its_last_heartbeat(url):
    worker = multiprocessing.get_context("spawn").Process(target=run_until_killed, args=(url,))
    worker.start()
    study, begin = study_of(url, 1), time.monotonic()
    while study.seconds < 1.5:
        assert time.monotonic() - begin < PATIENT
        time.sleep(0.1)
    worker.kill()
    worker.join()
    a_day_passes(url)
    study = study_of(url, 1)
    fail_dead(study.study)
    [dead] = study.trials(TrialState.FAIL)
    assert dead.duration.total_seconds() > DAY
    before = study.seconds
    assert 1.5 <= before == ran(dead) < 60
    requeue(study.study, dead)
    assert study.seconds == before
    while (trial := run_for(study.study, 0.2)).number != study.trials()[-1].number:
        study.study.tell(trial, state=TrialState.PRUNED)
    study.study.tell(trial, 0.1)
    again = study.trials()[-1]
    assert before + 0.2 <= ran(again) < before + 30
    assert study.seconds < before + 60


def test_a_requeued_trial_has_run_for_its_attempts_and_not_between_them(url):
    study = study_of(url)
    trial = run_for(study.study, 0.3)
    study.study._storage.set_trial_state_values(trial._trial_id, TrialState.WAITING)
    a_day_passes(url)
    first = study.seconds
    assert 0.3 <= first < 30
    assert run_for(study.study, 0.2).number == trial.number
    study.study.tell(trial.number, 0.1)
    [over] = study.trials(TrialState.COMPLETE)
    assert first + 0.2 <= ran(over) == study.seconds < first + 30


def test_a_trial_has_not_run_while_it_waited_for_another_worker(url):
    study, begin = study_of(url), time.monotonic()
    trial = run_for(study.study, 0.3)
    study.study._storage.leave_out(trial._trial_id, 0.2)
    study.study._storage.record_heartbeat(trial._trial_id)
    assert study.seconds <= time.monotonic() - begin - 0.2
    study.study.tell(trial, 0.1)
    [over] = study.trials(TrialState.COMPLETE)
    assert 0.1 <= ran(over) <= time.monotonic() - begin - 0.2
    study.study._storage.leave_out(trial._trial_id, 0.2)  # it runs no more
    assert study.seconds == ran(over)


def test_hours_are_those_for_which_trials_have_run(url):
    study = study_of(url)
    study.plan = replace(study.plan, hours=1.0)
    trial = run_for(study.study, 0)
    a_day_passes(url)
    study.study.tell(trial, 0.1)
    assert study.trials(TrialState.COMPLETE)[0].duration.total_seconds() > DAY
    assert not study.timed_out


def test_a_trial_of_before_seconds_were_recorded_has_its_duration(url):
    study = study_of(url)
    study.study.tell(run_for(study.study, 0.1), 0.1)
    with sqlite3.connect(sqlite_file(url)) as database:
        database.execute("DELETE FROM trial_user_attributes WHERE key = 'ran_seconds'")
    [trial] = study_of(url).trials(TrialState.COMPLETE)
    assert ran(trial) == trial.duration.total_seconds() == study_of(url).seconds
