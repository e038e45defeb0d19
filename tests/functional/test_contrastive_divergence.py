"""RBMs small enough to enumerate: every formula and every draw against the exact distribution.

A batch of many copies of one example at a rate of one over their number gives, in one call, the mean of as many
updates: what a draw scatters is then below a percent, and a fixed seed makes the comparison repeatable.
"""

import itertools
import math

import numpy as np
import pytest
import torch
from scipy.special import logsumexp
from scipy.stats import chi2
from sklearn.datasets import load_digits
from sklearn.neural_network import BernoulliRBM
from torch import Tensor

from sdae.functional.contrastive_divergence import (
    VISIBLE,
    VisibleName,
    bernoulli,
    contrastive_divergence_step,
    free_energy,
    gibbs_step,
    hidden_mean,
    pseudo_log_likelihood,
)
from sdae.seeds import generator

Machine = tuple[Tensor, Tensor, Tensor]
COPIES = 200_000
STILL = torch.tensor(0.0, dtype=torch.float64)  # a rate that moves nothing


def machine(d: int, n_hidden: int, scale: float = 0.7, seed: int = 0) -> Machine:
    """Draw W, b and c in double precision, all large enough to matter."""
    random = np.random.default_rng(seed)
    w, b, c = (scale * torch.from_numpy(random.standard_normal(shape)) for shape in ((n_hidden, d), n_hidden, d))
    return w, b, c


def states(n: int) -> Tensor:
    """Every vector of n bits, (2ⁿ, n)."""
    return torch.tensor(list(itertools.product((0.0, 1.0), repeat=n)), dtype=torch.float64)


def energies(v: Tensor, h: Tensor, w: Tensor, b: Tensor, c: Tensor, visible: VisibleName) -> Tensor:
    """E(v, h) of every pair, written out as the module's docstring has it: (n, m)."""
    of_v = -(v @ c) if visible == "binary" else (v - c).square().sum(1) / 2
    return of_v[:, None] - (h @ b)[None] - v @ w.t() @ h.t()


def joint(w: Tensor, b: Tensor, c: Tensor) -> Tensor:
    """p(v, h) of a binary machine, a row each v and a column each h."""
    e = energies(states(len(c)), states(len(b)), w, b, c, "binary")
    return (-e).flatten().softmax(0).view_as(e)


def log_likelihood(data: Tensor, w: Tensor, b: Tensor, c: Tensor) -> Tensor:
    """Mean exact log p(v) of binary examples, differentiable."""
    h = states(len(b))
    log_z = (-energies(states(len(c)), h, w, b, c, "binary")).flatten().logsumexp(0)
    return (-energies(data, h, w, b, c, "binary")).logsumexp(1).mean() - log_z


def gradient_of_log_likelihood(data: Tensor, parameters: Machine) -> Machine:
    w, b, c = (p.clone().requires_grad_() for p in parameters)
    log_likelihood(data, w, b, c).backward()
    assert w.grad is not None
    assert b.grad is not None
    assert c.grad is not None
    return w.grad, b.grad, c.grad


def copied(parameters: Machine) -> Machine:
    w, b, c = parameters
    return w.clone(), b.clone(), c.clone()


def differences(these: Machine, those: Machine) -> Machine:
    (w, b, c), (w_0, b_0, c_0) = these, those
    return w - w_0, b - b_0, c - c_0


def mean_update(v: Tensor, parameters: Machine, visible: VisibleName = "binary", **how) -> Machine:
    """Return what one step at a rate of 1/n adds to W, b and c for n examples, a mean over their draws."""
    w, b, c = after = copied(parameters)
    rate = torch.tensor(1 / len(v), dtype=torch.float64)
    contrastive_divergence_step(v, w, b, c, visible, rate, generator(1, "test"), **how)
    return differences(after, parameters)


def assert_close(ours: Machine, exact: Machine, atol: float = 0.01) -> None:
    for one, other in zip(ours, exact, strict=True):
        torch.testing.assert_close(one, other, atol=atol, rtol=0)


