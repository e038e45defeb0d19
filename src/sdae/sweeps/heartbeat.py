"""A worker's heartbeat: written while it runs a trial; when it stops, others run the trial.

Optuna writes it, in a thread, during ``study.optimize``. This module adds the grace period, the initial heartbeat, the
requeueing of dead trials, and the time for which a trial has run: Optuna's own begins anew when a trial is resumed, and
ends for a killed worker's when others notice.
"""

import logging
import time
import warnings
from collections.abc import Sequence

from optuna import Study
from optuna.exceptions import ExperimentalWarning, UpdateFinishedTrialError
from optuna.storages import RDBStorage, RetryHeartbeatStaleTrialCallback, _CachedStorage, fail_stale_trials
from optuna.trial import FrozenTrial, TrialState

from sdae.errors import SdaeError
from sdae.sweeps.outages import patiently

log = logging.getLogger(__name__)

GRACE = 3  # heartbeats missed before a worker is considered dead
RAN = "ran_seconds"  # user attribute of a trial: the seconds of its attempts, of a killed worker to its heartbeat


def grace(interval: int) -> int:
    """Return after how many seconds without a heartbeat a worker is considered dead.

    Args:
        interval: Seconds between two heartbeats.
    """
    return GRACE * interval


def ran(trial: FrozenTrial) -> float | None:
    """Return the seconds for which a trial has run, over all its attempts; None before its first.

    They are those of the clock, without the time in which it waited for a layer that another worker trained.
    """
    seconds: float | None = trial.user_attrs.get(RAN)
    if seconds is None and trial.duration is not None:  # of a study from before these were recorded
        return trial.duration.total_seconds()
    return seconds


class HeartbeatStorage(_CachedStorage):
    """A storage in which a trial has a heartbeat before it is running, and the time for which it has run.

    So a trial whose worker dies at once is noticed, and a requeued one is not considered dead by its old heartbeat.
    """

    def __init__(self, backend: RDBStorage) -> None:
        """Start without an attempt at a trial."""
        super().__init__(backend)
        self._attempts: dict[int, tuple[float, float]] = {}  # of this worker: when it began, and the seconds before

    def set_trial_state_values(self, trial_id: int, state: TrialState, values: Sequence[float] | None = None) -> bool:
        """Change a trial's state; one that becomes running gets its first heartbeat, one that ends its seconds."""
        if state is TrialState.RUNNING:
            self.record_heartbeat(trial_id)
        else:
            self._record_seconds(trial_id)  # before, as a finished trial cannot be changed
        changed = super().set_trial_state_values(trial_id, state, values)
        if state is not TrialState.RUNNING:
            self._attempts.pop(trial_id, None)
        elif changed:
            self._attempts[trial_id] = time.monotonic(), self.get_trial(trial_id).user_attrs.get(RAN, 0.0)
        return changed

    def record_heartbeat(self, trial_id: int) -> None:
        """Write a heartbeat and the seconds so far; if this fails, others may consider the trial dead."""
        try:
            patiently(lambda: _CachedStorage.record_heartbeat(self, trial_id))
            self._record_seconds(trial_id)
        except SdaeError as error:
            log.warning("%s", error)

    def leave_out(self, trial_id: int, seconds: float) -> None:
        """Do not count seconds in which a trial that runs here has waited for another worker."""
        if trial_id in self._attempts:
            began, before = self._attempts[trial_id]
            self._attempts[trial_id] = began + seconds, before

    def _record_seconds(self, trial_id: int) -> None:
        """Write the seconds of a trial that runs here."""
        if trial_id not in self._attempts:
            return
        began, before = self._attempts[trial_id]
        try:
            self.set_trial_user_attr(trial_id, RAN, before + time.monotonic() - began)
        except (UpdateFinishedTrialError, KeyError):
            log.debug("trial %d: taken over by another worker, or deleted", trial_id)


def fail_dead(study: Study) -> None:
    """Mark as failed the running trials whose heartbeat has been missed too often."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ExperimentalWarning)  # heartbeats are nominally experimental in Optuna
        fail_stale_trials(study)


def requeue(study: Study, trial: FrozenTrial) -> None:
    """Queue a failed trial again under a new number, with its parameters, its attributes and its curve so far."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ExperimentalWarning)
        retry = RetryHeartbeatStaleTrialCallback(inherit_intermediate_values=True)
    retry(study, trial)
