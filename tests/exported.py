"""Estimators to export, and the examples that they were fitted to."""

from typing import Any

import numpy as np
from sklearn.datasets import load_digits, load_wine

SMALL: dict[str, Any] = {
    "hidden_layer_sizes": (30, 20),
    "pretraining_epochs": 2,
    "random_state": 1,
    "device": "cpu",
}
DIGITS, T = load_digits(return_X_y=True)
WINE, KINDS = load_wine(return_X_y=True)
NAMES = np.array(["Barolo", "Grignolino", "Barbera, süß"])[KINDS]
