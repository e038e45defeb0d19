"""A restricted Boltzmann machine, one example an update: CD-k and persistent CD (section 6.2; Hinton et al., 2006)."""

from numba import njit

from sdae.functional.online.kernels.sweeps import (
    ONE,
    OPTIONS,
    ZERO,
    add_rows,
    load_vector,
    product_sweep,
    sampling_sweep,
    sigmoid,
    sigmoids,
)


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
        scratch: Eight rows of zeros, each as long as the longest vector.
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
