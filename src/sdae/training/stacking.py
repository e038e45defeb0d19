"""Greedy layer-wise pretraining: layer after layer, each on the representation below it (section 3.5, Figure 3)."""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from sdae.data.minibatches import BLOCK_ROWS
from sdae.functional.corruption import Corruption, drawing_from, make_corruption
from sdae.models.autoencoder import Autoencoder
from sdae.models.classifier import Classifier
from sdae.models.layer import Layer, encode
from sdae.models.rbm import RBM
from sdae.settings.per_layer import per_layer
from sdae.settings.pretraining import Pretraining


def layers(settings: Pretraining, classifier: Classifier, value_range: tuple[float, float]) -> list[Layer]:
    """Build the layers that train each encoder of the classifier, sharing its parameters; none for an MLP.

    Args:
        settings: Settings of pretraining.
        classifier: The stack to pretrain.
        value_range: Minimum and maximum possible value of the input; above, sigmoids lie in [0, 1].

    Raises:
        SdaeError: If the settings do not fit the network or the data, see :meth:`Pretraining.check`.
    """
    if settings.layer == "none":
        return []
    settings.check(classifier.n_layers, value_range)
    rates = per_layer(settings.learning_rate, classifier.n_layers, "pretraining.learning_rate")
    levels = per_layer(settings.noise_level, classifier.n_layers, "pretraining.noise_level")
    stack: list[Layer] = []
    for k, (encoder, rate, level) in enumerate(zip(classifier.hidden, rates, levels, strict=True)):
        inputs_range = value_range if k == 0 else (0.0, 1.0)
        common: dict[str, Any] = {
            "n_visible": encoder.in_features,
            "n_hidden": encoder.out_features,
            "layer": k + 1,
            "learning_rate": rate,
            "batch_size": settings.batch_size,
            "weight_decay": settings.weight_decay,
            "seed": classifier.seed,
            "encoder": encoder,
        }
        if settings.layer == "rbm":
            common |= {
                "visible": settings.visible_of(value_range) if k == 0 else "binary",
                "cd_steps": settings.cd_steps,
                "persistent": settings.persistent,
                "sampled_inputs": settings.sampled_inputs,
            }
            stack.append(RBM(**common))
            continue
        common |= {
            "tied": settings.tied,
            "reconstruction": settings.reconstruction_of(inputs_range),
            "emphasis": (settings.emphasis[0], settings.emphasis[1]),
            "value_range": inputs_range,
        }
        if settings.noisy_inputs:
            noisy_input = CorruptThenEncode(
                make_corruption(settings.corruption, level, *value_range), classifier.hidden[:k]
            )
            stack.append(Autoencoder(**common, noise_level=0.0, noisy_input=noisy_input))
        else:
            stack.append(Autoencoder(**common, corruption=settings.corruption, noise_level=level))
    return stack


class CorruptThenEncode:
    """Converts raw inputs to the input of a layer in training with noisy inputs: the encoded x̃ (section 6.4).

    Args:
        corrupt: The noise that falls on the raw input.
        below: The trained encoders below the layer.
    """

    def __init__(self, corrupt: Corruption, below: Sequence[nn.Linear]) -> None:
        self.corrupt, self.below = corrupt, below

    def __repr__(self) -> str:
        """Show the corruption of the raw input, and not the encoders below."""
        return f"{type(self).__name__}({self.corrupt!r})"

    def draw_from(self, examples: Tensor | None) -> None:
        """Take the raw training examples, (n, d), that swap noise draws from."""
        self.corrupt = drawing_from(self.corrupt, examples)

    def __call__(self, x: Tensor, generator: torch.Generator) -> Tensor:
        """Corrupt raw examples (n, d) afresh, and encode them: (n, d')."""
        y, _ = self.corrupt(x, generator)
        for encoder in self.below:
            y = encode(encoder, y)
        return y


def pretrain(
    stack: list[Layer], x: Tensor, valid_x: Tensor, train: Callable[[Layer, Tensor, Tensor], None], raw: bool = False
) -> None:
    """Train each layer on the clean representation below it, which is computed once per layer (Figure 3).

    Args:
        stack: The layers from the input up.
        x: Clean training inputs, (n, d), on the training device.
        valid_x: Clean validation inputs, for monitored layers.
        train: Trains one layer in place on its inputs, or restores it if it was already trained.
        raw: Whether every layer takes the raw input and encodes it itself, as with noisy inputs, where representations
            cannot be computed once.

    Raises:
        Diverged: If nearly all units of a trained layer are constant.
    """
    some = x[:BLOCK_ROWS]
    for layer in stack:
        layer.to(x.device)
        layer.draw_from(x)
        train(layer, x, valid_x)
        layer.draw_from(None)  # releases the inputs of a trained layer
        layer.check_units(some)
        if layer is stack[-1]:
            return
        some = representation(layer, some)
        if not raw:
            x, valid_x = representation(layer, x), representation(layer, valid_x)


@torch.no_grad()
def representation(layer: Layer, x: Tensor) -> Tensor:
    """Encode clean examples (n, d) block by block: (n, d'), with no more memory than the result and a block."""
    y = torch.empty(len(x), layer.encoder.out_features, device=x.device)
    for start in range(0, len(x), BLOCK_ROWS):
        y[start : start + BLOCK_ROWS] = layer.encode(x[start : start + BLOCK_ROWS])
    return y
