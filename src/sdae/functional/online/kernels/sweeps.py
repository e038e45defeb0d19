"""One passage over a weight matrix, which does all that one example needs of it.

An online step reads W several times: to encode, to decode, to propagate the error back and to update. Row by row it
needs W only once, because what it does to a row depends on that row and on vectors. So every function here visits each
row once, four rows at a time, while they lie in the first-level cache, and the update by one example waits for the
passage of the next. The result is that of separate steps, up to the rounding of sums.

Matrices are padded with zeros to whole groups of rows and whole cache lines of columns. A hidden unit of
the padding has the value 0, and takes part in nothing. ``forth`` is the direction: a passage that begins where the last
one ended finds those rows in the second-level cache. Callers compute it: a constant makes LLVM specialise the
function into scalar code, three times as slow.

Everything is float32. The compiler may reorder sums, but not assume that there are no infinities: those are how
divergence is noticed.
"""

import math
from typing import Any

import numpy as np
from numba import njit

from sdae.functional.online.padding import ROWS

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
def tied_sweep(w, b, h, last_x, last_g, x, y, a, kept, forth):
    """Update by the last example, encode the next and decode it again, with one matrix for both (section 2.2).

    Args:
        w: W (h, d), updated.
        b: Hidden biases (h,), updated.
        h: Units that are no padding.
        last_x: The corrupted input of the last example.
        last_g: The rate times ∂L/∂a of the last example, a the decoder's pre-activation; zeros before the first.
        x: The corrupted input of the next example.
        y: Hidden units: of the last example, overwritten by those of the next.
        a: Holds the decoder's biases; Wᵀy of the next example is added.
        kept: Factor on W before the update, 1 less what weight decay takes.
        forth: Whether to go from the first row to the last.
    """
    rows, columns = w.shape
    j, step = (0, ROWS) if forth else (rows - ROWS, -ROWS)
    n0 = n1 = n2 = n3 = ZERO
    w0, w1, w2, w3 = w[j], w[j + 1], w[j + 2], w[j + 3]
    for q in range(columns):
        n0 += w0[q] * last_g[q]
        n1 += w1[q] * last_g[q]
        n2 += w2[q] * last_g[q]
        n3 += w3[q] * last_g[q]
    for group in range(0, rows, ROWS):
        w0, w1, w2, w3 = w[j], w[j + 1], w[j + 2], w[j + 3]
        y0, y1, y2, y3 = y[j], y[j + 1], y[j + 2], y[j + 3]
        d0, d1, d2, d3 = n0 * y0 * (ONE - y0), n1 * y1 * (ONE - y1), n2 * y2 * (ONE - y2), n3 * y3 * (ONE - y3)
        s0 = s1 = s2 = s3 = ZERO
        for q in range(columns):
            p, g, t = last_x[q], last_g[q], x[q]
            u0 = kept * w0[q] - d0 * p - y0 * g
            u1 = kept * w1[q] - d1 * p - y1 * g
            u2 = kept * w2[q] - d2 * p - y2 * g
            u3 = kept * w3[q] - d3 * p - y3 * g
            w0[q], w1[q], w2[q], w3[q] = u0, u1, u2, u3
            s0 += u0 * t
            s1 += u1 * t
            s2 += u2 * t
            s3 += u3 * t
        b[j] -= d0
        b[j + 1] -= d1
        b[j + 2] -= d2
        b[j + 3] -= d3
        y0, y1 = sigmoid(s0 + b[j]), sigmoid(s1 + b[j + 1])
        y2, y3 = sigmoid(s2 + b[j + 2]), sigmoid(s3 + b[j + 3])
        if j + ROWS > h:
            y1 = y1 if j + 1 < h else ZERO
            y2 = y2 if j + 2 < h else ZERO
            y3 = ZERO
        y[j], y[j + 1], y[j + 2], y[j + 3] = y0, y1, y2, y3
        # The rows of the next group come from memory here, while this group is decoded from the cache.
        k = j + step if group + ROWS < rows else j
        v0, v1, v2, v3 = w[k], w[k + 1], w[k + 2], w[k + 3]
        n0 = n1 = n2 = n3 = ZERO
        for q in range(columns):
            g = last_g[q]
            n0 += v0[q] * g
            n1 += v1[q] * g
            n2 += v2[q] * g
            n3 += v3[q] * g
            a[q] += y0 * w0[q] + y1 * w1[q] + y2 * w2[q] + y3 * w3[q]
        j += step


