"""A small finished run, for the tests of what is made of runs."""

from pathlib import Path
from typing import Any

import sdae
from sdae.evaluation.trained import Trained


def small_run(folder: Path) -> Trained:
    """Fit SAE-1 for an epoch on 20 examples of rect, and return the model."""
    data = {"source": "generated", "train_size": 20}
    settings: dict[str, Any] = {
        "pretraining": {"epochs": 1},
        "fine_tuning": {"max_epochs": 1},
        "tracking": {"wandb": "off"},
    }
    sdae.fit("rect", "sae-1", run=folder, model={"n_units": 4}, data=data, **settings)
    return sdae.load(folder)
