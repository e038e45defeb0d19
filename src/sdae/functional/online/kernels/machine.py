"""A restricted Boltzmann machine, one example an update: CD-k and persistent CD (section 6.2; Hinton et al., 2006)."""

from numba import njit

from sdae.functional.online.kernels.arithmetic import ONE, OPTIONS, ZERO, inline, load_vector, sigmoid, sigmoids
from sdae.functional.online.kernels.sweeps import add_rows, product_sweep
from sdae.functional.online.padding import ROWS


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


@njit(**OPTIONS)
def draw_visible(a, d, gaussian, noise, v, exponents):
    """Draw visible units about their mean: a itself where they are Gaussian, s(a) where they are binary."""
    if gaussian:
        for q in range(d):
            v[q] = a[q] + noise[q]
    else:
        sigmoids(a, d, v, exponents)
        for q in range(d):
            v[q] = ONE if noise[q] < v[q] else ZERO


@njit(
    "void(f4[:,::1], f4[:,::1], f4[::1], f4[::1], i8, i8, f4, f4, b1, f4[:,:,::1], f4[:,:,::1], f4[::1], f4[:,::1], "
    "f4[:,::1], i4[::1])",
    cache=True,
    **OPTIONS,
)
def train_block(v, w, b, c, d, h, rate, kept, gaussian, hidden, visible, chain, outputs, scratch, exponents):
    """Take a step of contrastive divergence for each example of a block. All but the draws and the chain is padded.

    Args:
        v: Examples, (n, d).
        w: Weights W (d', d), updated.
        b: Hidden biases (d',), updated.
        c: Visible biases (d,), updated.
        d: Visible units without the padding.
        h: Hidden units without the padding.
        rate: Step an example.
        kept: Factor on W before each update, 1 less what weight decay takes.
        gaussian: Visible units of unit variance; else binary.
        hidden: Uniform numbers for the hidden units, (n, k, d'), with a persistent chain (n, k + 1, d').
        visible: Uniform numbers for binary visible units, normal ones for Gaussian ones, (n, k, d).
        chain: Hidden units of the persistent chain (d',), updated; empty starts the chains at the data.
        outputs: Where Wᵀh + c of each example's first draw is written, (n, d): the losses are theirs.
        scratch: Seven rows of zeros, each as long as the longest vector.
        exponents: As many integers.
    """
    n, columns = v.shape
    k = visible.shape[1]
    a, chain_v, last_chain_v = scratch[0, :columns], scratch[1], scratch[2]
    mean, up, down, nothing = scratch[3], scratch[4], scratch[5], scratch[6]
    for i in range(n + 1):
        forth = i % 2 == 0
        load_vector(c, a)
        last, now, u = v[max(i - 1, 0)], v[min(i, n - 1)], hidden[min(i, n - 1), 0]
        sampling_sweep(w, b, h, up, last, down, last_chain_v, now, mean, u, a, kept if i > 0 else ONE, forth)
        if i == n:  # that passage was only for the update by the last example
            break
        load_vector(a, outputs[i])
        for j in range(h):
            up[j] = rate * mean[j]
        if chain.shape[0] > 0:
            load_vector(c, a)
            add_rows(w, chain, a)
        for step in range(k):
            draw_visible(a, d, gaussian, visible[i, step], chain_v, exponents)
            if step + 1 < k:
                load_vector(c, a)
                u = hidden[i, step + 1]
                sampling_sweep(w, b, h, nothing, now, nothing, now, chain_v, mean, u, a, ONE, not forth)
        product_sweep(w, chain_v, mean, not forth)
        for j in range(h):
            mean[j] = sigmoid(mean[j] + b[j])
            down[j] = -rate * mean[j]
        for j in range(h):
            b[j] += up[j] + down[j]
        if chain.shape[0] > 0:
            for j in range(h):
                chain[j] = ONE if hidden[i, k, j] < mean[j] else ZERO
        for q in range(d):
            c[q] += rate * (now[q] - chain_v[q])
        last_chain_v, chain_v = chain_v, last_chain_v
