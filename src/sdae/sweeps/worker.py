"""A worker: takes one trial at a time from the study with the most trials left, until all studies are over."""

import gc
import logging
import shutil
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import optuna
from filelock import FileLock
from optuna.exceptions import UpdateFinishedTrialError
from optuna.trial import FrozenTrial, TrialState

from sdae.errors import SdaeError
from sdae.formatting import duration, percent
from sdae.runs.versions import commit
from sdae.sweeps.final_test import close, drop_weights
from sdae.sweeps.heartbeat import fail_dead, ran, requeue
from sdae.sweeps.outages import patiently
from sdae.sweeps.outcomes import to_repeat
from sdae.sweeps.plan import trial_name
from sdae.sweeps.stopping import GivenBack, Lost, Stop
from sdae.sweeps.storage import NothingWaiting, SharedStorage
from sdae.sweeps.studies import OpenStudy, searched_params
from sdae.sweeps.trial import CACHE, Fit, UnusableEnvironment, run_trial

log = logging.getLogger(__name__)

POLL_SECONDS = 5.0  # at most, while other workers run the last trials


def work(storage: SharedStorage, studies: Sequence[OpenStudy], root: Path, fit: Fit, stop: Stop) -> None:
    """Run trials until every study has its result, or the worker is asked to stop.

    A worker keeps no state: any number may start and stop, on any host with access to the storage and the folder.

    Args:
        storage: The studies' storage.
        studies: Studies of one sweep.
        root: The sweep's folder, shared by all workers.
        fit: Runs an experiment.
        stop: Whether the worker is to stop.

    Raises:
        UnusableEnvironment: If the disk is full, or the data cannot be read.
        SdaeError: If the storage is unreachable for too long.
    """
    commit()  # looked up now, for every trial: the checkout may change while this process runs
    with _collecting_only_what_is_new():
        while not stop.requested:
            try:
                if _step(storage, studies, root, fit, stop):
                    return
            except KeyError:  # from Optuna, if a study or a trial was deleted
                deleted = [study.plan.name for study in studies if study.deleted]
                if not deleted:
                    raise
                log.warning("%s: deleted; this worker ignores it", ", ".join(deleted))
                studies = [study for study in studies if study.plan.name not in deleted]


@contextmanager
def _collecting_only_what_is_new() -> Iterator[None]:
    """Keep the garbage collector from looking through what is imported: a third of a second after every trial."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _step(storage: SharedStorage, studies: Sequence[OpenStudy], root: Path, fit: Fit, stop: Stop) -> bool:
    """Finish the exhausted studies, and run one trial of another, or wait; return True when all studies are done."""
    unfinished = [study for study in studies if study.result is None]
    for study in unfinished:
        repeat_lost(study, root)
    # Before the next trial, so that a sweep that is stopped has the results of the studies that are over.
    pending = [study for study in unfinished if not (study.exhausted and close(study, root, fit, stop))]
    if stop.requested:
        return False
    trials_left = {study.plan.name: study.left for study in pending}
    if any(trials_left.values()):
        take(storage, next_study(pending, trials_left), root, fit, stop)
        return False
    if not pending:
        shutil.rmtree(root / CACHE, ignore_errors=True)  # large, and no longer needed
        return True
    time.sleep(min(POLL_SECONDS, storage.get_heartbeat_interval() or POLL_SECONDS))  # their trials may be requeued
    return False


def next_study(studies: Sequence[OpenStudy], left: Mapping[str, int]) -> OpenStudy:
    """Return the study with the most trials left; among equals, that of the stack with the fewest busy workers.

    Workers on the same stack wait for the layers that one of them trains.
    """
    busy = Counter(_stack(study) for study in studies if study.trials(TrialState.RUNNING))
    return max(studies, key=lambda study: (left[study.plan.name], -busy[_stack(study)]))


def _stack(study: OpenStudy) -> tuple[str, str]:
    return study.plan.problem, study.plan.method


def take(storage: SharedStorage, study: OpenStudy, root: Path, fit: Fit, stop: Stop) -> None:
    """Take one trial of a study and run it, with a heartbeat.

    Raises:
        UnusableEnvironment: If every other trial would fail here as well; the trial is requeued.
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
        # Lightning's modules and trainers refer to each other, and keep a trial's data until they are collected.
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
            # A full disk prevents this as well; without a heartbeat the trial is requeued by others.
            if not unusable:
                raise
        if unusable:
            raise unusable[0] from None
        log.info("%s · %s: requeued", study.plan.name, trial_name(taken[0].user_attrs["cell"]))
        return
    except (Lost, UpdateFinishedTrialError, ValueError) as error:
        # Optuna raises ValueError for a trial that is no longer running.
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

    One process at a time, by the state in the storage: the operation is idempotent.
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
    parts = [study.plan.name, trial_name(trial.user_attrs["cell"]), searched_params(trial, study.plan)]
    log.info("%s: %s (%s)", " · ".join(filter(None, parts)), outcome, duration(ran(trial) or 0.0))
