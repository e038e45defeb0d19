"""Opens a run's folder as a trained model."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from sdae.config.building import build_problem
from sdae.config.yaml_files import read_yaml
from sdae.data.problem import Problem
from sdae.data.run_problem import RunProblem, moved
from sdae.errors import SdaeError
from sdae.evaluation.trained import Trained
from sdae.export.safetensors import SUFFIX, read_safetensors
from sdae.runs.folder import RunFolder
from sdae.runs.preprocessing import read_preprocessing

REQUIRED = ("model", "pretraining", "fine_tuning")  # that every run's configuration has, beside its data


def load(run: Path | str, data: Path | None = None) -> Trained:
    """Open a run that is finished or pretrained.

    Args:
        run: The run's folder, or that of one fold of a cross-validation; or an exported ``.safetensors`` file.
        data: New location of the run's data; default: the original location.

    Raises:
        SdaeError: If it holds no run, or one whose configuration cannot be used.
    """
    run = Path(run).expanduser()
    if run.suffix == SUFFIX:
        return read_safetensors(run, lambda section: build_problem(section if data is None else moved(section, data)))
    folder = RunFolder(run)
    if not folder.started:
        raise SdaeError(f"{run}: holds no run (no config.yaml); make one with fit, and name its folder")
    config = kept_config(folder)
    return Trained(folder, config, problem_of_run(folder, config["data"], data))


def problem_of_run(folder: RunFolder, section: Mapping[str, Any], data: Path | None = None) -> Problem:
    """Return the problem of a run; nothing is read yet if the run has a preprocessing.json.

    Args:
        folder: The run folder.
        section: Section ``data`` of its configuration.
        data: Their new location; default: the original location.
    """
    section = section if data is None else moved(section, data)
    kept = read_preprocessing(folder)
    return build_problem(section) if kept is None else RunProblem(kept, partial(build_problem, section))


def load_folds(run: Path | str, data: Path | None = None) -> list[Trained]:
    """Open every fold of a cross-validated run, or the run itself if it has none.

    Args:
        run: The run's folder; or that of a sweep's studies of all folds, of which each fold's chosen run is opened.
        data: New location of the run's data; default: the original location.

    Raises:
        SdaeError: As :func:`load`; and if a fold has not been run.
    """
    folder = RunFolder(Path(run).expanduser())
    if not folder.started and (chosen := folder.chosen_of_folds()):
        opened = [load(fold.path, data) for fold in chosen]
        if (n := opened[0].problem.folds) != len(opened):
            raise SdaeError(f"{run}: has {len(opened)} folds of {n}; the same sweep makes the others")
        return opened
    whole = load(run, data)
    if whole.problem.folds is None or whole.problem.fold is not None:
        return [whole]
    return [load(whole.folder.fold(k).path, data) for k in range(whole.problem.folds)]


def kept_config(folder: RunFolder) -> dict[str, Any]:
    """Return the configuration in a run folder.

    Raises:
        SdaeError: If it cannot be read, is not a configuration, or lacks a section.
    """
    config = read_yaml(folder.config)
    if not isinstance(config, dict) or not isinstance(config.get("data"), dict):
        raise SdaeError(f"{folder.config}: is not the configuration of a run")
    if missing := next((name for name in REQUIRED if name not in config), None):
        raise SdaeError(
            f"{folder.config}: is incomplete: {missing} is missing; restore the file, or begin in a new folder"
        )
    return config
