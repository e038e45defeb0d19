"""An autoencoder with tied weights, one example an update (sections 2.2 and 3.1)."""

from numba import njit

from sdae.functional.online.kernels.sweeps import ONE, OPTIONS, load_vector, sigmoids, tied_sweep


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
