"""Reads a W&B run back from its file."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from subprocess import run
from typing import Any

from patience import PATIENT


def inspect(path: Path, environment: Mapping[str, str], *options: str) -> str:
    """Return what ``wandb leet inspect`` reads in a run's file."""
    command = [sys.executable, "-m", "wandb", "leet", "inspect", "--json", *options, str(path)]
    return run(command, env=dict(environment), capture_output=True, text=True, check=True, timeout=PATIENT).stdout


def files_of(folder: Path) -> list[Path]:
    """Return the files below a run's folder, one for each process that had it open, the first first."""
    return sorted(path for path in folder.glob("wandb/*/*.wandb") if not path.parent.is_symlink())


def records(path: Path, environment: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return all that a file holds."""
    return [json.loads(line) for line in inspect(path, environment).splitlines()]


def summary_of(path: Path, environment: Mapping[str, str]) -> dict[str, Any]:
    """Return what a file comes to: configuration, summary, name, tags, state."""
    return json.loads(inspect(path, environment, "--summary"))


def history(told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the history's rows among records."""
    return [record["history"]["item"] for record in told if record["type"] == "history"]


def series(told: list[dict[str, Any]], key: str) -> list[Any]:
    """Return the values of a key."""
    return [item[key] for item in history(told) if key in item]