@inline
def forward_sweep(w, last_delta, last_x, x, s, kept, forth):
    """Update W by the last example, and write Wx of the next to s.

    Args:
        w: W (h, d), updated.
        last_delta: The rate times the gradient at the last example's pre-activations (h,).
        last_x: The last example's input.
        x: The next example's input.
        s: Where Wx is written, (h,).
        kept: Factor on W before the update.
        forth: Whether to go from the first row to the last.
    """
    rows, columns = w.shape
    j, step = (0, ROWS) if forth else (rows - ROWS, -ROWS)
    for _ in range(0, rows, ROWS):
        w0, w1, w2, w3 = w[j], w[j + 1], w[j + 2], w[j + 3]
        d0, d1, d2, d3 = last_delta[j], last_delta[j + 1], last_delta[j + 2], last_delta[j + 3]
        s0 = s1 = s2 = s3 = ZERO
        for q in range(columns):
            p, t = last_x[q], x[q]
            u0 = kept * w0[q] - d0 * p
            u1 = kept * w1[q] - d1 * p
            u2 = kept * w2[q] - d2 * p
            u3 = kept * w3[q] - d3 * p
            w0[q], w1[q], w2[q], w3[q] = u0, u1, u2, u3
            s0 += u0 * t
            s1 += u1 * t
            s2 += u2 * t
            s3 += u3 * t
        s[j], s[j + 1], s[j + 2], s[j + 3] = s0, s1, s2, s3
        j += step


@inline
def product_sweep(w, x, s, forth):
    """Write Wx to s, and leave W as it is."""
    rows, columns = w.shape
    j, step = (0, ROWS) if forth else (rows - ROWS, -ROWS)
    for _ in range(0, rows, ROWS):
        w0, w1, w2, w3 = w[j], w[j + 1], w[j + 2], w[j + 3]
        s0 = s1 = s2 = s3 = ZERO
        for q in range(columns):
            t = x[q]
            s0 += w0[q] * t
            s1 += w1[q] * t
            s2 += w2[q] * t
            s3 += w3[q] * t
        s[j], s[j + 1], s[j + 2], s[j + 3] = s0, s1, s2, s3
        j += step


@inline
def backward_sweep(w, delta, x, below, kept, forth):
    """Add Wᵀδ to ``below``, with W as it was, and update W by δxᵀ."""
    rows, columns = w.shape
    j, step = (0, ROWS) if forth else (rows - ROWS, -ROWS)
    for _ in range(0, rows, ROWS):
        w0, w1, w2, w3 = w[j], w[j + 1], w[j + 2], w[j + 3]
        d0, d1, d2, d3 = delta[j], delta[j + 1], delta[j + 2], delta[j + 3]
        for q in range(columns):
            t = x[q]
            v0, v1, v2, v3 = w0[q], w1[q], w2[q], w3[q]
            below[q] += d0 * v0 + d1 * v1 + d2 * v2 + d3 * v3
            w0[q] = kept * v0 - d0 * t
            w1[q] = kept * v1 - d1 * t
            w2[q] = kept * v2 - d2 * t
            w3[q] = kept * v3 - d3 * t
        j += step


@inline
def decode_sweep(w, c, y, x, weight, rate, squared, a, below, kept, forth):
    """Decode y by a matrix of the decoder's own, and learn from it: everything one example needs of W'.

    Args:
        w: W' (d, h), updated.
        c: The decoder's biases (d,), updated.
        y: Hidden units (h,).
        x: The clean example (d,).
        weight: Its emphasis (d,), zeros in the padding.
        rate: Step an example.
        squared: A linear decoder with squared error; else a sigmoid one with cross-entropy.
        a: Where the decoder's pre-activations are written, (d,).
        below: W'ᵀδ is added, with W' as it was, (h,).
        kept: Factor on W' before the update.
        forth: Whether to go from the first row to the last.
    """
    rows, columns = w.shape
    j, step = (0, ROWS) if forth else (rows - ROWS, -ROWS)
    for _ in range(0, rows, ROWS):
        w0, w1, w2, w3 = w[j], w[j + 1], w[j + 2], w[j + 3]
        s0 = s1 = s2 = s3 = ZERO
        for q in range(columns):
            t = y[q]
            s0 += w0[q] * t
            s1 += w1[q] * t
            s2 += w2[q] * t
            s3 += w3[q] * t
        a[j], a[j + 1], a[j + 2], a[j + 3] = s0 + c[j], s1 + c[j + 1], s2 + c[j + 2], s3 + c[j + 3]
        d0 = rate * weight[j] * output_slope(a[j], x[j], squared)
        d1 = rate * weight[j + 1] * output_slope(a[j + 1], x[j + 1], squared)
        d2 = rate * weight[j + 2] * output_slope(a[j + 2], x[j + 2], squared)
        d3 = rate * weight[j + 3] * output_slope(a[j + 3], x[j + 3], squared)
        c[j] -= d0
        c[j + 1] -= d1
        c[j + 2] -= d2
        c[j + 3] -= d3
        for q in range(columns):
            t = y[q]
            v0, v1, v2, v3 = w0[q], w1[q], w2[q], w3[q]
            below[q] += d0 * v0 + d1 * v1 + d2 * v2 + d3 * v3
            w0[q] = kept * v0 - d0 * t
            w1[q] = kept * v1 - d1 * t
            w2[q] = kept * v2 - d2 * t
            w3[q] = kept * v3 - d3 * t
        j += step


