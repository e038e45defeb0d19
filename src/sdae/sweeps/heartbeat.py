"""A worker's heartbeat: written while it runs a trial; when it stops, others run the trial.

Optuna writes it, in a thread, during ``study.optimize``. This module adds the grace period, the initial heartbeat and
the requeueing of dead trials.
"""

import logging
import warnings
from collections.abc import Sequence

from optuna import Study
from optuna.exceptions import ExperimentalWarning
from optuna.storages import RetryHeartbeatStaleTrialCallback, _CachedStorage, fail_stale_trials
from optuna.trial import FrozenTrial, TrialState

from sdae.errors import SdaeError
from sdae.sweeps.outages import patiently

log = logging.getLogger(__name__)

GRACE = 3  # heartbeats missed before a worker is considered dead


def grace(interval: int) -> int:
    """Return after how many seconds without a heartbeat a worker is considered dead.

    Args:
        interval: Seconds between two heartbeats.
    """
    return GRACE * interval


class HeartbeatStorage(_CachedStorage):
    """A storage in which a trial has a heartbeat before it is running.

    So a trial whose worker dies at once is noticed, and a requeued one is not considered dead by its old heartbeat.
    """

    def set_trial_state_values(self, trial_id: int, state: TrialState, values: Sequence[float] | None = None) -> bool:
        """Change a trial's state; one that becomes running gets its first heartbeat."""
        if state is TrialState.RUNNING:
            self.record_heartbeat(trial_id)
        return super().set_trial_state_values(trial_id, state, values)

    def record_heartbeat(self, trial_id: int) -> None:
        """Write a heartbeat; if this fails, others may consider the trial dead."""
        try:
            patiently(lambda: _CachedStorage.record_heartbeat(self, trial_id))
        except SdaeError as error:
            log.warning("%s", error)


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
