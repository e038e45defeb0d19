"""Opens a run's folder for the commands that ask something of a trained stack."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from sdae.cli.problems import problem_kept
from sdae.data.kept import Kept, moved
from sdae.data.problem import Problem
from sdae.errors import SdaeError
from sdae.evaluation.trained import Trained
from sdae.files import write_json
from sdae.runs.folder import RunFolder
from sdae.runs.preprocessing import read_preprocessing
from sdae.settings.fine_tuning import FineTuning
from sdae.settings.pretraining import Pretraining
from sdae.tracking.tracking import Mode, Tracking


def open_run(path: Path, data: Path | None = None) -> Trained:
    """Open a run that is finished, or at least pretrained.

    Args:
        path: The run's folder, or that of one fold of a cross-validation.
        data: Where the run's data lie now; default: where they lay.

    Raises:
        SdaeError: If it holds no run, or one whose configuration cannot be used.
    """
    folder = RunFolder(path)
    if not folder.started:
        raise SdaeError(f"{path}: holds no run (no config.yaml); make one with fit, and name its folder")
    config = _read(folder.config)
    return Trained(folder, config, problem_of_run(folder, config["data"], data))


def problem_of_run(folder: RunFolder, section: Mapping[str, Any], data: Path | None = None) -> Problem:
    """Return the problem of a run, of which nothing is read yet where the run keeps its preprocessing.

    Args:
        folder: The run's.
        section: What its configuration says of the data.
        data: Where they lie now; default: where they lay.
    """
    section = section if data is None else moved(section, data)
    kept = read_preprocessing(folder)
    return problem_kept(section) if kept is None else Kept(kept, partial(problem_kept, section))


def open_folds(path: Path, data: Path | None = None) -> list[Trained]:
    """Open every fold of a cross-validated run, or the run itself where it has none.

    Raises:
        SdaeError: As :func:`open_run`; and if a fold has not been run.
    """
    run = open_run(path, data)
    if run.problem.folds is None or run.problem.fold is not None:
        return [run]
    return [open_run(run.folder.fold(k).path, data) for k in range(run.problem.folds)]


def settings_of(run: Trained) -> tuple[Pretraining, FineTuning]:
    """Return how a run was trained.

    Raises:
        SdaeError: If its configuration does not say so.
    """
    try:
        return Pretraining(**run.config["pretraining"]), FineTuning(**run.config["fine_tuning"])
    except (KeyError, TypeError) as error:
        raise SdaeError(f"{run.folder.config}: is no configuration of a run ({error})") from None


def beside_its_run(run: Trained, job_type: str, name: str, mode: Mode | None) -> Tracking:
    """Return how a question asked of a run is tracked: as the run was, and where that is said, elsewhere."""
    kept = Tracking(**run.config["tracking"])
    return replace(kept, wandb=mode or kept.wandb, job_type=job_type, name=name)


def write_numbers(content: dict[str, Any], picture: Path) -> Path:
    """Write the numbers that go beside a picture, and return where: the same name, ending in ``.json``."""
    beside = picture.with_suffix(".json")
    write_json(beside, content)
    return beside


def _read(path: Path) -> dict[str, Any]:
    try:
        config = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SdaeError(f"{path}: cannot be read ({error})") from None
    if not isinstance(config, dict) or not isinstance(config.get("data"), dict):
        raise SdaeError(f"{path}: is no configuration of a run")
    return config
