"""The numbers of filters, on filters of which one knows what they are."""

import numpy as np
import pytest

from sdae.evaluation.filters import band_pass, localisation, measure_filters

ROWS, COLUMNS = np.mgrid[:12, :12]


@pytest.fixture
def random():
    return np.random.default_rng(0)


def noisy(filters, random, level=0.15):
    return filters + level * np.sqrt(np.square(filters).mean((1, 2), keepdims=True)) * random.normal(size=filters.shape)


def blobs():
    near = [(x, y, s) for x in (3, 5.5, 8) for y in (4, 7) for s in (0.8, 1, 1.5, 2, 3)]
    return np.stack([-np.exp(-((COLUMNS - x) ** 2 + (ROWS - y) ** 2) / 2 / s**2) for x, y, s in near])


def gratings():
    waves = [(np.radians(d), f, p) for d in (0, 30, 45, 90, 120) for f in (0.1, 0.15, 0.3, 0.4) for p in (0, 1.6)]
    return np.stack([np.cos(2 * np.pi * f * (COLUMNS * np.cos(t) + ROWS * np.sin(t)) + phase) for t, f, phase in waves])


def edges():
    """An edge under a round envelope: odd, at 12 orientations."""
    angles = np.arange(12) * np.pi / 12
    u = [(COLUMNS - 6.2) * np.cos(t) + (ROWS - 5.1) * np.sin(t) for t in angles]
    envelope = np.exp(-((COLUMNS - 6.2) ** 2 + (ROWS - 5.1) ** 2) / 2 / 1.7**2)
    return np.stack([envelope * np.sin(2 * np.pi * 0.17 * one) for one in u])


def pixels():
    return -3.0 * np.eye(144).reshape(144, 12, 12)


def test_edges_under_noise_are_gabor_functions(random):
    numbers = measure_filters(noisy(edges(), random))
    assert numbers.is_gabor.all()
    assert numbers.r2.min() > 0.9
    assert numbers.localisation.min() > 0.8


def test_r2_is_the_fraction_of_energy_explained(random):
    filters = noisy(edges(), random, level=0.5)
    numbers = measure_filters(filters)
    for i, (w, g) in enumerate(zip(filters, numbers.gabors.values, strict=True)):
        assert numbers.r2[i] == pytest.approx(1 - ((w - g) ** 2).sum() / (w**2).sum())


def test_a_blob_is_fitted_well_and_is_no_gabor_function(random):
    for filters in (blobs(), noisy(blobs(), random)):
        numbers = measure_filters(filters)
        assert numbers.r2.min() > 0.9
        assert not numbers.band_pass.any()
        assert not numbers.is_gabor.any()


@pytest.mark.parametrize(("side", "local"), [(12, 0.34), (28, 0.29)])
def test_white_noise_is_no_gabor_function_and_everywhere(random, side, local):
    numbers = measure_filters(random.normal(size=(100 if side == 12 else 40, side, side)))
    assert not numbers.is_gabor.any()
    assert numbers.r2.max() < 0.3
    assert numbers.localisation.mean() == pytest.approx(local, abs=0.01)


def test_a_grating_is_a_gabor_function_that_is_everywhere():
    numbers = measure_filters(gratings())
    assert numbers.is_gabor.all()
    assert numbers.localisation.min() >= 0.25
    assert numbers.localisation.max() < 0.35


def test_a_single_pixel_is_local_and_no_gabor_function():
    numbers = measure_filters(pixels())
    assert not numbers.is_gabor.any()
    assert (numbers.localisation == 1).all()


def test_a_filter_of_zeros_has_nothing():
    numbers = measure_filters(np.zeros((2, 12, 12), dtype=np.float32))
    assert not numbers.r2.any()
    assert not numbers.is_gabor.any()
    assert not numbers.localisation.any()
    assert (numbers.gabors.values == 0).all()


def test_band_pass_is_less_than_half_the_peak_at_frequency_0():
    """Of a cosine under an envelope a constant is what stands at frequency 0."""
    wave = np.cos(2 * np.pi * COLUMNS / 4)  # its peak in the spectrum is half its sum of squares, 72
    assert band_pass(np.stack([wave + c for c in (0, 0.2, 0.3)])).tolist() == [True, True, False]
    assert not band_pass(blobs()).any()
    assert not band_pass(pixels()).any()
    assert band_pass(edges()).all()


def by_hand(w):
    height, width = w.shape
    h, w_ = (height + 1) // 2, (width + 1) // 2
    windows = [w[i : i + h, j : j + w_] for i in range(height - h + 1) for j in range(width - w_ + 1)]
    return max((one**2).sum() for one in windows) / (w**2).sum()


@pytest.mark.parametrize("shape", [(12, 12), (28, 28), (13, 7), (1, 5)], ids=str)
def test_localisation_is_that_of_the_best_window_of_half_the_height_and_width(random, shape):
    filters = random.normal(size=(5, *shape))
    assert localisation(filters) == pytest.approx([by_hand(w) for w in filters])
    assert localisation(-1e-20 * filters) == pytest.approx(localisation(filters))


def test_an_even_filter_has_a_quarter_of_its_energy_in_a_quarter_of_the_image():
    assert localisation(np.ones((1, 12, 12)))[0] == pytest.approx(0.25)
