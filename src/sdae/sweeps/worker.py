"""A worker: takes one trial at a time from the study with the most left to do, until all studies are over."""

import logging
import shutil
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import optuna
from filelock import FileLock
from optuna.exceptions import UpdateFinishedTrialError
from optuna.trial import FrozenTrial, TrialState

from sdae.errors import SdaeError
from sdae.formatting import duration, percent
from sdae.sweeps.closing import close, drop_weights
from sdae.sweeps.heartbeat import fail_dead, requeue
from sdae.sweeps.outages import patiently
from sdae.sweeps.plan import trial_name
from sdae.sweeps.stopping import GivenBack, Lost, Stop
from sdae.sweeps.storage import NothingWaiting, SharedStorage
from sdae.sweeps.studies import OpenStudy, searched_params, to_repeat
from sdae.sweeps.trial import CACHE, Fit, UnusableEnvironment, run_trial

log = logging.getLogger(__name__)

A_WHILE = 5.0  # seconds, at most, between two looks at what others run


def work(storage: SharedStorage, studies: Sequence[OpenStudy], root: Path, fit: Fit, stop: Stop) -> None:
    """Run trials until every study has its result, or the worker is asked to stop.

    A worker keeps nothing: any number may come and go, on any host that sees the storage and the folder.

    Args:
        storage: The studies'.
        studies: Of one sweep.
        root: The sweep's folder, shared by all workers.
        fit: Trains a run.
        stop: Whether the worker is to stop.

    Raises:
        UnusableEnvironment: If the disk is full, or the data cannot be read.
        SdaeError: If the storage stays away.
    """
    while not stop.requested:
        try:
            if _step(storage, studies, root, fit, stop):
                return
        except KeyError:  # Optuna's, of a study or a trial that is not there
            gone = [study.plan.name for study in studies if study.deleted]
            if not gone:
                raise
            log.warning("%s: deleted; this worker leaves it out", ", ".join(gone))
            studies = [study for study in studies if study.plan.name not in gone]


def _step(storage: SharedStorage, studies: Sequence[OpenStudy], root: Path, fit: Fit, stop: Stop) -> bool:
    """Run one trial, or close what is exhausted, or wait a while; return whether all is over."""
    going = [study for study in studies if study.result is None]
    for study in going:
        repeat_lost(study, root)
    open_ones = {study.plan.name: study.left for study in going}
    if any(open_ones.values()):
        take(storage, next_study(going, open_ones), root, fit, stop)
        return False
    waits = [study for study in going if not (study.exhausted and close(study, root, fit, stop))]
    if stop.requested:
        return False
    if not waits:
        shutil.rmtree(root / CACHE, ignore_errors=True)  # of no more use, and large
        return True
    time.sleep(min(A_WHILE, storage.get_heartbeat_interval() or A_WHILE))  # the others' trials may yet be lost
    return False


def next_study(studies: Sequence[OpenStudy], left: Mapping[str, int]) -> OpenStudy:
    """Return the study with the most trials left; among equals, of the stack that the fewest workers are busy with.

    Workers on the same stack would wait for the layers that one of them trains.
    """
    busy = Counter(_stack(study) for study in studies if study.trials(TrialState.RUNNING))
    return max(studies, key=lambda study: (left[study.plan.name], -busy[_stack(study)]))


def _stack(study: OpenStudy) -> tuple[str, str]:
    return study.plan.problem, study.plan.method


def take(storage: SharedStorage, study: OpenStudy, root: Path, fit: Fit, stop: Stop) -> None:
    """Take one trial of a study and run it, with a heartbeat.

    Raises:
        UnusableEnvironment: If every other trial would fail here too; the trial is requeued.
    """
    taken: list[optuna.Trial] = []
    unusable: list[UnusableEnvironment] = []

    def objective(trial: optuna.Trial) -> float:
        taken.append(trial)
        try:
            return run_trial(trial, study.plan, storage, root, fit, stop)
        except UnusableEnvironment as error:
            unusable.append(error)
            raise GivenBack from error

    try:
        # Lightning's modules and trainers know one another, and keep a trial's data until that circle is collected.
        study.study.optimize(objective, n_trials=1, catch=(Exception,), gc_after_trial=True)
    except NothingWaiting:
        return
    except GivenBack:
        try:
            storage.set_trial_state_values(taken[0]._trial_id, TrialState.WAITING)
        except UpdateFinishedTrialError:
            log.info("%s · %s: taken over by another worker", study.plan.name, trial_name(taken[0].user_attrs["cell"]))
            return
        except SdaeError:
            # Not even that can be written on a full disk; without a heartbeat the trial is requeued by others.
            if not unusable:
                raise
        if unusable:
            raise unusable[0] from None
        log.info("%s · %s: requeued", study.plan.name, trial_name(taken[0].user_attrs["cell"]))
        return
    except (Lost, UpdateFinishedTrialError, ValueError) as error:
        # Optuna raises ValueError for a trial that is not running any more.
        if not taken or storage.get_trial(taken[0]._trial_id).state is TrialState.RUNNING:
            raise
        log.info(
            "%s · %s: taken over by another worker (%s)",
            study.plan.name,
            trial_name(taken[0].user_attrs["cell"]),
            error,
        )
        return
    log_result(study, storage.get_trial(taken[0]._trial_id))
    drop_weights(study, root)


def repeat_lost(study: OpenStudy, root: Path) -> None:
    """Requeue the trials that raised for the first time, and those whose worker is dead.

    One process at a time, and by what the storage says: a worker that dies here leaves nothing undone or done twice.
    """
    if not study.trials(TrialState.RUNNING) and not study.trials(TrialState.FAIL):
        return
    fail_dead(study.study)
    if not to_repeat(study.trials()):
        return

    def repeat() -> None:
        for trial in to_repeat(study.trials()):
            requeue(study.study, trial)

    with FileLock(root / ".repeating.lock"):
        patiently(repeat)


def log_result(study: OpenStudy, trial: FrozenTrial) -> None:
    """Describe a trial's result in one line."""
    outcome = {
        TrialState.COMPLETE: f"validation error {percent(trial.value)}",
        TrialState.PRUNED: f"pruned, {trial.user_attrs.get('reason')}",
        TrialState.FAIL: f"failed, {trial.user_attrs.get('errors', ['?'])[-1]}",
    }[trial.state]
    if trial.state is TrialState.COMPLETE and study.chosen is not None and study.chosen.number == trial.number:
        outcome += ", the lowest so far"
    seconds = trial.duration.total_seconds() if trial.duration else 0.0
    parts = [study.plan.name, trial_name(trial.user_attrs["cell"]), searched_params(trial, study.plan)]
    log.info("%s: %s (%s)", " · ".join(filter(None, parts)), outcome, duration(seconds))
