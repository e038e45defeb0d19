"""The end of a study: the chosen trial's best weights are tested, once, and no other weights are left."""

from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from optuna.trial import TrialState

from sdae.run.folder import RunFolder
from sdae.sweeps.studies import RESULT, OpenStudy, given_up
from sdae.sweeps.trial import Fit


def drop_weights(study: OpenStudy, root: Path) -> None:
    """Drop the weights of the trials that can no longer be chosen: the pruned, the failed, and those that are beaten.

    What is beaten stays beaten, whatever the others come to, so that workers need not agree on it.
    """
    chosen = study.chosen
    over = [*study.trials(TrialState.COMPLETE, TrialState.PRUNED), *given_up(study.trials())]
    for trial in over:
        if chosen is None or trial.number != chosen.number:
            RunFolder(root / trial.user_attrs["folder"]).drop_weights()


def close(study: OpenStudy, root: Path, fit: Fit) -> bool:
    """Test the chosen trial of a study that has used its budget; by one worker, while the others look elsewhere.

    A worker that dies here leaves a run that is finished but for its test, which the next one does.

    Returns:
        Whether the study is over.
    """
    lock = FileLock(root / study.plan.folder / ".closing.lock")
    lock_folder = root / study.plan.folder
    lock_folder.mkdir(parents=True, exist_ok=True)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return False
    try:
        if study.result is None:
            drop_weights(study, root)
            study.study.set_user_attr(RESULT, _result(study, root, fit))
        return True
    finally:
        lock.release()


def _result(study: OpenStudy, root: Path, fit: Fit) -> dict[str, Any]:
    trials, chosen = study.trials(), study.chosen
    counts = {
        "complete": len(study.trials(TrialState.COMPLETE)),
        "pruned": len(study.trials(TrialState.PRUNED)),
        "failed": len(given_up(trials)),
    }
    summary: dict[str, Any] = {"trials": counts, "seconds": study.seconds, "chosen": None, "run": None}
    if chosen is None:
        return summary
    folder = RunFolder(root / chosen.user_attrs["folder"])
    if folder.finished:
        run = folder.read_json(folder.result)
    else:
        run = fit(folder, study.plan.trial_config(chosen.params, chosen.user_attrs["cell"]))
    return summary | {"chosen": {"folder": chosen.user_attrs["folder"], "params": chosen.params}, "run": run}
