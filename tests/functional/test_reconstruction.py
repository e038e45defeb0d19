"""The losses, term by term as the paper writes them (sections 2.2 and 3.4), and their gradients."""

import math

import pytest
import torch

from sdae.functional.reconstruction import RECONSTRUCTIONS, emphasis_weight

RANDOM = torch.Generator().manual_seed(2)
X = torch.rand(3, 5, generator=RANDOM, dtype=torch.float64)
A = torch.randn(3, 5, generator=RANDOM, dtype=torch.float64)
CORRUPTED = torch.rand(3, 5, generator=RANDOM) < 0.4


def term(name: str, x: float, a: float) -> float:
    if name == "squared":
        return (x - a) ** 2
    z = 1 / (1 + math.exp(-a))
    return -(x * math.log(z) + (1 - x) * math.log(1 - z))


@pytest.mark.parametrize("name", ["cross-entropy", "squared"])
@pytest.mark.parametrize(("alpha", "beta"), [(1.0, 1.0), (1.0, 0.5), (1.0, 0.0), (0.3, 2.0)])
def test_the_emphasised_loss_is_alpha_over_corrupted_plus_beta_over_the_others(name, alpha, beta):
    expected = 0.0
    for i in range(3):
        corrupted = [j for j in range(5) if CORRUPTED[i, j]]
        others = [j for j in range(5) if not CORRUPTED[i, j]]
        expected += alpha * sum(term(name, float(X[i, j]), float(A[i, j])) for j in corrupted)
        expected += beta * sum(term(name, float(X[i, j]), float(A[i, j])) for j in others)
    weight = emphasis_weight(CORRUPTED, alpha, beta)
    assert float(RECONSTRUCTIONS[name].loss(X, A, weight)) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("name", ["cross-entropy", "squared"])
@pytest.mark.parametrize("emphasised", [False, True])
def test_the_gradient_by_hand_is_that_of_autograd(name, emphasised):
    pair = RECONSTRUCTIONS[name]
    weight = emphasis_weight(CORRUPTED, 1.0, 0.5) if emphasised else None
    a = A.clone().requires_grad_()
    (expected,) = torch.autograd.grad(pair.loss(X, a, weight), a)
    torch.testing.assert_close(pair.gradient(X, pair.output(A), weight), expected)


def test_cross_entropy_is_finite_where_the_reconstruction_rounds_to_one():
    a = torch.tensor([[200.0, -200.0]])
    loss = RECONSTRUCTIONS["cross-entropy"].loss(torch.tensor([[0.0, 1.0]]), a)
    assert float(loss) == pytest.approx(400)


def test_cross_entropy_is_negative_only_outside_its_range():
    x, a = torch.rand(500, 50, generator=RANDOM), 100 * torch.randn(500, 50, generator=RANDOM)
    losses = [RECONSTRUCTIONS["cross-entropy"].loss(x[i, j], a[i, j]) for i in range(500) for j in (0, 1)]
    assert min(losses) >= 0
    assert RECONSTRUCTIONS["cross-entropy"].loss(255 * x, a.abs()) < 0


def test_no_emphasis_costs_nothing():
    assert emphasis_weight(CORRUPTED, 1.0, 1.0) is None
