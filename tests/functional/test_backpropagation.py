"""Gradients written by hand, against autograd on the sum of the minibatch's losses, in double precision."""

import pytest
import torch
from torch import Tensor

from sdae.functional.backpropagation import autoencoder_step, classifier_step
from sdae.functional.reconstruction import RECONSTRUCTIONS

RATE = torch.tensor(0.07, dtype=torch.float64)


def random(*shape: int, seed: int) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64) * 0.5


X = torch.sigmoid(random(6, 5, seed=1))
X_TILDE = X * (random(6, 5, seed=2) > 0)
WEIGHT = torch.where(random(6, 5, seed=3) > 0, 1.0, 0.5).double()


@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("name", ["cross-entropy", "squared"])
@pytest.mark.parametrize("weight", [None, WEIGHT], ids=["plain", "emphasised"])
def test_an_autoencoder_steps_down_the_gradient_of_the_summed_loss(tied, name, weight):
    pair = RECONSTRUCTIONS[name]
    before = [random(4, 5, seed=4), random(4, seed=5), random(5, seed=6)]
    if not tied:
        before.append(random(5, 4, seed=7))

    def loss(w: Tensor, b: Tensor, b_prime: Tensor, w_prime: Tensor | None = None) -> Tensor:
        y = torch.sigmoid(X_TILDE @ w.t() + b)
        return pair.loss(X, y @ (w if w_prime is None else w_prime.t()) + b_prime, weight)

    assert torch.autograd.gradcheck(loss, [p.clone().requires_grad_() for p in before])
    leaves = [p.clone().requires_grad_() for p in before]
    expected_loss = loss(*leaves)
    gradients = torch.autograd.grad(expected_loss, leaves)

    w, b, b_prime, *rest = (p.clone() for p in before)
    returned = autoencoder_step(X, X_TILDE, (w, b), (rest[0] if rest else None, b_prime), pair, RATE, weight)
    torch.testing.assert_close(returned, expected_loss.detach())
    for after, start, gradient in zip((w, b, b_prime, *rest), before, gradients, strict=True):
        torch.testing.assert_close(after, start - RATE * gradient)


@pytest.mark.parametrize("tied", [True, False])
def test_weight_decay_is_the_gradient_of_an_l2_penalty_an_example(tied):
    """λ/2 · ‖W‖² for each of the minibatch's examples, on the weights alone."""
    decay, pair = 0.3, RECONSTRUCTIONS["squared"]
    before = [random(4, 5, seed=4), random(4, seed=5), random(5, seed=6)] + [random(5, 4, seed=7)] * (not tied)
    leaves = [p.clone().requires_grad_() for p in before]
    w, b, b_prime, *rest = leaves
    y = torch.sigmoid(X_TILDE @ w.t() + b)
    loss = pair.loss(X, y @ (rest[0].t() if rest else w) + b_prime)
    penalty = decay / 2 * sum(matrix.square().sum() for matrix in (w, *rest))
    gradients = torch.autograd.grad(loss + len(X) * penalty, leaves)

    w, b, b_prime, *rest = (p.clone() for p in before)
    decoder = (rest[0] if rest else None, b_prime)
    kept = 1 - len(X) * RATE.item() * decay
    returned = autoencoder_step(X, X_TILDE, (w, b), decoder, pair, RATE, kept=kept)
    torch.testing.assert_close(returned, loss.detach())  # the reported error is without the penalty
    for after, start, gradient in zip((w, b, b_prime, *rest), before, gradients, strict=True):
        torch.testing.assert_close(after, start - RATE * gradient)


@pytest.mark.parametrize("sizes", [[5, 3], [5, 4, 3], [5, 6, 4, 7, 3]], ids=["logistic", "one layer", "three"])
def test_a_classifier_steps_down_the_gradient_of_the_summed_loss(sizes):
    t = torch.tensor([0, 2, 1, 1, 0, 2])
    before = [
        (random(o, i, seed=10 + k), random(o, seed=20 + k))
        for k, (i, o) in enumerate(zip(sizes[:-1], sizes[1:], strict=True))
    ]

    def loss(*flat: Tensor) -> Tensor:
        y = X
        for k in range(0, len(flat) - 2, 2):
            y = torch.sigmoid(y @ flat[k].t() + flat[k + 1])
        return torch.nn.functional.cross_entropy(y @ flat[-2].t() + flat[-1], t, reduction="sum")

    leaves = [p.clone().requires_grad_() for pair in before for p in pair]
    expected_loss = loss(*leaves)
    gradients = torch.autograd.grad(expected_loss, leaves)

    layers = [(w.clone(), b.clone()) for w, b in before]
    torch.testing.assert_close(classifier_step(X, t, layers, RATE), expected_loss.detach())
    after = [p for pair in layers for p in pair]
    start = [p for pair in before for p in pair]
    for ours, was, gradient in zip(after, start, gradients, strict=True):
        torch.testing.assert_close(ours, was - RATE * gradient)


def test_a_minibatch_does_what_its_examples_would_one_by_one_to_first_order():
    pair, small = RECONSTRUCTIONS["cross-entropy"], torch.tensor(1e-6, dtype=torch.float64)
    start = random(4, 5, seed=4)
    changes = []
    for size in (6, 1):
        w, b, b_prime = start.clone(), random(4, seed=5), random(5, seed=6)
        for rows in torch.arange(6).split(size):
            autoencoder_step(X[rows], X_TILDE[rows], (w, b), (None, b_prime), pair, small)
        changes.append(w - start)
    torch.testing.assert_close(changes[0], changes[1], rtol=1e-3, atol=1e-10)
