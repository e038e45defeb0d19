"""Gabor functions fitted to filters by least squares.

A Gabor function is a plane wave under a Gaussian envelope, the usual description of simple cells in the primary visual
cortex (Daugman, 1985; Jones and Palmer, 1987) and of what sparse coding and ICA learn from natural images: what section
5.1 calls Gabor-like local oriented edge detectors. With u across the wave's fronts and v along them, both in pixels
from the centre,

    g = exp(−u²/2σᵤ² − v²/2σᵥ²) · [a cos(2πfu) + b sin(2πfu)].

The fit is Levenberg and Marquardt's, for every filter and every start at once: one filter at a time the calls would
cost fifty times what the arithmetic does.
"""

from dataclasses import dataclass

import numpy as np

AT_ONCE = 400_000  # pixels of all filters and starts that are fitted together: some tens of megabytes
SCOUTING, FITTING = 8, 60  # steps from every start, and further steps from the best two
LEAST_SIGMA = 0.5  # pixels; below, a Gaussian is one pixel wherever it lies


@dataclass(frozen=True)
class Gabors:
    """The Gabor function nearest to each of n filters.

    Attributes:
        parameters: (n, 8): centre x and y (column and row, counted from 0), orientation θ of the wave's direction (in
            radians, from x to y), frequency f (cycles per pixel), ln σᵤ, ln σᵥ, a and b.
        values: (n, height, width), the functions themselves.
    """

    parameters: np.ndarray
    values: np.ndarray

    @property
    def centre(self) -> np.ndarray:
        """Column and row, (n, 2), in pixels counted from 0."""
        return self.parameters[:, :2]

    @property
    def orientation(self) -> np.ndarray:
        """Direction of the wave, (n,), in degrees from 0 to 180: 0 has upright fronts."""
        return np.degrees(self.parameters[:, 2]) % 180

    @property
    def frequency(self) -> np.ndarray:
        """Cycles per pixel, (n,)."""
        return self.parameters[:, 3]

    @property
    def sigma(self) -> np.ndarray:
        """Widths σᵤ and σᵥ of the envelope, across the fronts and along them, (n, 2), in pixels."""
        return np.exp(self.parameters[:, 4:6])

    @property
    def amplitude(self) -> np.ndarray:
        """√(a² + b²), (n,)."""
        return np.hypot(self.parameters[:, 6], self.parameters[:, 7])

    @property
    def phase(self) -> np.ndarray:
        """Phase of the wave at the centre, (n,), in degrees: 0 or 180 is even, a bar; ±90 is odd, an edge."""
        theta = self.parameters[:, 2] % (2 * np.pi)
        b = np.where(theta < np.pi, self.parameters[:, 7], -self.parameters[:, 7])  # as seen from the direction above
        return np.degrees(np.arctan2(-b, self.parameters[:, 6]))


