"""Fine-tuning the whole network, one example an update (section 3.5)."""

import math

from numba import njit

from sdae.functional.online.kernels.arithmetic import ONE, OPTIONS, ZERO, sigmoids
from sdae.functional.online.kernels.sweeps import backward_sweep, forward_sweep, product_sweep
from sdae.functional.online.padding import COLUMNS, ROWS


@njit(**OPTIONS)
def softmax_gradient(a, m, t, rate, delta):
    """Write the rate times ∂(−log p(t|x))/∂a to delta: p − 1 at the class, p elsewhere."""
    highest, total = a[0], ZERO
    for j in range(1, m):
        highest = max(highest, a[j])
    for j in range(m):
        delta[j] = math.exp(a[j] - highest)
        total += delta[j]
    for j in range(m):
        delta[j] *= rate / total
    delta[t] -= rate


@njit(**OPTIONS)
def matrix(weights, starts, sizes, k):
    """Return layer k's padded matrix."""
    rows, columns = -(-sizes[k + 1] // ROWS) * ROWS, -(-sizes[k] // COLUMNS) * COLUMNS
    return weights[starts[k] : starts[k] + rows * columns].reshape((rows, columns))


@njit(
    "void(f4[:,::1], i8[::1], f4[::1], i8[::1], f4[:,::1], i8[::1], f4, f4[:,::1], f4[:,::1], i4[::1])",
    cache=True,
    **OPTIONS,
)
def train_block(x, t, weights, starts, biases, sizes, rate, outputs, scratch, exponents):
    """Take a step on −log p(t|x) for each example of a block, through all layers.

    Args:
        x: Examples, padded, (n, d).
        t: Their classes, (n,).
        weights: The padded matrices of all layers from the input up, one behind the other; updated.
        starts: Where each begins.
        biases: The biases of each layer, a row each, padded; updated.
        sizes: Components of the input, units of every hidden layer, classes.
        rate: Step an example.
        outputs: Where the scores before each step are written, (n, m): the losses are theirs.
        scratch: Zeros, two rows a layer and one more, each as long as the longest vector.
        exponents: As many integers.
    """
    n, depth = x.shape[0], starts.shape[0]
    top, s = depth - 1, scratch[2 * depth]
    for i in range(n + 1):
        forth = i % 2 == 0
        # The first layer's update has waited for this: it is one passage with the next example's way up.
        last, y = x[max(i - 1, 0)], x[min(i, n - 1)]
        forward_sweep(matrix(weights, starts, sizes, 0), scratch[depth], last, y, s, ONE, forth)
        if i == n:
            break
        for k in range(depth):
            h = sizes[k + 1]
            if k > 0:
                product_sweep(matrix(weights, starts, sizes, k), y, s, forth)
            for j in range(h):
                s[j] += biases[k, j]
            y = scratch[k]
            if k < top:
                sigmoids(s, h, y, exponents)
        for j in range(sizes[depth]):
            outputs[i, j] = s[j]
        softmax_gradient(s, sizes[depth], t[i], rate, scratch[depth + top])
        for k in range(top, -1, -1):
            delta = scratch[depth + k]
            for j in range(sizes[k + 1]):
                biases[k, j] -= delta[j]
            if k > 0:
                below, y = scratch[depth + k - 1], scratch[k - 1]
                below[:] = ZERO
                backward_sweep(matrix(weights, starts, sizes, k), delta, y, below, ONE, not forth)
                for q in range(sizes[k]):
                    below[q] *= y[q] * (ONE - y[q])
