"""Runs the experiments of a study's trials, as ``fit`` does, from the configuration in the run folder."""

from collections.abc import Mapping, Sequence
from typing import Any

import yaml
from lightning import Callback, seed_everything

from sdae.config.building import SECTIONS, build, build_problem, configuration, with_source
from sdae.config.fitting import FREE
from sdae.config.runs import kept_config
from sdae.config.sections import differing
from sdae.data.problem import Problem
from sdae.data.run_problem import changed
from sdae.errors import SdaeError
from sdae.runs.folder import RunFolder
from sdae.runs.layer_cache import LayerCache
from sdae.runs.preprocessing import read_preprocessing
from sdae.sweeps.trial import UnusableEnvironment
from sdae.training import experiment

HANDOVER = 600.0  # seconds to wait until a worker that was considered dead has left the run folder


def resolve(problem: str, method: str, settings: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the whole configuration of a run, as ``fit`` makes it from a problem, a method and some values.

    Raises:
        SdaeError: If there is no such problem, method or key, or a value cannot be used, or not on this problem.
    """
    try:
        built = build(configuration(problem, method, settings))
        built.check_settings()
    except SdaeError as error:
        raise _of_sweep(error) from error
    if built.problem.n_classes == 0:
        raise SdaeError(f"studies.problems: {problem} has no classes, and so no validation error to choose by")
    if built.fine_tuning.max_epochs == 0:
        raise SdaeError("settings.fine_tuning.max_epochs: at least 1; 0 leaves no validation error to choose by")
    _ = built.tracking.mode  # raises before anything starts
    return dict(built.config)


def _of_sweep(error: SdaeError) -> SdaeError:
    """Name the key of the sweep file that makes a run's configuration unusable."""
    text = str(error)
    for kind, key in (("data ", "problems: "), ("method ", "methods: ")):
        if text.startswith(kind):
            return SdaeError(f"{key}{text.removeprefix(kind)}")
    known = text.partition(".")[0].partition(":")[0] in (*SECTIONS, "data", "seed_everything")
    return SdaeError(f"settings.{text}" if known or ": no such key" in text else text)


def folds(config: Mapping[str, Any]) -> int | None:
    """Return the number of folds in which a problem is studied; None if it has none, or one is chosen."""
    problem = build_problem(config["data"])
    return None if problem.fold is not None else problem.folds


def prepare(config: dict[str, Any]) -> None:
    """Prepare the data of a run before workers need them, and record their source.

    Raises:
        SdaeError: If they are not available.
    """
    problem = build_problem(config["data"])
    problem.prepare_data()
    config["data"] = with_source(config, problem)["data"]


def fit_trial(
    folder: RunFolder,
    config: dict[str, Any],
    callbacks: Sequence[Callback] = (),
    test: bool = True,
    cache: LayerCache | None = None,
) -> dict[str, Any]:
    """Run an experiment in its folder, or resume it, as ``fit`` does, with the options of a study.

    Args:
        folder: The run's folder.
        config: Its whole configuration.
        callbacks: Additional callbacks of every stage.
        test: Whether to test the best weights.
        cache: The cache of layers that runs share; None for no sharing.

    Raises:
        UnusableEnvironment: If the data are not available, or the folder holds a run with other settings.
        SdaeError: If the configuration cannot be used.
    """
    folder.path.mkdir(parents=True, exist_ok=True)
    with folder.locked(patience=HANDOVER):
        if folder.started and (key := differing(kept_config(folder), config, but=FREE)):
            raise UnusableEnvironment(
                f"{folder.path}: holds a run with another {key}; give this sweep another folder, or remove that one"
            )
        folder.write_config(yaml.safe_dump(config, sort_keys=False, allow_unicode=True))
        built = build(config)
        seed_everything(config["seed_everything"], workers=True, verbose=False)  # for a user's own modules
        try:
            built.problem.load()
            _check_unchanged(built.problem, folder)
        except (SdaeError, OSError) as error:
            raise UnusableEnvironment(str(error)) from error
        return experiment.run(built, folder, callbacks, test, cache)


def _check_unchanged(problem: Problem, folder: RunFolder) -> None:
    """Refuse local data that differ from those of the study's first trial, as errors could not be compared.

    Raises:
        SdaeError: If they have changed since.
    """
    trials = sorted(folder.path.parent.glob("trial-*"))
    first = next((other for other in trials if RunFolder(other).preprocessing.is_file()), None)
    kept = None if first is None else read_preprocessing(RunFolder(first))
    if kept is not None and changed(problem, kept):
        raise SdaeError(
            f"{problem.name}: the data have changed since {first} was trained; restore the old ones, or give this "
            "sweep another name, or folder"
        )