@inline
def output_slope(a, x, squared):
    """Return ∂L/∂a of one component: 2 (a − x) of the squared error, s(a) − x of the cross-entropy."""
    return (a - x) + (a - x) if squared else sigmoid(a) - x


@inline
def sampling_sweep(w, b, h, last_up, last_v, last_down, last_chain_v, v, mean, u, a, kept, forth):
    """Update W by the last example, draw the hidden units of the next, and add the down pass of the draw to ``a``.

    Args:
        w: W (h, d), updated.
        b: Hidden biases (h,).
        h: Units that are no padding.
        last_up: The rate times the last example's hidden means (h,).
        last_v: The last example (d,).
        last_down: Minus the rate times the hidden means at its chain's end (h,).
        last_chain_v: The visible units there (d,).
        v: The next example (d,).
        mean: Where p(h = 1|v) is written, (h,).
        u: Uniform numbers, (h,); a unit is on where its number is below its mean.
        a: Wᵀh of the draw is added, (d,).
        kept: Factor on W before the update.
        forth: Whether to go from the first row to the last.
    """
    rows, columns = w.shape
    j, step = (0, ROWS) if forth else (rows - ROWS, -ROWS)
    for _ in range(0, rows, ROWS):
        w0, w1, w2, w3 = w[j], w[j + 1], w[j + 2], w[j + 3]
        p0, p1, p2, p3 = last_up[j], last_up[j + 1], last_up[j + 2], last_up[j + 3]
        m0, m1, m2, m3 = last_down[j], last_down[j + 1], last_down[j + 2], last_down[j + 3]
        s0 = s1 = s2 = s3 = ZERO
        for q in range(columns):
            p, m, t = last_v[q], last_chain_v[q], v[q]
            u0 = kept * w0[q] + p0 * p + m0 * m
            u1 = kept * w1[q] + p1 * p + m1 * m
            u2 = kept * w2[q] + p2 * p + m2 * m
            u3 = kept * w3[q] + p3 * p + m3 * m
            w0[q], w1[q], w2[q], w3[q] = u0, u1, u2, u3
            s0 += u0 * t
            s1 += u1 * t
            s2 += u2 * t
            s3 += u3 * t
        mean[j], mean[j + 1] = sigmoid(s0 + b[j]), sigmoid(s1 + b[j + 1])
        mean[j + 2], mean[j + 3] = sigmoid(s2 + b[j + 2]), sigmoid(s3 + b[j + 3])
        h0 = ONE if u[j] < mean[j] else ZERO
        h1 = ONE if j + 1 < h and u[j + 1] < mean[j + 1] else ZERO
        h2 = ONE if j + 2 < h and u[j + 2] < mean[j + 2] else ZERO
        h3 = ONE if j + 3 < h and u[j + 3] < mean[j + 3] else ZERO
        if h0 + h1 + h2 + h3 > 0:
            for q in range(columns):
                a[q] += h0 * w0[q] + h1 * w1[q] + h2 * w2[q] + h3 * w3[q]
        j += step


@inline
def add_rows(w, h, a):
    """Add to ``a`` the rows of W whose hidden units (h,) are on."""
    for j in range(h.shape[0]):
        if h[j] > 0:
            for q in range(w.shape[1]):
                a[q] += w[j, q]