def fit_gabors(filters: np.ndarray) -> Gabors:
    """Fit a Gabor function to each filter, the best from eight starts.

    They start at the filter's energy centroid and where its energy peaks, at the two highest peaks of its spectrum,
    with a narrow and a wide envelope. The centre stays in the image, 0 ≤ f ≤ 1/2 and 1/2 ≤ σ ≤ twice the image's side.

    Args:
        filters: (n, height, width).
    """
    n, height, width = filters.shape
    parameters = np.zeros((n, 8))
    chunk = max(1, AT_ONCE // (8 * height * width))
    for start in range(0, n, chunk):
        parameters[start : start + chunk] = _fit(filters[start : start + chunk].astype(np.float64))
    values = np.concatenate(
        [_gabor(part, (height, width))[0] for part in np.array_split(parameters, -(-n // chunk) or 1)]
    )
    return Gabors(parameters, values.reshape(filters.shape))


def _fit(filters: np.ndarray) -> np.ndarray:
    """Return the parameters (n, 8) of the best fit to each filter (n, height, width)."""
    n, *shape = filters.shape
    flat = filters.reshape(n, -1)
    scale = np.sqrt(np.square(flat).mean(1, keepdims=True))
    flat = flat / np.where(scale > 0, scale, 1)
    p = _starts(flat.reshape(filters.shape))  # (n, starts, 8)
    for steps, kept in ((SCOUTING, 2), (FITTING, 1)):
        repeated = np.repeat(flat, p.shape[1], axis=0)
        fitted, residual = _levenberg_marquardt(p.reshape(-1, 8), repeated, (shape[0], shape[1]), steps)
        best = np.argsort(residual.reshape(n, -1), axis=1, kind="stable")[:, :kept]
        p = np.take_along_axis(fitted.reshape(n, -1, 8), best[:, :, None], axis=1)
    p = p[:, 0]
    p[:, 6:] *= scale
    return p


def _starts(filters: np.ndarray) -> np.ndarray:
    """Return the starts of each filter, (n, 8, 8)."""
    n, height, width = filters.shape
    rows, columns = np.mgrid[:height, :width]
    energy = np.square(filters)
    total = energy.sum((1, 2)) + np.finfo(float).tiny
    centroid = np.stack([(energy * columns).sum((1, 2)) / total, (energy * rows).sum((1, 2)) / total], axis=1)
    near = sum(np.roll(energy, (i, j), (1, 2)) for i in (-1, 0, 1) for j in (-1, 0, 1))
    peak = np.stack(np.divmod(near.reshape(n, -1).argmax(1), width)[::-1], axis=1)

    size = (4 * height, 4 * width)
    fy, fx = np.fft.fftfreq(size[0])[:, None], np.fft.rfftfreq(size[1])[None, :]
    spectrum = np.abs(np.fft.rfft2(filters, size))
    waves = []
    for _ in range(2):
        row, column = np.divmod(spectrum.reshape(n, -1).argmax(1), spectrum.shape[2])
        waves.append(np.stack([fx[0, column], fy[row, 0]], axis=1))
        distance = np.hypot(fx - waves[-1][:, 0, None, None], fy - waves[-1][:, 1, None, None])
        spectrum = np.where(distance > 1.5 / min(height, width), spectrum, 0)

    starts = []
    for centre in (centroid, peak):
        for wave in waves:
            for sigma in (min(height, width) / 10, min(height, width) / 4):
                p = np.zeros((n, 8))
                p[:, :2], p[:, 2] = centre, np.arctan2(wave[:, 1], wave[:, 0])
                p[:, 3], p[:, 4:6] = np.hypot(wave[:, 0], wave[:, 1]), np.log(max(sigma, 2 * LEAST_SIGMA))
                starts.append(p)
    p = _bounded(np.stack(starts, axis=1).reshape(-1, 8), (height, width))
    # Given the rest, a and b are a linear problem: 2 × 2 normal equations.
    basis = _gabor(p, (height, width))[1][:, 6:]
    gram = basis @ basis.transpose(0, 2, 1) + 1e-9 * np.eye(2)
    right = basis @ np.repeat(filters.reshape(n, -1), 8, axis=0)[:, :, None]
    p[:, 6:] = np.linalg.solve(gram, right)[:, :, 0]
    return p.reshape(n, 8, 8)


def _levenberg_marquardt(
    p: np.ndarray, filters: np.ndarray, shape: tuple[int, int], steps: int
) -> tuple[np.ndarray, np.ndarray]:
    """Descend from each start (m, 8) towards its filter (m, d); return where to, and the squared residuals (m,)."""
    damping = np.full(len(p), 1e-2)
    values, jacobian = _gabor(p, shape)
    residual = np.square(filters - values).sum(1)
    for _ in range(steps):
        curvature = jacobian @ jacobian.transpose(0, 2, 1)
        slope = jacobian @ (filters - values)[:, :, None]
        diagonal = np.einsum("mii->mi", curvature)  # a view
        diagonal += damping[:, None] * diagonal + 1e-9
        trial = _bounded(p + np.linalg.solve(curvature, slope)[:, :, 0], shape)
        trial_values, trial_jacobian = _gabor(trial, shape)
        trial_residual = np.square(filters - trial_values).sum(1)
        better = trial_residual < residual
        damping = np.where(better, damping / 4, damping * 4).clip(1e-9, 1e9)
        p = np.where(better[:, None], trial, p)
        residual = np.where(better, trial_residual, residual)
        values[better], jacobian[better] = trial_values[better], trial_jacobian[better]
    return p, residual


def _bounded(p: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """Bring parameters (m, 8) back into their bounds."""
    height, width = shape
    widest = np.log(2 * max(shape))
    low = [-0.5, -0.5, -np.inf, 0, np.log(LEAST_SIGMA), np.log(LEAST_SIGMA), -np.inf, -np.inf]
    high = [width - 0.5, height - 0.5, np.inf, 0.5, widest, widest, np.inf, np.inf]
    return p.clip(low, high)


def _gabor(p: np.ndarray, shape: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Return the functions of parameters (m, 8) as (m, d), and their derivatives by each parameter, (m, 8, d)."""
    rows, columns = (a.ravel() for a in np.mgrid[: shape[0], : shape[1]])
    x, y, theta, f, log_u, log_v, a, b = (column[:, None] for column in p.T)
    cos, sin = np.cos(theta), np.sin(theta)
    u, v = (columns - x) * cos + (rows - y) * sin, (rows - y) * cos - (columns - x) * sin
    uu, vv = np.square(u) * np.exp(-2 * log_u), np.square(v) * np.exp(-2 * log_v)
    envelope, angle = np.exp(-(uu + vv) / 2), 2 * np.pi * f * u
    even, odd = envelope * np.cos(angle), envelope * np.sin(angle)
    g, turned = a * even + b * odd, 2 * np.pi * (b * even - a * odd)  # turned · f is the wave's slope along u
    by_u, by_v = turned * f - g * u * np.exp(-2 * log_u), -g * v * np.exp(-2 * log_v)
    derivatives = (
        sin * by_v - cos * by_u,
        -sin * by_u - cos * by_v,
        v * by_u - u * by_v,
        turned * u,
        g * uu,
        g * vv,
        even,
        odd,
    )
    return g, np.stack(derivatives, axis=1)