# -- the distribution -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("visible", ["binary", "gaussian"])
def test_the_free_energy_sums_over_the_hidden_states(visible):
    w, b, c = machine(4, 3)
    v = states(4) if visible == "binary" else torch.randn(50, 4, generator=generator(1), dtype=torch.float64) * 2
    exact = -logsumexp(-energies(v, states(3), w, b, c, visible).numpy(), axis=1)
    np.testing.assert_allclose(free_energy(v, w, b, c, visible), exact, rtol=1e-12)


def test_the_free_energy_stays_finite_where_exponentials_do_not():
    w, b, c = (1000 * p for p in machine(4, 3))
    exact = -logsumexp(-energies(states(4), states(3), w, b, c, "binary").numpy(), axis=1)
    np.testing.assert_allclose(free_energy(states(4), w, b, c, "binary"), exact, rtol=1e-12)


def test_a_gaussian_machine_has_the_partition_function_of_its_mixture():
    """∫ exp(−F(v)) dv on a grid is Σ_h (2π)^{d/2} exp(bᵀh + cᵀWᵀh + ½‖Wᵀh‖²)."""
    w, b, c = machine(2, 3)
    axis = torch.linspace(-12, 12, 401, dtype=torch.float64)
    grid = torch.cartesian_prod(axis, axis)
    integral = (-free_energy(grid, w, b, c, "gaussian")).exp().sum() * (axis[1] - axis[0]) ** 2
    h = states(3)
    shift = h @ w
    exact = 2 * math.pi * (h @ b + shift @ c + shift.square().sum(1) / 2).exp().sum()
    torch.testing.assert_close(integral, exact, rtol=1e-9, atol=0)


def test_conditionals_are_those_of_the_joint_distribution():
    w, b, c = machine(4, 3)
    p = joint(w, b, c)
    h_given_v = p / p.sum(1, keepdim=True) @ states(3)
    torch.testing.assert_close(hidden_mean(states(4), w, b), h_given_v)
    v_given_h = (p / p.sum(0)).t() @ states(4)
    torch.testing.assert_close(VISIBLE["binary"].output(torch.addmm(c, states(3), w)), v_given_h)


def test_conditionals_of_a_gaussian_machine_are_those_of_its_energy():
    w, b, c = machine(2, 3)
    axis = torch.linspace(-12, 12, 401, dtype=torch.float64)
    grid, h = torch.cartesian_prod(axis, axis), states(3)
    e = energies(grid, h, w, b, c, "gaussian")
    torch.testing.assert_close(hidden_mean(grid, w, b), (-e).softmax(1) @ h)
    v_given_h = (-e).softmax(0)
    mean = v_given_h.t() @ grid
    torch.testing.assert_close(VISIBLE["gaussian"].output(torch.addmm(c, h, w)), mean)
    variance = v_given_h.t() @ grid.square() - mean.square()
    torch.testing.assert_close(variance, torch.ones_like(variance))


def test_a_draw_has_its_probability():
    p = torch.tensor([0.0, 0.1, 0.5, 0.9, 1.0], dtype=torch.float64).expand(COPIES, 5)
    drawn = bernoulli(p, generator(1))
    assert set(drawn.unique().tolist()) == {0.0, 1.0}
    torch.testing.assert_close(drawn.mean(0), p[0], atol=0.005, rtol=0)
    assert not drawn[:, 0].any()
    assert drawn[:, 4].all()


def test_gibbs_sampling_comes_to_the_exact_distribution():
    w, b, c = machine(4, 3)
    h, draws = torch.zeros(20_000, 3, dtype=torch.float64), generator(1)
    for _ in range(100):
        v, mean = gibbs_step(h, w, b, c, "binary", draws)
        torch.testing.assert_close(mean, hidden_mean(v, w, b))
        h = bernoulli(mean, draws)
    code = (v @ torch.tensor([8.0, 4.0, 2.0, 1.0], dtype=torch.float64)).long()
    seen, expected = torch.bincount(code, minlength=16), joint(w, b, c).sum(1) * len(v)
    assert expected.min() > 5  # as the test wants it
    assert ((seen - expected).square() / expected).sum() < chi2.ppf(0.999, 15)


