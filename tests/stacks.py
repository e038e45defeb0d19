"""Small estimators and examples, for their tests."""

from typing import Any

import torch
from sklearn.datasets import load_digits, load_wine

from sdae.estimators import StackedAutoencoder, StackedAutoencoderClassifier

DIGITS, T = load_digits(return_X_y=True)
X, VALID, TEST = DIGITS[:400] / 16, DIGITS[400:600] / 16, DIGITS[600:800] / 16
Y, Y_VALID, Y_TEST = T[:400], T[400:600], T[600:800]
WINE, _ = load_wine(return_X_y=True)


def autoencoder(**params: Any) -> StackedAutoencoder:
    """Return a small stack, with some of its parameters changed."""
    settings = {"hidden_layer_sizes": (40, 30), "pretraining_epochs": 20, "pretraining_learning_rate": 0.05}
    return StackedAutoencoder(**{**settings, "random_state": 3, "device": "cpu", **params})


def classifier(**params: Any) -> StackedAutoencoderClassifier:
    """Return a small classifier, with some of its parameters changed."""
    settings = {"hidden_layer_sizes": (30, 20), "pretraining_epochs": 5, "pretraining_learning_rate": 0.05}
    return StackedAutoencoderClassifier(**{**settings, "max_epochs": 15, "random_state": 3, "device": "cpu", **params})


def same(one: Any, other: Any) -> None:
    """Assert that two estimators have the same weights."""
    torch.testing.assert_close(one.network_.state_dict(), other.network_.state_dict(), rtol=0, atol=0)
