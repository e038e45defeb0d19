"""The compiled loops, against torch's steps one by one, in double precision, and against autograd."""

import copy

import numpy as np
import pytest
import torch
from torch import Tensor

from sdae.functional import online
from sdae.functional.backpropagation import autoencoder_step, classifier_step
from sdae.functional.contrastive_divergence import contrastive_divergence_step, draw_for_step, free_energy
from sdae.functional.reconstruction import RECONSTRUCTIONS

RATE = 0.1
# Widths that are whole groups and cache lines, and such that are not; one unit, one component, one example.
SIZES = [(40, 16, 8), (7, 13, 7), (1, 21, 6), (5, 1, 9), (6, 33, 1), (3, 2, 3)]


def random(*shape: int, seed: int) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64) * 0.5


def single(parameters: list[Tensor]) -> list[Tensor]:
    return [p.float() for p in parameters]


def assert_same(trained: list[Tensor], expected: list[Tensor]) -> None:
    for ours, theirs in zip(trained, expected, strict=True):
        torch.testing.assert_close(ours.double(), theirs.double(), rtol=2e-5, atol=2e-6)


@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("name", ["cross-entropy", "squared"])
@pytest.mark.parametrize("emphasised", [False, True])
@pytest.mark.parametrize("kept", [1.0, 0.9])
def test_an_autoencoder_takes_the_steps_of_torch_one_by_one(sizes, tied, name, emphasised, kept):
    n, d, h = sizes
    pair = RECONSTRUCTIONS[name]
    x = torch.sigmoid(random(n, d, seed=1))
    x_tilde = x * (random(n, d, seed=2) > 0)
    weight = torch.where(random(n, d, seed=3) > 0, 1.0, 0.5).double() if emphasised else None
    start = [random(h, d, seed=4), random(h, seed=5), random(d, seed=6)] + [random(d, h, seed=7)] * (not tied)

    def decoder(p: list[Tensor]) -> tuple[Tensor | None, Tensor]:
        return (p[3] if len(p) > 3 else None), p[2]

    expected = [p.clone() for p in start]
    loss, rate = torch.zeros((), dtype=torch.float64), torch.tensor(RATE)
    for i in range(n):
        row = slice(i, i + 1)
        step = (expected[0], expected[1]), decoder(expected), pair, rate.double()
        loss += autoencoder_step(x[row], x_tilde[row], *step, None if weight is None else weight[row], kept)

    ours = single(start)
    emphasis = None if weight is None else weight.float()
    settings = (ours[0], ours[1]), decoder(ours), pair, rate, emphasis, kept
    returned = online.autoencoder_block(x.float(), x_tilde.float(), *settings)
    assert returned is not None
    assert_same([*ours, returned], [*expected, loss])


@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("name", ["cross-entropy", "squared"])
@pytest.mark.parametrize("decay", [0.0, 0.3])
def test_an_autoencoder_steps_down_the_gradient_that_autograd_finds(tied, name, decay):
    pair = RECONSTRUCTIONS[name]
    x = torch.sigmoid(random(1, 11, seed=1))
    x_tilde = x * (random(1, 11, seed=2) > 0)
    emphasis = torch.where(x_tilde == x, 0.5, 1.0)
    start = [random(5, 11, seed=4), random(5, seed=5), random(11, seed=6)] + [random(11, 5, seed=7)] * (not tied)
    leaves = [p.clone().requires_grad_() for p in start]
    y = torch.sigmoid(x_tilde @ leaves[0].t() + leaves[1])
    loss = pair.loss(x, y @ (leaves[0] if tied else leaves[3].t()) + leaves[2], emphasis)
    loss = loss + decay / 2 * sum(matrix.square().sum() for matrix in leaves if matrix.dim() == 2)
    expected = [p - RATE * g for p, g in zip(start, torch.autograd.grad(loss, leaves), strict=True)]

    ours = single(start)
    decoder = (None if tied else ours[3]), ours[2]
    step = (ours[0], ours[1]), decoder, pair, torch.tensor(RATE), emphasis.float(), 1 - RATE * decay
    online.autoencoder_block(x.float(), x_tilde.float(), *step)
    assert_same(ours, expected)


@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("visible", ["binary", "gaussian"])
@pytest.mark.parametrize("k", [1, 2, 3])
@pytest.mark.parametrize("persistent", [False, True])
@pytest.mark.parametrize("kept", [1.0, 0.9])
def test_a_machine_takes_the_steps_of_torch_from_the_same_draws(sizes, visible, k, persistent, kept):
    n, d, h = sizes
    v = torch.sigmoid(random(n, d, seed=1)).float()
    start = single([random(h, d, seed=4), random(h, seed=5), random(d, seed=6)])
    rate = torch.tensor(RATE)

    def run(block: bool) -> list[Tensor]:
        w, b, c = (p.clone() for p in start)
        chains = torch.ones(1, h) if persistent else None
        stream = torch.Generator().manual_seed(9)
        step = visible, rate, stream, k, chains, kept
        if block:
            loss = online.machine_block(v, w, b, c, *step)
            assert loss is not None
        else:
            loss = torch.zeros(())
            for i in range(n):
                loss += contrastive_divergence_step(v[i : i + 1], w, b, c, *step)
        # The streams have come equally far, so that the next block's draws are the same too.
        return [w, b, c, loss, torch.rand(3, generator=stream)] + ([chains] if chains is not None else [])

    assert_same(run(block=True), run(block=False))


