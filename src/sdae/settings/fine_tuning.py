"""Supervised fine-tuning: plain stochastic gradient descent with early stopping (section 6.1)."""

from dataclasses import dataclass

from torch import Tensor

from sdae.errors import SdaeError
from sdae.functional.corruption import Corruption, CorruptionName, drawing_from, make_corruption
from sdae.functional.updates import check_update
from sdae.settings.annotations import check_fields


@dataclass
class FineTuning:
    """The training of the whole network on the classes, after pretraining.

    Args:
        learning_rate: Fixed per-example learning rate: an update is the rate times the sum of a minibatch's gradients
            (Table 2, lRateSup: 0.0005 to 0.2).
        batch_size: Examples per update. 1 as in pretraining: online learning.
        max_epochs: Maximum number of epochs; 0 for pretraining only, without fine-tuning and test. The paper leaves it
            open; its authors' tutorial code stops at 1,000, and early stopping nearly always comes first.
        patience: Epochs without a lower validation error after which training stops; among epochs of equal error, the
            one of the lowest loss is kept. The paper says only that it stops early. A pretrained network reaches its
            lowest error within some tens of epochs, and then varies by one or two validation examples, so 10 epochs
            are enough to distinguish a plateau from a temporary stall; an epoch of online learning makes more progress
            than one of minibatches. Three layers with random weights may need more epochs before their error falls:
            for an MLP on few examples, 50.
        corruption: Kind of noise on the inputs, in training only (section 6.4, SAE(2)).
        noise_level: ν, the fraction of corrupted inputs, or σ for Gaussian noise; 0 for the paper's usual, noiseless
            fine-tuning.

    Raises:
        SdaeError: If a value is of another type or out of range.
    """

    learning_rate: float = 0.1
    batch_size: int = 1
    max_epochs: int = 1000
    patience: int = 10
    corruption: CorruptionName = "masking"
    noise_level: float = 0.0

    def __post_init__(self) -> None:
        check_fields(self, "fine_tuning.")
        check_update(self.learning_rate, self.batch_size, within="fine_tuning.")
        for name, least in {"max_epochs": 0, "patience": 1}.items():
            if getattr(self, name) < least:
                raise SdaeError(f"fine_tuning.{name}: at least {least}, not {getattr(self, name)}")
        make_corruption(self.corruption, self.noise_level, within="fine_tuning.")

    def corrupt(self, value_range: tuple[float, float], examples: Tensor | None = None) -> Corruption | None:
        """Return the corruption of inputs in training, or None.

        Args:
            value_range: The inputs' least and greatest possible value.
            examples: Training inputs, (n, d), that swap noise draws from.

        Raises:
            SdaeError: If salt-and-pepper noise is requested for data without a minimum and a maximum.
        """
        if self.noise_level == 0:
            return None
        return drawing_from(
            make_corruption(self.corruption, self.noise_level, *value_range, within="fine_tuning."), examples
        )
