"""``fit`` for the command line and for Python: trains a model in a run folder."""

import dataclasses
import logging
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from sdae.config.building import SECTIONS, build, configuration, with_source
from sdae.config.problems import data_section
from sdae.config.runs import kept_config
from sdae.config.sections import differing, flat, merged
from sdae.data.problem import Problem
from sdae.data.run_problem import MAIN, OTHERS
from sdae.errors import Diverged, SdaeError
from sdae.evaluation.trained import Trained
from sdae.files import write_binary
from sdae.runs.folder import RunFolder, slug
from sdae.settings.effects import without_effect
from sdae.training import cross_validation, experiment
from sdae.training.experiment import Experiment

log = logging.getLogger(__name__)

ARRAYS = "examples.npz"  # in the run's folder: examples that were given as arrays
# Settings that may change on resume because results do not depend on them; local data, which have a fingerprint, may
# have moved.
WITHOUT_EFFECT = ("tracking", "trainer.progress")
FREE = (*WITHOUT_EFFECT, *(f"data.init_args.{key}" for key in (*MAIN, *OTHERS)))

Arrays = tuple[np.ndarray, np.ndarray]


def fit(
    problem: str | Path | Problem | Arrays,
    method: str = "sdae-3",
    run: Path | str | None = None,
    *,
    overwrite: bool = False,
    seed_everything: int | None = None,
    **settings: Mapping[str, Any],
) -> Trained:
    """Pretrain layer by layer, fine-tune with early stopping, and test the best weights once.

    The configuration is that of ``sdae fit``: ``conf/default.yaml``, on top of it problem and method, then settings.

    Args:
        problem: A short name such as ``rect``, a YAML file, a :class:`Problem`, or arrays (x, t): examples (n, d) or
            pictures (n, height, width), and their classes (n,), 0 to m - 1. Arrays are kept in the run's folder; a
            tenth each is held back for validation and test, by ``data={"seed": 1}``.
        method: A short name such as ``sdae-3``, ``sae-2``, ``dbn-1``, ``mlp-3``, or a YAML file.
        run: Run folder; default: a new one under ``runs/``. An unfinished run in it is resumed.
        overwrite: Whether to overwrite a run in the folder.
        seed_everything: Seed of weights, noise and order; default: 1.
        settings: Sections of the configuration: ``model={"n_units": 500}``, ``pretraining={"noise_level": 0.1}``,
            ``fine_tuning={...}``, ``trainer={...}``, ``tracking={"wandb": "off"}``, and ``data={...}``, the problem's
            own parameters.

    Returns:
        The trained model. That of a cross-validation has only a ``result``; :func:`load` opens its folds.

    Raises:
        SdaeError: If a name, a section, a key or a value cannot be used, or the folder holds another run.
        Diverged: If training diverges: a loss is NaN or infinite or rises for epochs, or units become constant.
    """
    folder = None if run is None else RunFolder(Path(run).expanduser())
    chosen = dict(settings) if seed_everything is None else {**settings, "seed_everything": seed_everything}
    if unknown := chosen.keys() - {*SECTIONS, "data", "seed_everything"}:
        there = ", ".join((*SECTIONS, "data", "seed_everything"))
        raise SdaeError(f"{min(unknown)}: no such section; there are {there}")
    if not isinstance(problem, str | Path | Problem) and not (isinstance(problem, tuple) and len(problem) == 2):
        raise SdaeError(f"problem: a name, a YAML file, a Problem or two arrays (x, t), not {type(problem).__name__}")
    if not isinstance(method, str):
        raise SdaeError(f"method: a short name such as sdae-3, or a YAML file, not {type(method).__name__}")
    resumed = None if overwrite else folder
    if isinstance(problem, tuple):
        return _fit_arrays(problem, method, folder, overwrite, chosen)
    if isinstance(problem, Problem):
        if "data" in chosen:
            raise SdaeError("data: only with a problem's name; this problem is already built")
        config = _with_kept_source(configuration(data_section(problem), method, chosen), resumed)
        built = dataclasses.replace(build(config), problem=problem)
    else:
        built = build(_with_kept_source(configuration(str(problem), method, chosen), resumed))
    _warn_of_unused(chosen, built)
    with prepared(built, folder, overwrite) as (ready, place):
        train_prepared(ready, place)
    return Trained(place, ready.config, ready.problem)


