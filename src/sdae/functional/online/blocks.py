"""A block of examples through a compiled loop: tensors in, tensors trained in place, the block's summed loss out."""

from collections.abc import Sequence

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from sdae.functional.contrastive_divergence import VISIBLE, VisibleName, draw_for_step
from sdae.functional.online.compiled import compiled_kernel
from sdae.functional.online.padding import (
    COLUMNS,
    ROWS,
    padded_examples,
    padded_matrix,
    padded_vector,
    put_back,
    scratch,
    whole,
)
from sdae.functional.reconstruction import RECONSTRUCTIONS, Reconstruction

MOST_DRAWS = 2**23  # random numbers drawn at a time for contrastive divergence, 32 MB


@torch.no_grad()
def autoencoder_block(
    x: Tensor,
    x_tilde: Tensor,
    encoder: tuple[Tensor, Tensor],
    decoder: tuple[Tensor | None, Tensor],
    reconstruction: Reconstruction,
    learning_rate: Tensor,
    weight: Tensor | None = None,
    kept: float = 1.0,
) -> Tensor | None:
    """Take a step of :func:`..backpropagation.autoencoder_step` for each example, with the same arguments.

    Returns:
        The losses before each step, summed, a scalar tensor; None where the compiled loop cannot run.
    """
    (w, b), (w_prime, b_prime) = encoder, decoder
    train = compiled_kernel("tied" if w_prime is None else "untied", w)
    if train is None:
        return None
    (n, d), h = x.shape, len(b)
    squared = reconstruction is RECONSTRUCTIONS["squared"]
    emphasis = padded_examples(torch.ones(1, d) if weight is None else weight)
    outputs = np.zeros((n, whole(d, COLUMNS)), np.float32)
    examples = padded_examples(x), padded_examples(x_tilde), emphasis
    step = np.float32(learning_rate), np.float32(kept), squared, outputs, *scratch(4, d, h)
    own_w, own_b, own_c = padded_matrix(w), padded_vector(b), padded_vector(b_prime)
    if w_prime is None:
        train(*examples, own_w, own_b, own_c, d, h, *step)
    else:
        own_w_prime = padded_matrix(w_prime)
        train(*examples, own_w, own_b, own_w_prime, own_c, h, *step)
        put_back(own_w_prime, w_prime)
    for own, parameter in ((own_w, w), (own_b, b), (own_c, b_prime)):
        put_back(own, parameter)
    return reconstruction.loss(x, torch.from_numpy(outputs)[:, :d], weight)


@torch.no_grad()
def machine_block(
    v: Tensor,
    w: Tensor,
    b: Tensor,
    c: Tensor,
    visible: VisibleName,
    learning_rate: Tensor,
    generator: torch.Generator,
    k: int = 1,
    chains: Tensor | None = None,
    kept: float = 1.0,
) -> Tensor | None:
    """Take a step of contrastive divergence for each example, with the arguments of one step and its very draws.

    Returns:
        The reconstruction errors before each step, summed, a scalar tensor; None where the compiled loop cannot run.
    """
    train = compiled_kernel("machine", w)
    if train is None:
        return None
    d, h = v.shape[1], len(b)
    own = padded_matrix(w), padded_vector(b), padded_vector(c)
    chain = np.empty(0, np.float32) if chains is None else chains[0].numpy()
    loss = torch.zeros(())
    for part in v.split(max(1, MOST_DRAWS // ((k + 1) * (d + h)))):
        hidden = torch.empty(len(part), k + (chains is not None), h)
        noise = torch.empty(len(part), k, d)
        for i in range(len(part)):
            draw_for_step(hidden[i], noise[i], visible, generator)
        outputs = np.zeros((len(part), whole(d, COLUMNS)), np.float32)
        step = np.float32(learning_rate), np.float32(kept), visible == "gaussian", hidden.numpy(), noise.numpy(), chain
        train(padded_examples(part), *own, d, h, *step, outputs, *scratch(7, d, h))
        loss += VISIBLE[visible].loss(part, torch.from_numpy(outputs)[:, :d])
    for padded, parameter in zip(own, (w, b, c), strict=True):
        put_back(padded, parameter)
    return loss


@torch.no_grad()
def classifier_block(
    x: Tensor, t: Tensor, layers: Sequence[tuple[Tensor, Tensor]], learning_rate: Tensor
) -> Tensor | None:
    """Take a step of :func:`..backpropagation.classifier_step` for each example, with the same arguments.

    Returns:
        The losses before each step, summed, a scalar tensor; None where the compiled loop cannot run.
    """
    train = compiled_kernel("classifier", x)
    if train is None:
        return None
    sizes = np.array([x.shape[1], *(len(b) for _, b in layers)])
    shapes = [(whole(h, ROWS), whole(d, COLUMNS)) for d, h in zip(sizes[:-1], sizes[1:], strict=True)]
    starts = np.cumsum([0, *(rows * columns for rows, columns in shapes)])
    weights = np.zeros(starts[-1], np.float32)
    matrices = [
        weights[start:stop].reshape(shape) for start, stop, shape in zip(starts[:-1], starts[1:], shapes, strict=True)
    ]
    biases = np.zeros((len(layers), whole(max(sizes), COLUMNS)), np.float32)
    for (w, b), matrix, bias in zip(layers, matrices, biases, strict=True):
        matrix[: len(b), : w.shape[1]] = w.numpy()
        bias[: len(b)] = b.numpy()
    outputs = np.zeros((len(x), sizes[-1]), np.float32)
    working = scratch(2 * len(layers) + 1, *sizes)
    examples = padded_examples(x), np.ascontiguousarray(t)
    train(*examples, weights, starts[:-1], biases, sizes, np.float32(learning_rate), outputs, *working)
    for (w, b), matrix, bias in zip(layers, matrices, biases, strict=True):
        put_back(matrix, w)
        put_back(bias, b)
    return F.cross_entropy(torch.from_numpy(outputs), t, reduction="sum")