def test_gibbs_sampling_of_a_gaussian_machine_comes_to_its_mixture():
    w, b, c = machine(2, 3)
    h, draws = torch.zeros(COPIES, 3, dtype=torch.float64), generator(1)
    for _ in range(20):
        v, mean = gibbs_step(h, w, b, c, "gaussian", draws)
        h = bernoulli(mean, draws)
    shift = states(3) @ w
    weight = (states(3) @ b + shift @ c + shift.square().sum(1) / 2).softmax(0)
    centre = weight @ (c + shift)
    covariance = ((shift + c - centre).t() * weight) @ (shift + c - centre) + torch.eye(2)
    torch.testing.assert_close(v.mean(0), centre, atol=0.02, rtol=0)
    torch.testing.assert_close(torch.cov(v.t()), covariance, atol=0.04, rtol=0)


# -- the update -------------------------------------------------------------------------------------------------------


def moments(p_v: Tensor, v: Tensor, w: Tensor, b: Tensor) -> Machine:
    """Expected h vᵀ, h and v where v has the distribution p_v."""
    mean = hidden_mean(v, w, b)
    return (mean * p_v[:, None]).t() @ v, p_v @ mean, p_v @ v


def after_one_step(v: Tensor, w: Tensor, b: Tensor, c: Tensor) -> Tensor:
    """The exact distribution of v₁ when Gibbs sampling starts at the binary vector v: (2ᵈ,)."""
    p = joint(w, b, c)
    row = int(v @ torch.tensor([8.0, 4.0, 2.0, 1.0], dtype=torch.float64))
    return (p / p.sum(0)) @ (p[row] / p[row].sum())


@pytest.mark.parametrize("row", [0, 6, 15])
def test_the_mean_update_of_cd_1_is_the_enumerated_one(row):
    parameters = w, b, c = machine(4, 3)
    v = states(4)[row]
    positive = moments(torch.ones(1, dtype=torch.float64), v[None], w, b)
    negative = moments(after_one_step(v, w, b, c), states(4), w, b)
    exact = differences(positive, negative)
    assert_close(mean_update(v.expand(COPIES, 4), parameters), exact)


def test_the_mean_update_of_cd_1_with_gaussian_units_is_the_integral():
    parameters = w, b, c = machine(2, 3)
    v = torch.tensor([[0.5, -1.0]], dtype=torch.float64)
    p_h = (-energies(v, states(3), w, b, c, "gaussian")).softmax(1)[0]
    nodes, weights = (torch.from_numpy(a) for a in np.polynomial.hermite_e.hermegauss(40))
    points = torch.cartesian_prod(nodes, nodes)
    density = torch.cartesian_prod(weights, weights).prod(1) / (2 * math.pi)
    v_1 = (c + states(3) @ w)[:, None] + points  # about the mean of each hidden state
    negative = moments((p_h[:, None] * density).flatten(), v_1.flatten(0, 1), w, b)
    positive = moments(torch.ones(1, dtype=torch.float64), v, w, b)
    exact = differences(positive, negative)
    assert_close(mean_update(v.expand(COPIES, 2), parameters, "gaussian"), exact, atol=0.015)


DATA = states(4)[[3, 3, 3, 12, 12, 5, 15, 0]]


def test_with_many_steps_it_follows_the_exact_gradient_and_with_one_it_does_not():
    parameters = machine(4, 3, scale=1.5)
    v = DATA.repeat(5_000, 1)
    exact = gradient_of_log_likelihood(DATA, parameters)
    assert_close(mean_update(v, parameters, k=50), exact)
    one = mean_update(v, parameters, k=1)
    assert (one[0] - exact[0]).abs().max() > 0.05


@pytest.mark.parametrize("k", [1, 3])
def test_persistent_chains_come_to_the_exact_gradient(k):
    parameters = machine(4, 3, scale=1.5)
    v = DATA.repeat(5_000, 1)
    chains, draws = torch.zeros(len(v), 3, dtype=torch.float64), generator(1, "chains")
    for _ in range(50):  # with the weights held still
        contrastive_divergence_step(v, *parameters, "binary", STILL, draws, k, chains)
    assert_close(mean_update(v, parameters, k=k, chains=chains), gradient_of_log_likelihood(DATA, parameters))


