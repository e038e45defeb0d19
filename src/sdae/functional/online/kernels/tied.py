"""An autoencoder with tied weights, one example an update (sections 2.2 and 3.1)."""

from numba import njit

from sdae.functional.online.kernels.arithmetic import ONE, OPTIONS, ZERO, inline, load_vector, sigmoid, sigmoids
from sdae.functional.online.padding import ROWS


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


@njit(
    "void(f4[:,::1], f4[:,::1], f4[:,::1], f4[:,::1], f4[::1], f4[::1], i8, i8, f4, f4, b1, f4[:,::1], f4[:,::1], "
    "i4[::1])",
    cache=True,
    **OPTIONS,
)
def train_block(x, x_tilde, emphasis, w, b, c, d, h, rate, kept, squared, outputs, scratch, exponents):
    """Take a step for each example of a block, with W' = Wᵀ. Everything is padded, see :mod:`..padding`.

    Args:
        x: Clean examples, (n, d).
        x_tilde: The same corrupted, (n, d).
        emphasis: The weight of each component in the loss (section 3.4), (n, d), or one row for all examples; zero in
            the padding.
        w: W (d', d), updated.
        b: Hidden biases (d',), updated.
        c: The decoder's biases (d,), updated.
        d: Components without the padding.
        h: Hidden units without the padding.
        rate: Step an example.
        kept: Factor on W before each update, 1 less what weight decay takes.
        squared: A linear decoder with squared error; else a sigmoid one with cross-entropy.
        outputs: Where the decoder's pre-activations before each step are written, (n, d): the losses are theirs.
        scratch: Four rows of zeros, each as long as the longest vector.
        exponents: As many integers.
    """
    n, columns = x.shape
    g, a, z, y = scratch[0, :columns], scratch[1, :columns], scratch[2], scratch[3]
    for i in range(n + 1):
        load_vector(c, a)
        last, now = x_tilde[max(i - 1, 0)], x_tilde[min(i, n - 1)]
        tied_sweep(w, b, h, last, g, now, y, a, kept if i > 0 else ONE, i % 2 == 0)
        if i == n:  # that passage was only for the update by the last example
            break
        load_vector(a, outputs[i])
        weight = emphasis[i if emphasis.shape[0] > 1 else 0]
        if squared:
            for q in range(d):
                g[q] = (rate + rate) * weight[q] * (a[q] - x[i, q])
        else:
            sigmoids(a, d, z, exponents)
            for q in range(d):
                g[q] = rate * weight[q] * (z[q] - x[i, q])
        for q in range(d):
            c[q] -= g[q]
