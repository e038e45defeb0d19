"""Processes that take a study's trials. They import this module, which is why it is without torch: a moment each."""

import contextlib
import time

import optuna
from optuna import Study
from optuna.trial import Trial

from sdae.sweeps.storage import NothingWaiting, open_storage


def study_at(url: str, heartbeat: int) -> Study:
    """Open the only study of a storage."""
    storage = open_storage(url, heartbeat)
    [study] = storage.get_all_studies()
    return optuna.load_study(study_name=study.study_name, storage=storage)


def drain(url: str) -> None:
    """Run trials until none is left."""
    study = study_at(url, 60)
    with contextlib.suppress(NothingWaiting):
        while True:
            study.optimize(_units, n_trials=1)


def _units(trial: Trial) -> float:
    return trial.suggest_categorical("nHUnit", range(1, 41))


def run_until_killed(url: str) -> None:
    """Run a trial that ends only with its worker."""
    study_at(url, 1).optimize(_asleep, n_trials=1)


def _asleep(trial: Trial) -> float:
    time.sleep(60)
    return 0.0
