"""The procedure of section 7, on stacks small enough to enumerate."""

import itertools

import pytest
import torch

from sdae.evaluation.samples import drawn, encode_to_top, resample, sample_chain, top_down
from sdae.models.autoencoder import Autoencoder
from sdae.models.rbm import RBM
from sdae.seeds import generator

COPIES = 100_000


def states(n):
    """Every vector of n bits, (2ⁿ, n)."""
    return torch.tensor(list(itertools.product((0.0, 1.0), repeat=n)))


def stack(kind=RBM, sizes=(3, 4, 2), **first):
    """A stack with weights large enough to matter."""
    layers = []
    for k, (d, n) in enumerate(itertools.pairwise(sizes), start=1):
        layer = kind(d, n, layer=k, **(first if k == 1 else {}))
        stream = generator(1, "test", k)
        for parameter in layer.parameters():
            torch.nn.init.normal_(parameter, 0, 1.5, generator=stream)
        layers.append(layer)
    return layers


def probability(bits, mean):
    """p of binary vectors (n, d) under factorial Bernoullis (m, d): (m, n)."""
    return (mean[:, None] * bits + (1 - mean[:, None]) * (1 - bits)).prod(-1)


def affine(layer, y):
    return y @ layer.decoder_matrix.t() + layer.decoder_bias


X = torch.tensor([[0.9, 0.2, 0.6]])


@pytest.mark.parametrize("kind", [RBM, Autoencoder])
@torch.no_grad()
def test_the_top_is_encoded_deterministically(kind):
    first, second = stack(kind)
    y = X
    for layer in (first, second):
        y = torch.sigmoid(y @ layer.encoder.weight.t() + layer.encoder.bias)
    torch.testing.assert_close(encode_to_top([first, second], X), y)


@pytest.mark.parametrize("last", ["mean", "draw"])
@pytest.mark.parametrize("top", ["mean", "draw"])
@pytest.mark.parametrize("kind", [RBM, Autoencoder])
@torch.no_grad()
def test_samples_have_the_enumerated_distribution(kind, top, last):
    first, second = layers = stack(kind)
    mean = encode_to_top(layers, X)
    tops, weights = (mean, torch.ones(1)) if top == "mean" else (states(2), probability(states(2), mean)[0])
    between = weights @ probability(states(4), torch.sigmoid(affine(second, tops)))  # p of each state of layer 1
    outputs = torch.sigmoid(affine(first, states(4)))  # the input's mean given each

    samples = resample(layers, X, COPIES, generator(1), top, last)
    assert samples.shape == (1, COPIES, 3)
    if last == "draw":
        exact = between @ probability(states(3), outputs)
        code = (samples[0] @ torch.tensor([4.0, 2.0, 1.0])).long()
        torch.testing.assert_close(torch.bincount(code, minlength=8) / COPIES, exact, atol=0.006, rtol=0)
        return
    which = (samples[0, :, None] - outputs).abs().sum(2).min(1)
    assert which.values.max() < 1e-5  # every sample is one of the sixteen means
    seen = torch.bincount(which.indices, minlength=16) / COPIES
    torch.testing.assert_close(seen, between, atol=0.006, rtol=0)


@torch.no_grad()
def test_one_layer_draws_nothing_below_the_top():
    (layer,) = layers = stack(sizes=(3, 4))
    mean = layer.decode(layer.encode(X))
    torch.testing.assert_close(resample(layers, X, 5, generator(1), "mean", "mean"), mean[:, None].expand(1, 5, 3))
    assert resample(layers, X, 50, generator(1), "draw", "mean")[0].unique(dim=0).shape[0] > 5


@torch.no_grad()
def test_samples_of_an_example_are_in_its_row_and_differ():
    layers, x = stack(), torch.rand(7, 3, generator=generator(3))
    samples = resample(layers, x, 400, generator(1))
    alone = resample(layers, x[3:4], 4000, generator(2))
    torch.testing.assert_close(samples[3].mean(0), alone[0].mean(0), atol=0.08, rtol=0)
    assert not torch.equal(samples[:, 0], samples[:, 1])
    assert torch.equal(samples, resample(layers, x, 400, generator(1)))
    assert not torch.equal(samples, resample(layers, x, 400, generator(2)))


@torch.no_grad()
def test_a_draw_has_the_spread_of_its_units():
    mean = torch.full((COPIES, 3), 2.5)
    gaussian = drawn(RBM(3, 2, visible="gaussian"), mean, generator(1))
    assert gaussian.mean().item() == pytest.approx(2.5, abs=0.01)
    assert gaussian.std().item() == pytest.approx(1, abs=0.01)
    assert torch.equal(drawn(Autoencoder(3, 2, reconstruction="squared"), mean, generator(1)), mean)
    for layer in (RBM(3, 2), Autoencoder(3, 2)):
        bits = drawn(layer, mean / 10, generator(1))
        assert set(bits.unique().tolist()) == {0.0, 1.0}
        assert bits.mean().item() == pytest.approx(0.25, abs=0.01)


@torch.no_grad()
def test_linear_units_at_the_bottom_are_shown_by_their_mean_or_drawn():
    layers = stack(visible="gaussian")
    units = states(2)[3].repeat(COPIES, 1)
    mean, draw = (top_down(layers, units, generator(1), last) for last in ("mean", "draw"))
    assert mean.unique(dim=0).shape[0] <= 16
    torch.testing.assert_close((draw - mean).std(0), torch.ones(3), atol=0.02, rtol=0)


@torch.no_grad()
def test_gibbs_sampling_comes_to_the_distribution_of_the_network():
    """p(v) = Σ p(h₂) p(h₁|h₂) p(v|h₁), where p(h₁, h₂) is the top RBM's."""
    first, top = layers = stack()
    h_1, h_2 = states(4), states(2)
    log_p = h_1 @ top.decoder_bias + (h_1 @ top.encoder.weight.t() @ h_2.t() + h_2 @ top.encoder.bias).t()
    p_2 = log_p.flatten().softmax(0).view(4, 16).sum(1)
    p_1 = p_2 @ probability(h_1, torch.sigmoid(affine(top, h_2)))
    exact = p_1 @ probability(states(3), torch.sigmoid(affine(first, h_1)))
    samples = sample_chain(layers, X.repeat(COPIES, 1), 2, 30, generator(1), "draw")
    for number in (0, 1):
        code = (samples[:, number] @ torch.tensor([4.0, 2.0, 1.0])).long()
        torch.testing.assert_close(torch.bincount(code, minlength=8) / COPIES, exact, atol=0.006, rtol=0)


@torch.no_grad()
def test_a_chain_starts_at_the_example_and_goes_on():
    (rbm,) = layers = stack(sizes=(3, 2))
    p_v = probability(states(3), torch.sigmoid(affine(rbm, states(2))))  # rows h
    p_h = probability(states(2), torch.sigmoid(states(3) @ rbm.encoder.weight.t() + rbm.encoder.bias))  # rows v
    start = probability(states(2), encode_to_top(layers, X))[0]
    samples = sample_chain(layers, X.repeat(COPIES, 1), 3, 1, generator(1), "draw")
    for number in range(3):
        start = start @ p_v @ p_h
        code = (samples[:, number] @ torch.tensor([4.0, 2.0, 1.0])).long()
        torch.testing.assert_close(torch.bincount(code, minlength=8) / COPIES, start @ p_v, atol=0.006, rtol=0)
