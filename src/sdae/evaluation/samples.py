"""Samples drawn top-down from a pretrained stack, by the same procedure for SAE, SDAE and DBN (section 7, Figure 14).

An example is encoded deterministically to the top (7.2). Then Bernoulli sampling and deterministic decoding alternate
down to the input (7.1). The paper leaves two things open:

Is the top sampled? Its representation "is to be understood as the parameters (the mean) of a factorial Bernoulli
distribution for the actual binary units" (7.2), and the pass alternates "Bernoulli sampling and deterministic
decoding", in this order (Figure 14): so we draw the top units first. "Successively sampling from B(g(previous layer))",
read to the letter, begins with the representation itself: that is ``top="mean"``.

Is the last picture a mean or a draw? After as many draws as decodings the pass ends with a decoding, g_θ'(1), whose
grey levels are the mean of B: that is what Figure 15 shows, as digits drawn from it would be black or white.
``last="draw"`` draws from it.
"""

from collections.abc import Sequence
from typing import Literal

import torch
from torch import Tensor

from sdae.functional.contrastive_divergence import bernoulli, gibbs_step, sample_visible
from sdae.functional.reconstruction import CrossEntropy
from sdae.models.layer import Layer
from sdae.models.rbm import RBM

Form = Literal["mean", "draw"]


@torch.no_grad()
def encode_to_top(layers: Sequence[Layer], x: Tensor) -> Tensor:
    """Encode examples (n, d) deterministically by all layers from the input up: (n, d'), the mean of the top units."""
    for layer in layers:
        x = layer.encode(x)
    return x


@torch.no_grad()
def top_down(layers: Sequence[Layer], units: Tensor, generator: torch.Generator, last: Form = "mean") -> Tensor:
    """Decode states of the top units (n, d') down to the input (n, d), sampling every layer between (section 7.1).

    Args:
        layers: The stack from the input up.
        units: States of the top layer.
        generator: The stream of draws.
        last: Whether the input is its mean given the layer above it, or a draw.
    """
    for layer in reversed(layers[1:]):
        units = drawn(layer, layer.decode(units), generator)
    mean = layers[0].decode(units)
    return mean if last == "mean" else drawn(layers[0], mean, generator)


def drawn(layer: Layer, mean: Tensor, generator: torch.Generator) -> Tensor:
    """Draw a sample around the mean that a layer decodes.

    A sigmoid decoder's output is a Bernoulli's mean, a Gaussian RBM's visible units have unit variance; an
    autoencoder's linear decoder says nothing of a variance, so that its draw is the mean.
    """
    if isinstance(layer, RBM):
        return sample_visible(mean, layer.visible, generator)
    return bernoulli(mean, generator) if isinstance(layer.reconstruction, CrossEntropy) else mean


@torch.no_grad()
def resample(
    layers: Sequence[Layer],
    x: Tensor,
    draws: int,
    generator: torch.Generator,
    top: Form = "draw",
    last: Form = "mean",
) -> Tensor:
    """Generate several inputs from the top-layer representation of each example, independently (section 7.3).

    Args:
        layers: The stack from the input up.
        x: Examples, (n, d).
        draws: Samples of each.
        generator: The stream of draws.
        top: Whether the top units are their mean, the representation itself, or drawn afresh for every sample.
        last: Whether a sample is the mean of the input given the layer above it, or a draw.

    Returns:
        Samples (n, draws, d).
    """
    mean = encode_to_top(layers, x).repeat_interleave(draws, 0)
    units = mean if top == "mean" else bernoulli(mean, generator)
    return top_down(layers, units, generator, last).unflatten(0, (len(x), draws))


@torch.no_grad()
def sample_chain(
    layers: Sequence[Layer], x: Tensor, draws: int, steps: int, generator: torch.Generator, last: Form = "mean"
) -> Tensor:
    """Sample a deep belief network: alternating Gibbs sampling in the top RBM, then a top-down pass (section 7.3).

    Each example's representation starts a chain of its own, which continues from sample to sample.

    Args:
        layers: RBMs from the input up.
        x: Examples, (n, d).
        draws: Samples along each chain.
        steps: Gibbs steps before each of them.
        generator: The stream of draws.
        last: Whether a sample is the mean of the input given the layer above it, or a draw.

    Returns:
        Samples (n, draws, d).
    """
    rbm = layers[-1]
    assert isinstance(rbm, RBM)
    units = bernoulli(encode_to_top(layers, x), generator)
    samples = []
    for _ in range(draws):
        for _ in range(steps):
            _, mean = gibbs_step(units, *rbm.parameters_of_energy, rbm.visible, generator)
            units = bernoulli(mean, generator)
        samples.append(top_down(layers, units, generator, last))
    return torch.stack(samples, 1)
