"""What has become of a study's trials: which is the best, which are run again, and which are given up."""

from collections.abc import Sequence

from optuna.trial import FrozenTrial, TrialState

from sdae.tracking.keys import VALID_LOSS

RETRIES = "retry_history"  # Optuna's system attribute: the numbers of the trials that this one retries


def rank(trial: FrozenTrial) -> tuple[float, float, int]:
    """Return the key by which trials are compared, the smaller the better."""
    assert trial.value is not None
    return trial.value, trial.user_attrs.get(VALID_LOSS, float("inf")), trial.user_attrs.get("cell", trial.number)


def best(trials: Sequence[FrozenTrial]) -> FrozenTrial | None:
    """Return the chosen one of some trials, None if none is completed."""
    return min((trial for trial in trials if trial.state is TrialState.COMPLETE), key=rank, default=None)


def retried_numbers(trials: Sequence[FrozenTrial]) -> set[int]:
    """Return the numbers of the trials that were run again."""
    return {number for trial in trials for number in trial.system_attrs.get(RETRIES, [])}


def to_repeat(trials: Sequence[FrozenTrial]) -> list[FrozenTrial]:
    """Return the failed trials that are to be run again: those that raised once, and those whose worker died.

    A trial that raised twice, or whose workers died ten times, is not.
    """
    retried = retried_numbers(trials)
    return [
        trial
        for trial in trials
        if trial.state is TrialState.FAIL
        and trial.number not in retried
        and len(trial.user_attrs.get("errors", [])) < 2
        and len(trial.system_attrs.get(RETRIES, [])) < 10
    ]


def given_up(trials: Sequence[FrozenTrial]) -> list[FrozenTrial]:
    """Return the failed trials that are not run again and have not been."""
    to_retry = {trial.number for trial in to_repeat(trials)}
    failed = [trial for trial in trials if trial.state is TrialState.FAIL]
    return [trial for trial in failed if trial.number not in retried_numbers(trials) | to_retry]
