"""Restricted Boltzmann machines: energies, Gibbs sampling and contrastive divergence (Hinton et al., 2006).

A machine has weights W (d', d), hidden biases b (d',), visible biases c (d,), and binary hidden units h. Its visible
units v are binary, or Gaussian of unit variance:

    binary    E(v, h) = −cᵀv − bᵀh − hᵀWv
    Gaussian  E(v, h) = ½‖v − c‖² − bᵀh − hᵀWv

Both have p(h = 1|v) = s(Wv + b), the encoder of an autoencoder, and E[v|h] = the output of a decoder with tied
weights: sigmoid for binary units, linear for Gaussian ones. So a kind of visible unit is one of the pairs of
:mod:`sdae.functional.reconstruction`, whose loss is the reconstruction error that is reported.
"""

from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor

from sdae.errors import SdaeError
from sdae.functional.reconstruction import RECONSTRUCTIONS, Reconstruction

VisibleName = Literal["binary", "gaussian"]
VISIBLE: dict[VisibleName, Reconstruction] = {
    "binary": RECONSTRUCTIONS["cross-entropy"],
    "gaussian": RECONSTRUCTIONS["squared"],
}


def check_cd_steps(cd_steps: int, within: str = "") -> None:
    """Refuse a chain of no steps.

    Args:
        cd_steps: k of CD-k.
        within: Section of the settings, before the name in an error, such as ``pretraining.``.

    Raises:
        SdaeError: If it has none.
    """
    if cd_steps < 1:
        raise SdaeError(f"{within}cd_steps: at least 1, not {cd_steps}")


def free_energy(v: Tensor, w: Tensor, b: Tensor, c: Tensor, visible: VisibleName) -> Tensor:
    """Return F(v) = −log Σ_h exp(−E(v, h)) of examples (n, d): (n,)."""
    hidden = F.softplus(torch.addmm(b, v, w.t())).sum(1)
    return (-(v @ c) if visible == "binary" else (v - c).square().sum(1) / 2) - hidden


def hidden_mean(v: Tensor, w: Tensor, b: Tensor) -> Tensor:
    """Return p(h = 1|v), the mean field: (n, d) to (n, d')."""
    return torch.addmm(b, v, w.t()).sigmoid_()


def bernoulli(p: Tensor, generator: torch.Generator) -> Tensor:
    """Draw 0 or 1 with probability p each, any shape."""
    return torch.rand(p.shape, generator=generator, device=p.device, dtype=p.dtype).lt_(p)


def sample_visible(mean: Tensor, visible: VisibleName, generator: torch.Generator) -> Tensor:
    """Draw visible units about their mean E[v|h], (n, d)."""
    if visible == "binary":
        return bernoulli(mean, generator)
    return torch.randn(mean.shape, generator=generator, device=mean.device, dtype=mean.dtype).add_(mean)


def gibbs_step(
    h: Tensor, w: Tensor, b: Tensor, c: Tensor, visible: VisibleName, generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    """Draw v ~ p(v|h) and then return it with p(h = 1|v): a full step of alternating Gibbs sampling.

    Args:
        h: Hidden units, 0 or 1, (n, d').
        w: Weights W.
        b: Hidden biases.
        c: Visible biases.
        visible: Kind of visible unit.
        generator: The stream of draws, on the same device.

    Returns:
        v (n, d) and p(h = 1|v) (n, d').
    """
    v = sample_visible(VISIBLE[visible].output(torch.addmm(c, h, w)), visible, generator)
    return v, hidden_mean(v, w, b)


def draw_for_step(hidden: Tensor, visible_noise: Tensor, visible: VisibleName, generator: torch.Generator) -> None:
    """Draw what :func:`contrastive_divergence_step` draws for a minibatch of one example, in its order.

    Args:
        hidden: Where uniform numbers for hidden units are written, one row for each draw: (k, d'), or (k + 1, d') where
            there are persistent chains.
        visible_noise: Where numbers for visible units are written, (k, d): uniform for binary units, normal for
            Gaussian ones.
        visible: Kind of visible unit.
        generator: The stream of draws.
    """
    for step in range(len(hidden)):
        torch.rand((1, hidden.shape[1]), generator=generator, out=hidden[step : step + 1])
        if step < len(visible_noise):
            draw = torch.rand if visible == "binary" else torch.randn
            draw((1, visible_noise.shape[1]), generator=generator, out=visible_noise[step : step + 1])


@torch.no_grad()
def contrastive_divergence_step(
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
) -> Tensor:
    """Climb the log-likelihood by CD-k, or by persistent CD where chains are given.

    The step is the rate times the sum over the minibatch of ⟨h vᵀ⟩ from the data minus that from the chains, so that
    rates are per example as everywhere here. The hidden units enter by their means, whose noise is less; the chains
    start from a draw of them and sample both ways, as in the authors' code.

    Args:
        v: Examples, (n, d).
        w: Weights W (d', d), changed in place.
        b: Hidden biases (d',), changed in place.
        c: Visible biases (d,), changed in place.
        visible: Kind of visible unit.
        learning_rate: Per-example learning rate, a scalar tensor.
        generator: The stream of draws, on the same device.
        k: Steps of Gibbs sampling.
        chains: Hidden states of persistent chains, (at least n, d'), changed in place; None starts them at the data.
        kept: Factor on W before the step, 1 less what weight decay takes.

    Returns:
        The summed reconstruction error of the minibatch before the step, a scalar tensor.
    """
    n, units = len(v), VISIBLE[visible]
    mean = hidden_mean(v, w, b)
    start = bernoulli(mean, generator)
    a = torch.addmm(c, start, w)
    loss = units.loss(v, a)
    if chains is None:
        chain_v = sample_visible(units.output(a), visible, generator)
        chain_mean = hidden_mean(chain_v, w, b)
    else:
        chain_v, chain_mean = gibbs_step(chains[:n], w, b, c, visible, generator)
    for _ in range(k - 1):
        chain_v, chain_mean = gibbs_step(bernoulli(chain_mean, generator), w, b, c, visible, generator)
    if chains is not None:
        chains[:n] = bernoulli(chain_mean, generator)
    # The rate goes into the small matrices; stacked, the two outer products are one pass over W.
    up, down = mean.mul_(learning_rate), chain_mean.mul_(-learning_rate)
    w.addmm_(torch.cat((up, down)).t(), torch.cat((v, chain_v)), beta=kept)
    b.add_(up.sum(0)).add_(down.sum(0))
    c.add_((v - chain_v).sum(0).mul_(learning_rate))
    return loss


@torch.no_grad()
def pseudo_log_likelihood(v: Tensor, w: Tensor, b: Tensor, c: Tensor, generator: torch.Generator) -> Tensor:
    """Estimate Σ_i log p(v_i|the others) of binary examples (n, d): (n,), in nats.

    One component i of each example is drawn, and d · log p(v_i|the others) = d · log s(F(v with v_i flipped) − F(v)) is
    an unbiased estimate of the sum; exact where d is 1. Grey levels are rounded to 0 or 1, whichever is nearer.
    """
    v = v.round()
    rows = torch.arange(len(v), device=v.device)
    i = torch.randint(v.shape[1], (len(v),), generator=generator, device=v.device)
    flipped = v.clone()
    flipped[rows, i] = 1 - flipped[rows, i]
    gap = free_energy(flipped, w, b, c, "binary") - free_energy(v, w, b, c, "binary")
    return v.shape[1] * F.logsigmoid(gap)
