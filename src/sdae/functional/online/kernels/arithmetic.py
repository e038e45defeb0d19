"""The arithmetic of one vector, compiled into the loops: how the compiler may treat it, and the sigmoid.

Everything is float32. The compiler may reorder sums, but not assume that there are no infinities: those are how
divergence is noticed.
"""

import math
from typing import Any

import numpy as np
from numba import njit

FAST_MATH = {"reassoc", "contract", "arcp", "nsz", "afn"}
ZERO, ONE = np.float32(0), np.float32(1)
OPTIONS: dict[str, Any] = {"fastmath": FAST_MATH, "error_model": "numpy", "nogil": True}
inline = njit(**OPTIONS)


@inline
def load_vector(row, vector):
    """Copy an example into a padded vector."""
    for q in range(row.shape[0]):
        vector[q] = row[q]


@inline
def sigmoid(a):
    """Return s(a) of one number."""
    return ONE / (ONE + math.exp(-a))


@inline
def sigmoids(a, n, z, exponents):
    """Write s(a) of n numbers to z, in vector instructions; the exponential is that of Cephes, to one unit in the last.

    Args:
        a: The numbers.
        n: How many.
        z: Where to write.
        exponents: Scratch of integers, as long.
    """
    for q in range(n):
        t = min(max(-a[q], np.float32(-87)), np.float32(87))
        k = np.floor(t * np.float32(1.44269504) + np.float32(0.5))
        r = t - k * np.float32(0.693359375)
        r = r - k * np.float32(-2.12194440e-4)
        p = np.float32(1.9875691500e-4)
        p = p * r + np.float32(1.3981999507e-3)
        p = p * r + np.float32(8.3334519073e-3)
        p = p * r + np.float32(4.1665795894e-2)
        p = p * r + np.float32(1.6666665459e-1)
        p = p * r + np.float32(5.0000001201e-1)
        z[q] = p * r * r + r + ONE
        exponents[q] = (np.int32(k) + np.int32(127)) << np.int32(23)
    powers = exponents.view(np.float32)
    for q in range(n):
        z[q] = ONE / (ONE + z[q] * powers[q])


@inline
def output_slope(a, x, squared):
    """Return ∂L/∂a of one component: 2 (a − x) of the squared error, s(a) − x of the cross-entropy."""
    return (a - x) + (a - x) if squared else sigmoid(a) - x
