"""Numbers beside a picture of filters: how many are Gabor functions, and how local each is (section 5, Figures 5 to 8).

A picture cannot fail a test. These can.
"""

from dataclasses import dataclass

import numpy as np

from sdae.evaluation.gabor import Gabors, fit_gabors
from sdae.pictures.tiles import averaged

WELL = 0.6  # R² from which a Gabor function fits well
BAND_PASS = 0.5  # greatest height of its spectrum at frequency 0, as a fraction of the peak


@dataclass(frozen=True)
class FilterNumbers:
    """Measurements of n filters.

    Attributes:
        r2: (n,), the fraction of ‖w‖² that the fitted Gabor function explains, 1 − ‖w − g‖²/‖w‖².
        band_pass: (n,), whether the fitted function has a wave in it, see :func:`band_pass`.
        localisation: (n,), see :func:`localisation`.
        gabors: The fitted functions.
    """

    r2: np.ndarray
    band_pass: np.ndarray
    localisation: np.ndarray
    gabors: Gabors

    @property
    def is_gabor(self) -> np.ndarray:
        """Whether a Gabor function fits well, and is not a mere blob, (n,).

        A grating is a Gabor function too, with a wide envelope; its localisation tells it from an edge.
        """
        return (self.r2 >= WELL) & self.band_pass


def measure_filters(filters: np.ndarray) -> FilterNumbers:
    """Fit a Gabor function to each filter, and measure its localisation.

    A filter of zeros has R² and localisation 0. One of over 400 pixels a side is measured as it is drawn, averaged over
    equal stretches of that side.

    Args:
        filters: (n, height, width).
    """
    filters = averaged(filters)
    gabors = fit_gabors(filters)
    energy = np.square(filters, dtype=np.float64).sum((1, 2))
    residual = np.square(filters - gabors.values).sum((1, 2))
    r2 = np.where(energy > 0, 1 - residual / np.where(energy > 0, energy, 1), 0)
    return FilterNumbers(r2, band_pass(gabors.values), localisation(filters), gabors)


def band_pass(filters: np.ndarray) -> np.ndarray:
    """Return whether each filter is band-pass: at frequency 0 the spectrum is less than half as high as at its peak.

    For Gabor functions it is the usual condition that the bandwidth at half height be finite (Daugman, 1985): there
    is an excitatory and an inhibitory part, or an edge. A Gaussian blob and a single pixel have their peak at 0.

    Args:
        filters: (n, height, width).
    """
    _, height, width = filters.shape
    spectrum = np.abs(np.fft.rfft2(filters, (4 * height, 4 * width)))
    return spectrum[:, 0, 0] < BAND_PASS * spectrum.max((1, 2))


def localisation(filters: np.ndarray) -> np.ndarray:
    """Return the fraction of a filter's energy ‖w‖² in the best window of half the image's height and half its width.

    It is the energy concentration of Slepian and Pollak (1961) in the best of all such windows. It is 1 for a single
    pixel, a little over 1/4 for a grating across the whole image, and about 0.34 for white noise of 12 × 12 (of
    28 × 28, 0.29), whose best window is better than the mean one by chance.

    Args:
        filters: (n, height, width).
    """
    n, height, width = filters.shape
    energy = np.square(filters, dtype=np.float64)
    corner = np.zeros((n, height + 1, width + 1))
    corner[:, 1:, 1:] = energy.cumsum(1).cumsum(2)
    h, w = (height + 1) // 2, (width + 1) // 2
    windows = corner[:, h:, w:] - corner[:, :-h, w:] - corner[:, h:, :-w] + corner[:, :-h, :-w]
    total = corner[:, -1, -1]
    return np.where(total > 0, windows.max((1, 2)) / np.where(total > 0, total, 1), 0)
