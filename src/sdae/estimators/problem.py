"""Examples in memory as a problem to train on."""

import torch

from sdae.data.problem import Examples, Problem, Sizes


class InMemory(Problem):
    """Training and validation examples that an estimator was given; there is no test set.

    Args:
        train: Training examples, (n, d), float32; t is −1 where an example is unlabelled.
        valid: Validation examples; none where nothing is fine-tuned.
        n_classes: Number of classes m; 0 where there are none.
    """

    name = "estimator"
    provenance = "local"
    image_shape = None

    def __init__(self, train: Examples, valid: Examples, n_classes: int) -> None:
        """Hold the examples."""
        self.sizes = Sizes(len(train.x), len(valid.x), 0)
        super().__init__()
        self.n_features, self.n_classes = train.x.shape[1], n_classes
        low, high = (float(value) for value in train.x.aminmax())
        self.value_range = (0.0, 1.0) if low >= 0 and high <= 1 else (low, high)
        self.train, self.valid = train, valid
        self.test = Examples(train.x[:0], torch.zeros(0, dtype=torch.int64))

    def load(self) -> None:
        """Do nothing: the examples are there."""
