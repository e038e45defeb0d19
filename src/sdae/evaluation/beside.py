"""What the commands that draw a picture of runs put beside it: the numbers, and a W&B run."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from sdae.evaluation.trained import Trained
from sdae.files import write_json
from sdae.tracking.tracking import Mode, Tracking


def beside_its_run(run: Trained, job_type: str, name: str, mode: Mode | None) -> Tracking:
    """Return how a question asked of a run is tracked: as the run was, and where that is said, elsewhere."""
    kept = Tracking(**run.config["tracking"])
    return replace(kept, wandb=mode or kept.wandb, job_type=job_type, name=name)


def write_numbers(content: dict[str, Any], picture: Path) -> Path:
    """Write the numbers that go beside a picture, and return where: the same name, ending in ``.json``."""
    beside = picture.with_suffix(".json")
    write_json(beside, content)
    return beside
