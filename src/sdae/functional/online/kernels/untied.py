"""An autoencoder whose decoder has weights of its own, one example an update (sections 2.2 and 3.1)."""

from numba import njit

from sdae.functional.online.kernels.arithmetic import ONE, OPTIONS, ZERO, inline, output_slope, sigmoids
from sdae.functional.online.kernels.sweeps import forward_sweep
from sdae.functional.online.padding import ROWS


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


@njit(
    "void(f4[:,::1], f4[:,::1], f4[:,::1], f4[:,::1], f4[::1], f4[:,::1], f4[::1], i8, f4, f4, b1, f4[:,::1], "
    "f4[:,::1], i4[::1])",
    cache=True,
    **OPTIONS,
)
def train_block(x, x_tilde, emphasis, w, b, w_prime, c, h, rate, kept, squared, outputs, scratch, exponents):
    """Take a step for each example of a block; else as for tied weights, with W' (d, d'), updated too."""
    n = x.shape[0]
    s, delta, y, below = scratch[0], scratch[1], scratch[2], scratch[3]
    for i in range(n + 1):
        last, now = x_tilde[max(i - 1, 0)], x_tilde[min(i, n - 1)]
        forward_sweep(w, delta, last, now, s, kept if i > 0 else ONE, i % 2 == 0)
        if i == n:
            break
        for j in range(h):
            s[j] += b[j]
            below[j] = 0
        sigmoids(s, h, y, exponents)
        weight = emphasis[i if emphasis.shape[0] > 1 else 0]
        decode_sweep(w_prime, c, y, x[i], weight, rate, squared, outputs[i], below, kept, i % 2 == 0)
        for j in range(h):
            delta[j] = below[j] * y[j] * (ONE - y[j])
            b[j] -= delta[j]