@pytest.mark.parametrize("visible", ["binary", "gaussian"])
@pytest.mark.parametrize("k", [1, 2])
@pytest.mark.parametrize("kept", [1.0, 0.9])
def test_a_machine_steps_down_the_free_energy_gap_between_data_and_samples(visible, k, kept):
    """Samples by numpy in double precision, from the same draws; the gradient of F(v) − F(v′) by autograd."""
    n, d, h = 6, 11, 5
    data = torch.sigmoid(random(n, d, seed=1))
    start = [random(h, d, seed=4), random(h, seed=5), random(d, seed=6)]
    ours = single(start)
    step = visible, torch.tensor(RATE), torch.Generator().manual_seed(9), k, None, kept
    online.machine_block(data.float(), *ours, *step)

    def sigmoid(a: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-a))

    stream = torch.Generator().manual_seed(9)
    w, b, c = start
    for v in data:
        hidden, noise = torch.empty(k, h), torch.empty(k, d)
        draw_for_step(hidden, noise, visible, stream)
        sample = v.numpy()
        for u_hidden, u_visible in zip(hidden.double().numpy(), noise.double().numpy(), strict=True):
            on = u_hidden < sigmoid(w.numpy() @ sample + b.numpy())
            mean = on @ w.numpy() + c.numpy()
            sample = (u_visible < sigmoid(mean)).astype(float) if visible == "binary" else mean + u_visible
        leaves = [p.clone().requires_grad_() for p in (w, b, c)]
        gap = [free_energy(torch.as_tensor(at)[None], *leaves, visible).sum() for at in (v, sample)]
        gradient = torch.autograd.grad(gap[0] - gap[1], leaves)
        w, b, c = (p * f - RATE * g for p, g, f in zip((w, b, c), gradient, (kept, 1.0, 1.0), strict=True))
    assert_same(ours, [w, b, c])


@pytest.mark.parametrize("units", [[8], [7, 5], [16, 1, 9], [3, 3, 3, 3]])
@pytest.mark.parametrize("n", [1, 6])
def test_a_classifier_takes_the_steps_of_torch_one_by_one(units, n):
    sizes = [13, *units, 3]
    x, t = random(n, 13, seed=1), torch.arange(n) % 3
    start = [
        (random(h, d, seed=10 + k), random(h, seed=20 + k))
        for k, (d, h) in enumerate(zip(sizes[:-1], sizes[1:], strict=True))
    ]
    expected = copy.deepcopy(start)
    loss, rate = torch.zeros((), dtype=torch.float64), torch.tensor(RATE)
    for i in range(n):
        loss += classifier_step(x[i : i + 1], t[i : i + 1], expected, rate.double())
    ours = [(w.float(), b.float()) for w, b in start]
    returned = online.classifier_block(x.float(), t, ours, rate)
    assert returned is not None
    assert_same([p for layer in ours for p in layer] + [returned], [p for layer in expected for p in layer] + [loss])


def test_a_classifier_steps_down_the_gradient_that_autograd_finds():
    x, t = random(1, 5, seed=1), torch.tensor([2])
    start = [random(6, 5, seed=2), random(6, seed=3), random(3, 6, seed=4), random(3, seed=5)]
    leaves = [p.clone().requires_grad_() for p in start]
    scores = torch.sigmoid(x @ leaves[0].t() + leaves[1]) @ leaves[2].t() + leaves[3]
    loss = torch.nn.functional.cross_entropy(scores, t, reduction="sum")
    expected = [p - RATE * g for p, g in zip(start, torch.autograd.grad(loss, leaves), strict=True)]
    ours = single(start)
    online.classifier_block(x.float(), t, [(ours[0], ours[1]), (ours[2], ours[3])], torch.tensor(RATE))
    assert_same(ours, expected)


def test_what_runs_away_is_seen_in_the_loss():
    """The compiler may reorder sums, but not assume that numbers are finite."""
    x = torch.rand(50, 20) * 1e4
    w, b, c = torch.rand(9, 20), torch.zeros(9), torch.zeros(20)
    loss = online.autoencoder_block(x, x, (w, b), (None, c), RECONSTRUCTIONS["squared"], torch.tensor(1e6))
    assert loss is not None and not torch.isfinite(loss)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float16])
def test_other_numbers_than_float32_are_left_to_torch(dtype):
    x, w, b, c = (torch.rand(*shape, dtype=dtype) for shape in ((4, 5), (3, 5), (3,), (5,)))
    pair = RECONSTRUCTIONS["squared"]
    assert online.autoencoder_block(x, x, (w, b), (None, c), pair, torch.tensor(0.1)) is None
    assert online.machine_block(x, w, b, c, "binary", torch.tensor(0.1), torch.Generator()) is None
    assert online.classifier_block(x, torch.tensor([0, 1, 2, 0]), [(w, b)], torch.tensor(0.1)) is None
