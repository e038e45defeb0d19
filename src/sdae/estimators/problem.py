"""Examples in memory as a problem to train on."""

from typing import Any

import torch

from sdae.data.examples import Examples
from sdae.data.problem import Problem
from sdae.data.registry import Sizes
from sdae.data.scaling import Scaling, settled


class InMemory(Problem):
    """Training and validation examples that an estimator was given; there is no test set.

    Args:
        train: Training examples, (n, d), float32; t is −1 where an example is unlabelled.
        valid: Validation examples; none where nothing is fine-tuned.
        classes: Names of the classes; none where there are none.
        scaling: What was done to the examples.
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
        """Keep none: Lightning would copy the examples."""

    def load(self) -> None:
        """Do nothing: the examples are there."""
