"""One run of several folds: each an ordinary run in a folder of its own, and their mean and deviation."""

import copy
import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

import yaml

from sdae.data.problem import Problem
from sdae.errors import SdaeError
from sdae.formatting import percent
from sdae.functional.over_folds import over_folds
from sdae.models.classifier import Classifier
from sdae.runs.folder import RunFolder
from sdae.settings.fine_tuning import FineTuning
from sdae.settings.pretraining import Pretraining
from sdae.tracking.tracking import Tracking, tracked
from sdae.training import experiment
from sdae.training.trainer import OneDeviceTrainer

log = logging.getLogger(__name__)


def run(
    problem: Problem,
    classifier: Classifier,
    pretraining: Pretraining,
    fine_tuning: FineTuning,
    trainer: OneDeviceTrainer,
    tracking: Tracking,
    folder: RunFolder,
    config: Mapping[str, Any],
) -> dict[str, Any]:
    """Run the experiment on every fold of a problem, from the same initial weights (section 6.1, tzanetakis).

    Fold 3's run is the folder ``fold03`` within the run's; each is resumed where it was interrupted, and left as
    it is where it is finished. Each is a W&B run of its own in a group with the name of the whole, whose own run has
    the mean and the standard deviation.

    Args:
        problem: The data, with folds and none of them chosen.
        classifier: The network, of which each fold gets a fresh copy at its random start.
        pretraining: As for :func:`sdae.training.experiment.run`; so are the next three.
        fine_tuning: How the network is trained on the classes.
        trainer: The device.
        tracking: Where the runs are tracked.
        folder: The folder of the whole, locked by the caller.
        config: The resolved configuration; each fold keeps it with its own ``data.init_args.fold``.

    Returns:
        What ``result.json`` holds, see :func:`summarise`.

    Raises:
        SdaeError: If the data cannot be had, or another process is at work on a fold.
        Diverged: If a loss stops being a number in a fold.
    """
    assert problem.folds is not None
    problem.prepare_data()
    tracking = replace(tracking, group=tracking.group or folder.path.name)
    results = []
    for fold in range(problem.folds):
        its = folder.fold(fold)
        if not its.finished:
            told = replace(tracking, name=f"{tracking.name or folder.path.name}-{its.path.name}")
            kept = config_of_fold(config, fold, told)
            its.create()
            with its.locked():
                its.write_config(yaml.safe_dump(kept, sort_keys=False, allow_unicode=True))
                fresh = copy.deepcopy(classifier)
                experiment.run(problem.only(fold), fresh, pretraining, fine_tuning, trainer, told, its, config=kept)
        results.append(its.read_json(its.result))
        valid, test = percent(results[-1]["valid_error"]), percent(results[-1]["test_error"])
        log.info("%s of %d: validation error %s, test error %s", its.path.name, problem.folds, valid, test)
    result = summarise(results)
    tags = [result["problem"], result["method"], "cross-validation"]
    with tracked(tracking, folder.path, folder.metrics, folder.wandb_id, config, tags) as tracker:
        tracker.summary({key: result[key] for key in experiment.SUMMARY})
    folder.write_json(folder.result, result)
    return result


def config_of_fold(config: Mapping[str, Any], fold: int, tracking: Tracking) -> dict[str, Any]:
    """Return the configuration with which ``fit`` repeats one fold."""
    data = config.get("data", {})
    init_args = {**data.get("init_args", {}), "fold": fold}
    return {**config, "data": {**data, "init_args": init_args}, "tracking": asdict(tracking)}


def summarise(results: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Put the results of the folds together, in the form of one result.

    Errors are means over folds, and ``test_interval`` is no confidence interval but the standard deviation over folds,
    as in the paper's tables: that of a sample, with n − 1, which the paper leaves open. Seconds are the sum, epochs and
    numbers of examples means. ``folds`` has each one's result.
    """
    each = ("valid_error", "test_error", "test_interval", "epochs", "seconds", "examples")

    def means(key: str) -> dict[str, float | None]:
        return {name: over_folds([result[key][name] for result in results]).mean for name in results[0][key]}

    valid, test = (over_folds([result[key] for result in results]) for key in ("valid_error", "test_error"))
    return {
        **results[0],
        "fold": None,
        "valid_error": valid.mean,
        "valid_interval": valid.deviation,
        "test_error": test.mean,
        "test_interval": test.deviation,
        "interval": f"standard deviation over {len(results)} folds",
        "epochs": means("epochs"),
        "seconds": sum(result["seconds"] for result in results),
        "examples": means("examples"),
        "folds": [{"fold": result["fold"], **{key: result[key] for key in each}} for result in results],
    }


def refuse_folds(problem: Problem, folder: RunFolder) -> None:
    """Refuse to take one network's weights from a run that has as many as folds.

    Raises:
        SdaeError: If the run is a cross-validation; names the folder of a fold.
    """
    if problem.folds is not None and problem.fold is None:
        raise SdaeError(
            f"{folder.path}: has a network for each of {problem.folds} folds; name one's folder: "
            f"--run {folder.fold(0).path}"
        )
