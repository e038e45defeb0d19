"""Stochastic gradient steps with the gradient written by hand and the update made in place.

At batches of 20 a step is bound by memory traffic over the weights. So each weight matrix is read once a product and
written once: ``W.addmm_`` adds the outer products of the minibatch straight into it, where autograd would write the
gradient out, read it back and update in a second pass.

Learning rates are per example: the step is the rate times the *sum* of the minibatch's gradients, so that the values
of Table 2, which are those of stochastic gradient descent on one example at a time, keep their meaning at every batch
size.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from sdae.functional.reconstruction import Reconstruction


@torch.no_grad()
def autoencoder_step(
    x: Tensor,
    x_tilde: Tensor,
    encoder: tuple[Tensor, Tensor],
    decoder: tuple[Tensor | None, Tensor],
    reconstruction: Reconstruction,
    learning_rate: Tensor,
    weight: Tensor | None = None,
    kept: float = 1.0,
) -> Tensor:
    """Reconstruct clean x from corrupted x̃ and descend (section 3.1, Figure 1).

    Args:
        x: Clean examples, (n, d).
        x_tilde: The same examples corrupted, (n, d).
        encoder: W (d', d) and b (d',), changed in place.
        decoder: W' (d, d') and b' (d,), changed in place; W' is None where weights are tied, W' = Wᵀ.
        reconstruction: The decoder's output and loss.
        learning_rate: Per-example learning rate, a scalar tensor.
        weight: The emphasis of section 3.4, (n, d), or None.
        kept: Factor on the weight matrices before the step, 1 less what weight decay takes (section 5.1).

    Returns:
        The summed loss of the minibatch before the step, a scalar tensor.
    """
    (w, b), (w_prime, b_prime) = encoder, decoder
    y = torch.addmm(b, x_tilde, w.t()).sigmoid_()
    a = torch.addmm(b_prime, y, w if w_prime is None else w_prime.t())
    loss = reconstruction.loss(x, a, weight)
    # The rate goes into the small deltas, not into the update of the large matrices, and stays a tensor.
    delta_a = reconstruction.gradient(x, reconstruction.output(a), weight).mul_(learning_rate)
    delta_y = torch.mm(delta_a, w.t() if w_prime is None else w_prime).mul_(y).mul_(1 - y)
    if w_prime is None:
        # Tied: ∂L/∂W is a sum of two outer products, one for each use of W. Stacked, they are one pass over W.
        w.addmm_(torch.cat((delta_y, y)).t(), torch.cat((x_tilde, delta_a)), beta=kept, alpha=-1)
    else:
        w.addmm_(delta_y.t(), x_tilde, beta=kept, alpha=-1)
        w_prime.addmm_(delta_a.t(), y, beta=kept, alpha=-1)
    b.sub_(delta_y.sum(0))
    b_prime.sub_(delta_a.sum(0))
    return loss


@torch.no_grad()
def classifier_step(
    x: Tensor,
    t: Tensor,
    layers: Sequence[tuple[Tensor, Tensor]],
    learning_rate: Tensor,
) -> Tensor:
    """Descend on −log p(t|x) through all layers at once (section 3.5, Figure 4).

    Args:
        x: Examples, (n, d).
        t: Their classes, (n,), integers from 0 to m − 1, which are not checked here.
        layers: W (d', d) and b (d',) of every layer from the input up, changed in place: sigmoid layers, and a last
            one of logistic regression.
        learning_rate: Per-example learning rate, a scalar tensor.

    Returns:
        The summed negative log-likelihood of the minibatch before the step, a scalar tensor.
    """
    *hidden, (v, c) = layers
    ys = [x]
    for w, b in hidden:
        ys.append(torch.addmm(b, ys[-1], w.t()).sigmoid_())
    log_p = torch.addmm(c, ys[-1], v.t()).log_softmax(1)
    rows = torch.arange(len(t), device=t.device)
    loss = -log_p[rows, t].sum()
    delta = log_p.exp_()
    delta[rows, t] -= 1
    delta.mul_(learning_rate)
    for k in range(len(layers) - 1, -1, -1):
        (w, b), y = layers[k], ys[k]
        below = torch.mm(delta, w).mul_(y).mul_(1 - y) if k > 0 else None  # with W as it was, so before its update
        w.addmm_(delta.t(), y, alpha=-1)
        b.sub_(delta.sum(0))
        if below is not None:
            delta = below
    return loss
