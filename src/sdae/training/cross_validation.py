"""One run of several folds: each an ordinary run in a folder of its own, and their mean."""

import copy
import logging
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

import yaml

from sdae.data.problem import Problem
from sdae.errors import SdaeError
from sdae.runs.folder import RunFolder
from sdae.runs.result import percent
from sdae.tracking.tracking import Tracking, tracked
from sdae.training.experiment import SUMMARY, Experiment
from sdae.training.experiment import run as run_one

log = logging.getLogger(__name__)


def run(experiment: Experiment, folder: RunFolder) -> dict[str, Any]:
    """Run the experiment on every fold of a problem, from the same initial weights (section 6.1, tzanetakis).

    Fold 3's run is the folder ``fold03`` within the run's; each is resumed where it was interrupted, and left as it is
    where it is finished. Each is a W&B run of its own in a group with the name of the whole, whose own run has the mean
    and the standard deviation.

    Args:
        experiment: What is run: a problem with folds and none of them chosen, a network of which each fold gets a fresh
            copy at its random start, a configuration that each fold keeps with its own ``data.init_args.fold``.
        folder: The folder of the whole, locked by the caller.

    Returns:
        What ``result.json`` holds, see :func:`summarise`.

    Raises:
        SdaeError: If the data cannot be had, or another process is at work on a fold.
        Diverged: If a loss stops being a number in a fold.
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
        results.append(place.read_json(place.result))
        valid, test = percent(results[-1]["valid_error"]), percent(results[-1]["test_error"])
        log.info("%s of %d: validation error %s, test error %s", place.path.name, problem.folds, valid, test)
    result = summarise(results)
    tags = [result["problem"], result["method"], "cross-validation"]
    with tracked(tracking, folder.path, folder.metrics, folder.wandb_id, experiment.config, tags) as tracker:
        tracker.summary({key: result[key] for key in SUMMARY})
    folder.write_json(folder.result, result)
    return result


def of_fold(experiment: Experiment, fold: int, tracking: Tracking, folder: RunFolder) -> Experiment:
    """Return the experiment of one fold, with a fresh copy of the network.

    Args:
        experiment: The whole.
        fold: Which, counted from 0.
        tracking: How the whole is tracked.
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


def summarise(results: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Put the results of the folds together, in the form of one result.

    Errors are means over folds, and ``test_interval`` is no confidence interval but the standard deviation over folds,
    as in the paper's tables: that of a sample, with n − 1, which the paper leaves open. Seconds are the sum, epochs and
    numbers of examples means. ``folds`` has what each came to.
    """
    each = ("valid_error", "test_error", "test_interval", "epochs", "seconds", "examples")

    def mean(values: Sequence[float]) -> float:
        return statistics.fmean(values)

    def over_folds(statistic: Callable[[Sequence[float]], float], key: str) -> float | None:
        errors = [result[key] for result in results]
        return None if None in errors else statistic(errors)  # none where the layers were pretrained, and no more

    def means(key: str) -> dict[str, float]:
        return {name: mean([result[key][name] for result in results]) for name in results[0][key]}

    return {
        **results[0],
        "fold": None,
        "valid_error": over_folds(mean, "valid_error"),
        "valid_interval": over_folds(statistics.stdev, "valid_error"),
        "test_error": over_folds(mean, "test_error"),
        "test_interval": over_folds(statistics.stdev, "test_error"),
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
            f"{folder.path}: has a network for each of {problem.folds} folds; name the folder of one: "
            f"{folder.fold(0).path}"
        )
