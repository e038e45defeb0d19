"""A small sweep, and what tests ask of it."""

from pathlib import Path
from typing import Any

from sdae.sweeps import fitting
from sdae.sweeps.plan import StudyPlan, plan
from sdae.sweeps.storage import open_storage
from sdae.sweeps.studies import OpenStudy, find
from sdae.sweeps.sweep_file import read_sweep

SMALL: dict[str, Any] = {"studies": [{"problems": ["rect"], "methods": ["sdae-3"]}]}  # only planned

# One study of 16 trials, a second or two each.
GRID: dict[str, Any] = {
    "sampler": "grid",
    "pruner": "none",
    "heartbeat": 2,
    "space": {
        "nHUnit": [10, 20],
        "lRate": [0.005, 0.05],
        "lRateSup": [0.005, 0.1],
        "nEpoq": [5, 10],
        "ν": [0.25],
    },
    "settings": {
        "data": {"source": "generated", "train_size": 200},
        "fine_tuning": {"max_epochs": 30, "patience": 30},
        "tracking": {"wandb": "off"},
    },
    "studies": [{"problems": ["rect"], "methods": ["sdae-1"]}],
}

# Two studies of two trials each.
TINY: dict[str, Any] = {
    "sampler": "random",
    "trials": 2,
    "space": {"nHUnit": [10, 20], "lRate": [0.05], "lRateSup": [0.1], "nEpoq": [2], "ν": [0.25]},
    "settings": {
        "data": {"source": "generated", "train_size": 200},
        "fine_tuning": {"max_epochs": 4},
        "tracking": {"wandb": "offline"},
    },
    "studies": [{"problems": ["rect"], "methods": ["sdae-1", "mlp-1"]}],
}


def changed(**changes: Any) -> dict[str, Any]:
    """Return the small sweep with some of its keys otherwise."""
    return {**GRID, **changes}


def study_of(url: str, heartbeat: int = 60) -> OpenStudy:
    """Open the one study of a storage."""
    _, [study] = find(open_storage(url, heartbeat), None)
    return study


def planned(path: Path) -> list[StudyPlan]:
    """Plan the studies of a sweep file."""
    return plan(read_sweep(path), path.stem, fitting.resolve, fitting.folds)
