"""The affine map + sigmoid that every layer is, whatever trained it (section 2.2)."""

import math
from typing import TypeVar

import torch
from torch import Tensor, nn

from sdae.errors import SdaeError
from sdae.seeds import generator


def initialise(linear: nn.Linear, seed: int, *purpose: str | int) -> nn.Linear:
    """Draw weights uniformly in ±1/√fan_in and set biases to zero (footnote 9), in place."""
    bound = 1 / math.sqrt(linear.in_features)
    with torch.no_grad():
        # Drawn on the CPU, so that a run starts from the same weights on every device.
        stream = generator(seed, "weights", *purpose)
        linear.weight.copy_(torch.empty(linear.weight.shape).uniform_(-bound, bound, generator=stream))
        linear.bias.zero_()
    return linear


def new_encoder(n_visible: int, n_hidden: int, layer: int, seed: int) -> nn.Linear:
    """Return the encoder of layer ``layer`` (counted from 1) at its random start, W (d', d) and b (d',)."""
    return initialise(nn.Linear(n_visible, n_hidden), seed, "encoder", layer)


def encode(encoder: nn.Linear, x: Tensor) -> Tensor:
    """Return f_θ(x) = s(Wx + b) for examples (n, d): (n, d')."""
    return torch.addmm(encoder.bias, x, encoder.weight.t()).sigmoid_()


def parameters_of(linear: nn.Linear) -> tuple[Tensor, Tensor]:
    """Return W and b without their gradient machinery, sharing memory with the module."""
    return linear.weight.detach(), linear.bias.detach()


T = TypeVar("T")


def per_layer(value: T | list[T], n_layers: int, key: str) -> list[T]:
    """Repeat one value for every layer (section 6.1 has the same for all), or check a list with one for each.

    Raises:
        SdaeError: If a list has another length than there are layers.
    """
    if not isinstance(value, list):
        return [value] * n_layers
    if len(value) != n_layers:
        raise SdaeError(f"{key}: {len(value)} values for {n_layers} layers; give one value, or one for each layer")
    return value
