"""One run of several folds: each an ordinary run in a folder of its own, and their mean and deviation."""

import copy
import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

import yaml

from sdae.data.problem import Problem
from sdae.errors import SdaeError
from sdae.files import read_json, write_json
from sdae.formatting import percent
from sdae.functional.over_folds import over_folds
from sdae.runs.folder import RunFolder
from sdae.runs.versions import versions_of_all
from sdae.tracking.keys import SUMMARY
from sdae.tracking.options import Tracking
from sdae.tracking.tracking import tracked
from sdae.training.experiment import Experiment
from sdae.training.experiment import run as run_one

log = logging.getLogger(__name__)


def cross_validate(experiment: Experiment, folder: RunFolder) -> dict[str, Any]:
    """Run the experiment on every fold of a problem, from the same initial weights (section 6.1, tzanetakis).

    Fold 3's run is the folder ``fold03`` within the run's; each is resumed if it was interrupted, and kept if it
    is finished. Each is a W&B run of its own in a group with the name of the whole, whose own run has
    the mean and the standard deviation.

    Args:
        experiment: The experiment: a problem with folds of which none is chosen, a network of which each fold gets a
            fresh copy at its random start, a configuration that each fold keeps with its own ``data.init_args.fold``.
        folder: The folder of the whole, locked by the caller.

    Returns:
        What ``result.json`` holds, see :func:`summarise_folds`.

    Raises:
        SdaeError: If the data are not available, or another process is using a fold.
        Diverged: If training diverges in a fold.
    """
    problem = experiment.problem
    assert problem.folds is not None
    problem.prepare_data()
    tracking = replace(experiment.tracking, group=experiment.tracking.group or folder.path.name)
    results = []
    for fold in range(problem.folds):
        place = folder.fold(fold)
        if not place.finished:
            part = of_fold(experiment, fold, tracking, folder)
            place.create()
            with place.locked():
                place.write_config(yaml.safe_dump(part.config, sort_keys=False, allow_unicode=True))
                run_one(part, place)
        results.append(read_json(place.result, shape=dict))
        valid, test = percent(results[-1]["valid_error"]), percent(results[-1]["test_error"])
        log.info("%s of %d: validation error %s, test error %s", place.path.name, problem.folds, valid, test)
    result = summarise_folds(results)
    tags = [result["problem"], result["method"], "cross-validation"]
    with tracked(tracking, folder.path, folder.metrics, folder.wandb_id, experiment.config, tags) as tracker:
        tracker.summary({key: result[key] for key in SUMMARY})
    write_json(folder.result, result)
    return result


def of_fold(experiment: Experiment, fold: int, tracking: Tracking, folder: RunFolder) -> Experiment:
    """Return the experiment of one fold, with a fresh copy of the network.

    Args:
        experiment: The whole.
        fold: Which, counted from 0.
        tracking: Tracking of the whole.
        folder: The folder of the whole.
    """
    tracking = replace(tracking, name=f"{tracking.name or folder.path.name}-{folder.fold(fold).path.name}")
    return replace(
        experiment,
        problem=experiment.problem.only(fold),
        classifier=copy.deepcopy(experiment.classifier),
        tracking=tracking,
        config=config_of_fold(experiment.config, fold, tracking),
    )


def config_of_fold(config: Mapping[str, Any], fold: int, tracking: Tracking) -> dict[str, Any]:
    """Return the configuration with which ``fit`` repeats one fold."""
    data = config.get("data", {})
    init_args = {**data.get("init_args", {}), "fold": fold}
    return {**config, "data": {**data, "init_args": init_args}, "tracking": asdict(tracking)}


def summarise_folds(results: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Aggregate the results of the folds to one result.

    Errors are means over folds, and ``test_interval`` is the standard deviation over folds,
    not a confidence interval, as in the paper's tables: that of a sample, with n − 1, which the paper leaves open.
    Seconds are the sum; epochs and the numbers of examples and of labels are means. ``folds`` has each one's result.
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
        "labels": over_folds([result["labels"] for result in results]).mean,
        "versions": versions_of_all([result["versions"] for result in results]),
        "folds": [{"fold": result["fold"], **{key: result[key] for key in each}} for result in results],
    }


def refuse_folds(problem: Problem, folder: RunFolder) -> None:
    """Refuse to take one network's weights from a run that has as many as folds.

    Raises:
        SdaeError: If the run is a cross-validation; names the folder of a fold.
    """
    if problem.folds is not None and problem.fold is None:
        raise SdaeError(
            f"{folder.path}: has a network for each of {problem.folds} folds; name the folder of one: "
            f"{folder.fold(0).path}"
        )
