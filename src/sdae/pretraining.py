"""Greedy pretraining: layer after layer, each on the representation below it (section 3.5, Figure 3)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from sdae.corruption import CorruptionName, make_corruption
from sdae.errors import SdaeError
from sdae.minibatches import BLOCK_ROWS
from sdae.models.autoencoder import Autoencoder
from sdae.models.classifier import Classifier
from sdae.models.layer import per_layer
from sdae.reconstruction import ReconstructionName


@dataclass
class Pretraining:
    """How every hidden layer is trained before fine-tuning. One value serves all layers (section 6.1), a list each.

    Args:
        layer: What each layer is trained as: autoencoder; or none, which leaves the network at its random start: MLP.
        epochs: Passages through the training set for every layer (Table 2, nEpoq: 5 to 300).
        learning_rate: Fixed step an example, times the sum of a minibatch's gradients (Table 2, lRate: 5e-6 to 0.1).
        corruption: Kind of noise: masking, salt-and-pepper or gaussian (section 3.3).
        noise_level: ν, the fraction of corrupted components (Table 2: 0, 0.10, 0.25, 0.40), or for Gaussian noise the
            standard deviation σ in units of the input (0 to 0.5). At 0 the layers are ordinary autoencoders: SAE.
        emphasis: (α, β), the weight of corrupted and of untouched components in the loss (section 3.4); (1, 0) is full
            emphasis. Only for noises that leave components untouched.
        tied: Whether the decoder's weights are the encoder's, W' = Wᵀ (section 2.2). The paper leaves it open for its
            classifiers; its authors' tutorial code ties them, and so does this by default.
        reconstruction: cross-entropy with a sigmoid decoder, squared with a linear one (section 2.2), or auto: the
            first where values lie in [0, 1], the second where they do not (section 6.1, tzanetakis's first layer).
        batch_size: Examples to an update. The paper leaves it open; its authors' code used 20 in such experiments.

    Raises:
        SdaeError: If a value is out of range, or emphasis is asked for with Gaussian noise.
    """

    layer: Literal["autoencoder", "none"] = "autoencoder"
    epochs: int = 50
    learning_rate: float | list[float] = 0.01
    corruption: CorruptionName = "masking"
    noise_level: float | list[float] = 0.25
    emphasis: tuple[float, float] = (1.0, 1.0)
    tied: bool = True
    reconstruction: Literal["auto", "cross-entropy", "squared"] = "auto"
    batch_size: int = 20

    def __post_init__(self) -> None:
        """Check every value on its own."""
        if self.epochs < 1:
            raise SdaeError(f"pretraining.epochs: at least one passage, not {self.epochs}; for none, layer: none")
        if self.batch_size < 1:
            raise SdaeError(f"pretraining.batch_size: at least one example, not {self.batch_size}")
        for rate in as_list(self.learning_rate):
            if not rate > 0:
                raise SdaeError(f"pretraining.learning_rate: a positive number, not {rate}")
        for level in as_list(self.noise_level):
            try:
                make_corruption(self.corruption, level)
            except SdaeError as error:
                raise SdaeError(f"pretraining.{error}") from None
        if min(self.emphasis) < 0 or max(self.emphasis) <= 0:
            raise SdaeError(f"pretraining.emphasis: weights (α, β), not negative and not both 0, not {self.emphasis}")
        if self.corruption == "gaussian" and tuple(self.emphasis) != (1.0, 1.0):
            raise SdaeError(
                "pretraining.emphasis: Gaussian noise corrupts every component, so emphasis has no meaning there "
                "(footnote 14); leave it at [1, 1]"
            )

    @property
    def family(self) -> str:
        """The paper's name for this way to initialise a network: MLP, SAE or SDAE."""
        if self.layer == "none":
            return "MLP"
        return "SDAE" if any(level > 0 for level in as_list(self.noise_level)) else "SAE"

    def check(self, n_layers: int, value_range: tuple[float, float]) -> None:
        """Check the values against the network and the data.

        Raises:
            SdaeError: If a list has not one value a layer, cross-entropy is asked for on data outside [0, 1], or
                salt-and-pepper noise on data without a minimum and a maximum.
        """
        per_layer(self.learning_rate, n_layers, "pretraining.learning_rate")
        level = per_layer(self.noise_level, n_layers, "pretraining.noise_level")[0]
        self._reconstruction(value_range)
        if self.layer != "none":
            make_corruption(self.corruption, level, *value_range)

    def layers(self, classifier: Classifier, value_range: tuple[float, float]) -> list[Autoencoder]:
        """Build an autoencoder around each encoder of the classifier, sharing its parameters; none for an MLP.

        Args:
            classifier: The stack to pretrain.
            value_range: Minimum and maximum possible value of the input; above, sigmoids lie in [0, 1].

        Raises:
            SdaeError: If a list has not one value a layer, or cross-entropy is asked for on data outside [0, 1].
        """
        if self.layer == "none":
            return []
        n_layers = classifier.n_layers
        rates = per_layer(self.learning_rate, n_layers, "pretraining.learning_rate")
        levels = per_layer(self.noise_level, n_layers, "pretraining.noise_level")
        layers = []
        for k, encoder in enumerate(classifier.hidden):
            value_range = value_range if k == 0 else (0.0, 1.0)
            layer = Autoencoder(
                n_visible=encoder.in_features,
                n_hidden=encoder.out_features,
                layer=k + 1,
                corruption=self.corruption,
                noise_level=levels[k],
                learning_rate=rates[k],
                batch_size=self.batch_size,
                tied=self.tied,
                reconstruction=self._reconstruction(value_range),
                emphasis=(self.emphasis[0], self.emphasis[1]),
                value_range=value_range,
                seed=classifier.seed,
                encoder=encoder,
            )
            layers.append(layer)
        return layers

    def _reconstruction(self, value_range: tuple[float, float]) -> ReconstructionName:
        fractions = value_range[0] >= 0 and value_range[1] <= 1
        if self.reconstruction == "auto":
            return "cross-entropy" if fractions else "squared"
        if self.reconstruction == "cross-entropy" and not fractions:
            raise SdaeError(
                f"pretraining.reconstruction: cross-entropy needs values in [0, 1], the data lie in "
                f"[{value_range[0]:g}, {value_range[1]:g}]; use squared, or auto"
            )
        return self.reconstruction


def as_list(value: float | list[float]) -> list[float]:
    """Return a value as a list of one, a list as it is."""
    return value if isinstance(value, list) else [value]


def pretrain(layers: list[Autoencoder], x: Tensor, train: Callable[[Autoencoder, Tensor], None]) -> None:
    """Train each layer on the clean representation below it, which is computed once a layer (Figure 3).

    Args:
        layers: The autoencoders from the input up.
        x: Clean training inputs, (n, d), on the training device.
        train: Trains one layer in place on inputs (n, d), or restores it where it was trained before.
    """
    for layer in layers:
        train(layer, x)
        if layer is not layers[-1]:
            x = representation(layer, x)


@torch.no_grad()
def representation(layer: Autoencoder, x: Tensor) -> Tensor:
    """Encode clean examples (n, d) block by block: (n, d'), with no more memory than the result and a block."""
    layer = layer.to(x.device)
    y = torch.empty(len(x), layer.encoder.out_features, device=x.device)
    for start in range(0, len(x), BLOCK_ROWS):
        y[start : start + BLOCK_ROWS] = layer.encode(x[start : start + BLOCK_ROWS])
    return y
