"""The end of a study: the chosen trial's best weights are tested, once, and other weights are deleted."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from optuna.trial import TrialState

from sdae.files import read_json
from sdae.runs.folder import RunFolder
from sdae.sweeps.outcomes import best, given_up
from sdae.sweeps.stopping import GivenBack, Listen, Stop
from sdae.sweeps.studies import ERRORS, RESULT, OpenStudy
from sdae.sweeps.trial import Fit, UnusableEnvironment, no_room
from sdae.tracking.wandb_run import Untrackable


def drop_weights(study: OpenStudy, root: Path) -> None:
    """Delete the weights of the trials that can no longer be chosen: pruned, failed, or not the best.

    A trial that is not the best now cannot become the best later, so workers need no coordination.
    """
    trials = study.trials()  # read once, as trials may be completed meanwhile
    chosen = best(trials)
    over = [trial for trial in trials if trial.state in (TrialState.COMPLETE, TrialState.PRUNED)]
    for trial in [*over, *given_up(trials)]:
        if chosen is None or trial.number != chosen.number:
            RunFolder(root / trial.user_attrs["folder"]).drop_weights()


def close(study: OpenStudy, root: Path, fit: Fit, stop: Stop) -> bool:
    """Test the chosen trial of a study that has used its budget, by one worker; others continue elsewhere.

    If the worker dies here, the next one runs the test.

    Args:
        study: The study.
        root: The sweep's folder.
        fit: Runs an experiment; here only for the test.
        stop: Whether the worker is to stop; a running test is finished first.

    Returns:
        Whether the study is over.

    Raises:
        UnusableEnvironment: If the disk is full, or the data cannot be read.
    """
    folder = root / study.plan.folder
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / ".closing.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return False
    try:
        if study.result is None:
            drop_weights(study, root)
            result = _result(study, root, fit, stop)
            if result is None or not study.exhausted:  # trials may have been added meanwhile
                return False
            study.study.set_user_attr(RESULT, result)
        return True
    except GivenBack:
        return False
    finally:
        lock.release()


def _result(study: OpenStudy, root: Path, fit: Fit, stop: Stop) -> dict[str, Any] | None:
    """Return the study's result; None if the test raised for the first time."""
    trials = study.trials()
    chosen = best(trials)
    states = [trial.state for trial in trials]
    counts = {
        "complete": states.count(TrialState.COMPLETE),
        "pruned": states.count(TrialState.PRUNED),
        "failed": len(given_up(trials)),
    }
    summary: dict[str, Any] = {"trials": counts, "seconds": study.seconds, "chosen": None, "run": None}
    if chosen is None:
        return summary
    folder = RunFolder(root / chosen.user_attrs["folder"])
    summary["chosen"] = {"folder": chosen.user_attrs["folder"], "params": chosen.params}
    if folder.finished:
        return summary | {"run": read_json(folder.result, shape=dict)}
    config = study.plan.trial_config(chosen.params, chosen.user_attrs["cell"])
    try:
        return summary | {"run": fit(folder, config, [Listen(stop)])}
    except UnusableEnvironment:
        raise
    except Untrackable as error:
        raise UnusableEnvironment(str(error)) from error
    except Exception as error:
        if full := no_room(error, root):
            raise full from error
        in_one_line = " ".join(f"{type(error).__name__}: {error}".split())
        errors = [*study.study.user_attrs.get(ERRORS, []), in_one_line]
        study.study.set_user_attr(ERRORS, errors)
        return summary | {"error": f"its test failed: {errors[-1]}"} if len(errors) > 1 else None


def failure(result: Mapping[str, Any]) -> str | None:
    """Return why a study that is over has no test error; None if it has one.

    Args:
        result: Its result.
    """
    if (result.get("run") or {}).get("test_error") is not None:
        return None
    if result.get("chosen") is not None:
        return str(result.get("error", "the chosen run was not tested"))
    ended = [f"{n} {end}" for end in ("pruned", "failed") if (n := result.get("trials", {}).get(end))]
    return f"no trial was completed: {' and '.join(ended) or 'there was none'}"
