"""An estimator's training and validation examples as a problem."""

from typing import Any

import torch

from sdae.data.examples import Examples
from sdae.data.problem import Problem
from sdae.data.registry import Sizes
from sdae.data.scaling import Scaling, settled


class InMemory(Problem):
    """Training and validation examples in memory, without a test set.

    Args:
        train: Training examples, (n, d), float32; t is −1 for an unlabelled example.
        valid: Validation examples; empty if nothing is fine-tuned.
        classes: Names of the classes; empty for examples without classes.
        scaling: The scaling that was applied to the examples.
    """

    name = "estimator"
    provenance = "local"
    image_shape = None

    def __init__(self, train: Examples, valid: Examples, classes: tuple[str, ...], scaling: Scaling) -> None:
        """Hold the examples."""
        self.sizes = Sizes(len(train.x), len(valid.x), 0)
        super().__init__()
        self.n_features, self.n_classes = train.x.shape[1], len(classes)
        self.class_names, self.scaling, self.observed = classes, scaling, not scaling.clips
        self.value_range = settled(*(float(value) for value in train.x.aminmax()))
        self.train, self.valid = train, valid
        self.test = Examples(train.x[:0], torch.zeros(0, dtype=torch.int64))

    def save_hyperparameters(self, *args: Any, **kwargs: Any) -> None:
        """Save none: Lightning would copy the examples."""

    def load(self) -> None:
        """Do nothing: the examples are in memory."""
