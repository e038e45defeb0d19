"""The plan that was begun, so that the same command goes on with it."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sdae.aside import write_aside
from sdae.errors import SdaeError
from sdae.reproduce.plan import Step


def _file(folder: Path, target: str) -> Path:
    return folder / f"reproduce-{target}.json"


def chosen_before(folder: Path, asked: Mapping[str, Any]) -> dict[str, int] | None:
    """Return the trials of each job that the same command chose before; None where it was not begun.

    Raises:
        SdaeError: If the file cannot be read.
    """
    file = _file(folder, asked["target"])
    if not file.is_file():
        return None
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        return kept["trials"] if kept["asked"] == dict(asked) else None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SdaeError(f"{file}: cannot be read ({error}); remove it, and the plan is made again") from None


def store(folder: Path, asked: Mapping[str, Any], steps: Sequence[Step]) -> None:
    """Keep what was chosen; a later command for the same target takes its place."""
    trials = {step.job.key: step.trials for step in steps if not step.left_out}
    text = json.dumps({"asked": dict(asked), "trials": trials}, indent=2) + "\n"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SdaeError(f"--folder {folder}: cannot be written ({error.strerror})") from None
    write_aside(_file(folder, asked["target"]), lambda aside: Path(aside).write_text(text, encoding="utf-8"))