@pytest.mark.parametrize("k", [1, 2])
def test_persistent_chains_go_on_from_where_they_are_and_not_from_the_data(k):
    w, b, c = machine(4, 3)
    p = joint(w, b, c)
    step = (p / p.sum(0)).t() @ (p / p.sum(1, keepdim=True))  # p(h'|h), rows h
    start = torch.tensor([1.0, 0.0, 1.0], dtype=torch.float64)
    ends = []
    for v in (states(4)[0], states(4)[9]):
        chains = start.repeat(COPIES, 1)
        contrastive_divergence_step(v.expand(COPIES, 4), w, b, c, "binary", STILL, generator(1), k, chains)
        ends.append(chains)
    assert torch.equal(*ends)
    code = (ends[0] @ torch.tensor([4.0, 2.0, 1.0], dtype=torch.float64)).long()
    seen = torch.bincount(code, minlength=8) / COPIES
    exact = torch.linalg.matrix_power(step, k)[5]
    torch.testing.assert_close(seen.double(), exact, atol=0.005, rtol=0)


def test_a_smaller_minibatch_moves_as_many_chains():
    chains = torch.ones(20, 3, dtype=torch.float64)
    w, b, c = machine(4, 3)
    rate = torch.tensor(0.01, dtype=torch.float64)
    contrastive_divergence_step(DATA, w, b - 20, c, "binary", rate, generator(1), 1, chains)
    assert not chains[: len(DATA)].any()  # such biases put every unit out
    assert chains[len(DATA) :].all()


def test_weight_decay_shrinks_the_weights_before_the_step_and_no_bias():
    parameters = machine(4, 3)
    plain, decayed = mean_update(DATA, parameters), mean_update(DATA, parameters, kept=0.9)
    torch.testing.assert_close(decayed[0], plain[0] - 0.1 * parameters[0])
    assert torch.equal(decayed[1], plain[1])
    assert torch.equal(decayed[2], plain[2])


def test_the_step_is_the_rate_times_the_sum_over_the_minibatch():
    parameters = machine(4, 3)
    w, b, c = after = copied(parameters)
    rate = torch.tensor(0.02, dtype=torch.float64)
    contrastive_divergence_step(DATA, w, b, c, "binary", rate, generator(1, "test"))
    for ours, mean in zip(differences(after, parameters), mean_update(DATA, parameters), strict=True):
        torch.testing.assert_close(ours, 0.02 * len(DATA) * mean)


@pytest.mark.parametrize("visible", ["binary", "gaussian"])
def test_the_error_it_returns_is_that_of_reconstructing_from_a_draw(visible):
    w, b, c = machine(4, 3)
    v = torch.tensor([[0.2, 1.0, 0.0, 0.7]], dtype=torch.float64)
    a = c + states(3) @ w
    z = a if visible == "gaussian" else 1 / (1 + (-a).exp())
    error = (v - z).square() if visible == "gaussian" else -(v * z.log() + (1 - v) * (1 - z).log())
    exact = (-energies(v, states(3), w, b, c, visible)).softmax(1)[0] @ error.sum(1)
    ours = contrastive_divergence_step(v.expand(COPIES, 4), w, b, c, visible, STILL, generator(1)) / COPIES
    torch.testing.assert_close(ours, exact, rtol=0.01, atol=0)


@pytest.mark.parametrize("persistent", [False, True], ids=["CD-1", "PCD"])
def test_training_comes_close_to_the_greatest_likelihood(persistent):
    data = torch.cat((states(4), DATA.repeat(4, 1)))
    counts = torch.unique(data, dim=0, return_counts=True)[1].double() / len(data)
    greatest = (counts * counts.log()).sum()  # no distribution does better than the data's own
    w, b, c = machine(4, 8, scale=1)
    before, draws = log_likelihood(data, w, b, c), generator(1)
    chains = torch.zeros(len(data), 8, dtype=torch.float64) if persistent else None
    for rate in torch.linspace(1, 0, 2000, dtype=torch.float64) / len(data):
        contrastive_divergence_step(data, w, b, c, "binary", rate, draws, 1, chains)
    assert before < greatest - 1
    assert greatest - 0.03 < log_likelihood(data, w, b, c) < greatest


# -- the pseudo-likelihood --------------------------------------------------------------------------------------------


