"""Gabor functions fitted to filters that are Gabor functions, with some noise on them."""

import numpy as np
import pytest

from sdae.evaluation.gabor import fit_gabors

N = 30


def gabor(shape, x, y, degrees, frequency, across, along, amplitude, phase):
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    angle = np.radians(degrees)
    u = (columns - x) * np.cos(angle) + (rows - y) * np.sin(angle)
    v = (rows - y) * np.cos(angle) - (columns - x) * np.sin(angle)
    wave = np.cos(2 * np.pi * frequency * u + np.radians(phase))
    return amplitude * np.exp(-((u / across) ** 2 + (v / along) ** 2) / 2) * wave


@pytest.fixture(scope="module")
def random():
    return np.random.default_rng(0)


@pytest.fixture(scope="module", params=[(12, 12), (28, 28), (14, 10)], ids=str)
def case(request, random):
    """Gabor functions of every orientation, size and phase, and what is fitted to them under noise of 15 %."""
    height, width = request.param
    frequency = random.uniform(0.12, 0.35, N)
    true = {
        "x": random.uniform(0.25 * width, 0.7 * width, N),
        "y": random.uniform(0.25 * height, 0.7 * height, N),
        "degrees": random.uniform(0, 180, N),
        "frequency": frequency,
        "across": random.uniform(0.35, 0.6, N) / frequency,
        "along": random.uniform(1.2, 3, N),
        "amplitude": 10 ** random.uniform(-2, 2, N),
        "phase": random.uniform(-180, 180, N),
    }
    pure = np.stack([gabor(request.param, **{key: values[i] for key, values in true.items()}) for i in range(N)])
    noise = 0.15 * np.sqrt(np.square(pure).mean((1, 2), keepdims=True)) * random.normal(size=pure.shape)
    return true, pure, fit_gabors(pure + noise)


def test_its_parameters_are_found_again(case):
    true, _, found = case
    turned = np.abs(found.orientation - true["degrees"])
    assert np.minimum(turned, 180 - turned).max() < 4
    assert np.abs(found.frequency - true["frequency"]).max() < 0.02
    assert np.abs(found.centre - np.stack([true["x"], true["y"]], axis=1)).max() < 0.5
    assert np.abs(found.sigma / np.stack([true["across"], true["along"]], axis=1) - 1).max() < 0.15
    assert np.abs(found.amplitude / true["amplitude"] - 1).max() < 0.15
    # Near 0 or 180 degrees the direction of the wave may come out opposite, and with it the sign of the phase.
    upright = (true["degrees"] > 5) & (true["degrees"] < 175)
    apart = np.abs((found.phase - true["phase"] + 180) % 360 - 180)[upright]
    assert apart.max() < 20


def test_the_function_is_nearer_to_what_is_under_the_noise_than_the_noise_is(case):
    _, pure, found = case
    assert (np.square(found.values - pure).sum((1, 2)) < 0.15**2 / 2 * np.square(pure).sum((1, 2))).all()


def test_its_values_are_those_of_its_parameters(case):
    _, pure, found = case
    for i in (0, 1, N - 1):
        again = gabor(
            pure.shape[1:],
            *found.centre[i],
            found.orientation[i],
            found.frequency[i],
            *found.sigma[i],
            found.amplitude[i],
            found.phase[i],
        )
        np.testing.assert_allclose(again, found.values[i], atol=1e-9 * found.amplitude[i])


def test_a_filters_fit_does_not_depend_on_its_neighbours_or_its_scale(random):
    filters = random.normal(size=(400, 12, 12))  # more than are fitted at once
    alone = fit_gabors(filters[[350]]).values[0]
    np.testing.assert_allclose(fit_gabors(filters).values[350], alone, atol=1e-6)
    np.testing.assert_allclose(fit_gabors(-1e-6 * filters[[350]]).values[0], -1e-6 * alone, atol=1e-12)


def test_no_fit_leaves_its_bounds(random):
    found = fit_gabors(random.normal(size=(100, 12, 12)))
    assert ((found.centre >= -0.5) & (found.centre <= 11.5)).all()
    assert ((found.frequency >= 0) & (found.frequency <= 0.5)).all()
    assert ((found.sigma >= 0.5 - 1e-9) & (found.sigma <= 24 + 1e-9)).all()
    assert ((found.orientation >= 0) & (found.orientation <= 180)).all()


def test_no_filters_have_no_functions():
    assert fit_gabors(np.zeros((0, 5, 7))).values.shape == (0, 5, 7)
