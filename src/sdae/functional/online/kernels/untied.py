"""An autoencoder whose decoder has weights of its own, one example an update (sections 2.2 and 3.1)."""

from numba import njit

from sdae.functional.online.kernels.sweeps import ONE, OPTIONS, decode_sweep, forward_sweep, sigmoids


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