def exact_terms(v: Tensor, w: Tensor, b: Tensor, c: Tensor) -> Tensor:
    """log p(v_i|the others) of one binary vector, for every i, from the joint distribution: (d,)."""
    p = joint(w, b, c).sum(1)
    place = 2 ** torch.arange(len(c) - 1, -1, -1)
    row = int(v @ place.double())
    flipped = row + (1 - 2 * v.long()) * place
    return (p[row] / (p[row] + p[flipped])).log()


@pytest.mark.parametrize("row", [0, 6, 13])
def test_the_pseudo_likelihood_is_estimated_without_bias(row):
    w, b, c = machine(4, 3)
    v = states(4)[row]
    terms = exact_terms(v, w, b, c)
    estimates = pseudo_log_likelihood(v.expand(COPIES, 4), w, b, c, generator(1))
    assert (estimates[:, None] - 4 * terms).abs().min(1).values.max() < 1e-9  # each is one of the four
    spread = 4 * terms.std() / math.sqrt(COPIES)
    assert abs(estimates.mean() - terms.sum()) < 4 * spread


def test_the_pseudo_likelihood_of_one_component_is_exact():
    w, b, c = machine(1, 3)
    for v in states(1):
        exact = joint(w, b, c).sum(1)[int(v)].log()
        torch.testing.assert_close(pseudo_log_likelihood(v[None], w, b, c, generator(1)), exact[None])


def test_grey_levels_are_taken_for_the_nearer_of_0_and_1():
    w, b, c = machine(4, 3)
    grey = torch.tensor([[0.1, 0.9, 0.4, 0.6]], dtype=torch.float64).repeat(50, 1)
    before = grey.clone()
    ours = pseudo_log_likelihood(grey, w, b, c, generator(1))
    assert torch.equal(ours, pseudo_log_likelihood(before.round(), w, b, c, generator(1)))
    assert torch.equal(grey, before)


# -- scikit-learn's machine -------------------------------------------------------------------------------------------


def digits() -> np.ndarray:
    """The 8 × 8 digits that scikit-learn ships, black or white."""
    return (load_digits().data > 7).astype(np.float64)


def mean_pseudo_likelihood(x: np.ndarray, w: np.ndarray, b: np.ndarray, c: np.ndarray) -> float:
    """Sum over all components, no draw: the mean over examples, in nats."""

    def energy(v: np.ndarray) -> np.ndarray:
        return -(v @ c) - np.logaddexp(0, v @ w.T + b).sum(1)

    total = np.zeros(len(x))
    for i in range(x.shape[1]):
        flipped = x.copy()
        flipped[:, i] = 1 - flipped[:, i]
        total -= np.logaddexp(0, energy(x) - energy(flipped))
    return float(total.mean())


def test_it_learns_digits_as_well_as_scikit_learns():
    """Both by persistent CD, in minibatches of 20, at a step of 0.05 on the mean gradient, ten times through."""
    x = digits()
    theirs = BernoulliRBM(64, learning_rate=0.05, batch_size=20, n_iter=10, random_state=0).fit(x)
    w_b_c = (theirs.components_, theirs.intercept_hidden_, theirs.intercept_visible_)
    tensors = tuple(torch.from_numpy(p) for p in w_b_c)
    np.testing.assert_allclose(free_energy(torch.from_numpy(x), *tensors, "binary"), theirs._free_energy(x))

    v, draws = torch.from_numpy(x), generator(1)
    w = 0.01 * torch.randn(64, 64, generator=draws, dtype=torch.float64)
    b, c, chains = torch.zeros(64).double(), torch.zeros(64).double(), torch.zeros(20, 64).double()
    rate = torch.tensor(0.05 / 20, dtype=torch.float64)
    for _ in range(10):
        for rows in torch.randperm(len(v), generator=draws).split(20):
            contrastive_divergence_step(v[rows], w, b, c, "binary", rate, draws, 1, chains)
    ours, other = (mean_pseudo_likelihood(x, *p) for p in ((w.numpy(), b.numpy(), c.numpy()), w_b_c))
    assert other == pytest.approx(theirs.score_samples(x).mean(), abs=3)  # of one drawn component an example
    assert ours > other - 0.5