@contextmanager
def prepared(
    built: Experiment, folder: RunFolder | None, overwrite: bool = False
) -> Iterator[tuple[Experiment, RunFolder]]:
    """Prepare the data, and make and lock the run folder, with its configuration in it.

    Args:
        built: The experiment.
        folder: Run folder; default: a new one under ``runs/``.
        overwrite: Whether to overwrite a run in the folder.

    Raises:
        SdaeError: If the data are not available or do not fit the settings; or if the folder cannot be used, or holds
            a finished run, or one with other settings.
    """
    built.check()
    built = dataclasses.replace(built, config=with_source(built.config, built.problem))
    place = folder or RunFolder.new(f"{built.problem.name}-{slug(built.method)}")
    place.create()
    with place.locked():
        if place.finished and not overwrite:
            raise SdaeError(f"{place.path}: holds a finished run; name another folder as run, or overwrite it")
        if overwrite:
            place.clear()
        elif place.started:
            kept = kept_config(place)
            if key := differing(kept, built.config, but=FREE):
                before, now = (flat(config).get(key) for config in (kept, built.config))
                raise SdaeError(
                    f"{place.config}: {key} is {before} there and {now} here; leave it out, name another folder "
                    "as run, or overwrite it"
                )
        place.write_config(yaml.safe_dump(built.config, sort_keys=False, allow_unicode=True))
        yield built, place


def train_prepared(ready: Experiment, place: RunFolder) -> dict[str, Any]:
    """Run an experiment, or all folds of one, in its prepared folder, and return what ``result.json`` holds.

    Raises:
        SdaeError: If the data are not available, or the configuration does not fit them.
        Diverged: If training diverges: a loss is NaN or infinite or rises for epochs, or units become constant.
    """
    whole = ready.problem.folds is not None and ready.problem.fold is None
    try:
        return cross_validation.cross_validate(ready, place) if whole else experiment.run(ready, place)
    except Diverged as error:
        raise Diverged(f"{error}, and overwrite the run in {place.path}") from error


def _with_kept_source(config: dict[str, Any], folder: RunFolder | None) -> dict[str, Any]:
    """Take the source of the data from an unfinished run of the same problem, unless another is given."""
    if folder is None or not folder.started:
        return config
    kept = kept_config(folder)["data"]
    if kept.get("class_path") != config["data"].get("class_path"):
        return config
    source = (kept.get("init_args") or {}).get("source")
    requested = (config["data"].get("init_args") or {}).get("source", "auto")
    return merged(config, {"data": {"init_args": {"source": source}}}) if source and requested == "auto" else config


def _warn_of_unused(settings: Mapping[str, Any], experiment: Experiment) -> None:
    for message in without_effect(flat(settings), experiment.pretraining, experiment.fine_tuning):
        log.warning("%s", message)


def _fit_arrays(
    arrays: Arrays, method: str, folder: RunFolder | None, overwrite: bool, settings: dict[str, Any]
) -> Trained:
    x, t = (_numbers_or_texts(name, values) for name, values in zip(("x", "t"), arrays, strict=True))
    data = {"class_path": "sdae.data.LocalArrays", "init_args": {"name": "arrays"}}
    with tempfile.TemporaryDirectory() as temporary:
        # Checked as a file, before a run folder is created.
        file = Path(temporary) / ARRAYS
        np.savez(file, x=x, t=t)
        try:
            checked = build(configuration(merged(data, {"init_args": {"path": str(file)}}), method, settings))
        except SdaeError as error:
            raise SdaeError(str(error).replace(str(file), "(x, t)")) from error
    checked.check()
    _warn_of_unused(settings, checked)
    place = folder or RunFolder.new(f"{checked.problem.name}-{slug(checked.method)}")
    place.create()
    kept = place.path / ARRAYS
    if kept.exists() and not overwrite:
        with np.load(kept, allow_pickle=False) as before:
            if not all(np.array_equal(before[name], array) for name, array in (("x", x), ("t", t))):
                raise SdaeError(f"{kept}: holds other examples; name another folder as run, or overwrite it")
    config = merged(checked.config, {"data": {"init_args": {"path": str(kept.absolute())}}})
    with prepared(dataclasses.replace(checked, config=config), place, overwrite) as (ready, place):
        write_binary(kept, lambda file: np.savez(file, x=x, t=t))
        train_prepared(ready, place)
    return Trained(place, ready.config, ready.problem)


def _numbers_or_texts(name: str, values: Any) -> np.ndarray:
    """Return an array; of Python objects, as a column of texts has them, one of their common type."""
    try:
        array = np.asarray(values)
        array = np.array(array.tolist()) if array.dtype == object else array
    except (ValueError, TypeError, RuntimeError) as error:  # rows of several lengths, tensors that NumPy cannot take
        raise SdaeError(f"{name}: {error}") from None
    if array.dtype == object:
        raise SdaeError(f"{name}: holds objects of Python's type {type(array.flat[0]).__name__}, not numbers")
    return array
