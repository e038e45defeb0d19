"""Opens a run's folder for the commands that ask something of a trained stack."""

from pathlib import Path
from typing import Any

import yaml

from sdae.cli.problems import problem_kept
from sdae.errors import SdaeError
from sdae.evaluation.trained import Trained
from sdae.run.folder import RunFolder


def open_run(path: Path) -> Trained:
    """Open a run that is finished, or at least pretrained.

    Args:
        path: The run's folder, or that of one fold of a cross-validation.

    Raises:
        SdaeError: If it holds no run, or one whose configuration cannot be used.
    """
    folder = RunFolder(path)
    if not folder.started:
        raise SdaeError(f"{path}: holds no run (no config.yaml); make one with fit, and name its folder")
    config = _read(folder.config)
    return Trained(folder, config, problem_kept(config["data"]))


def open_folds(path: Path) -> list[Trained]:
    """Open every fold of a cross-validated run, or the run itself where it has none.

    Raises:
        SdaeError: As :func:`open_run`; and if a fold has not been run.
    """
    run = open_run(path)
    if run.problem.folds is None or run.problem.fold is not None:
        return [run]
    return [open_run(run.folder.fold(k).path) for k in range(run.problem.folds)]


def _read(path: Path) -> dict[str, Any]:
    try:
        config = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SdaeError(f"{path}: cannot be read ({error})") from None
    if not isinstance(config, dict) or not isinstance(config.get("data"), dict):
        raise SdaeError(f"{path}: is no configuration of a run")
    return config
