"""One passage over a weight matrix, which does all that one example needs of it.

An online step reads W several times: to encode, to decode, to propagate the error back and to update. Row by row it
needs W only once, because what it does to a row depends on that row and on vectors. So every function here visits each
row once, four rows at a time, while they lie in the first-level cache, and the update by one example waits for the
passage of the next. The result is that of separate steps, up to the rounding of sums. Passages that one loop alone
makes lie beside that loop.

Matrices are padded with zeros to whole groups of rows and whole cache lines of columns. A hidden unit of
the padding has the value 0, and takes part in nothing. ``forth`` is the direction: a passage that begins where the last
one ended finds those rows in the second-level cache. Callers compute it: a constant makes LLVM specialise the
function into scalar code, three times as slow.
"""

from sdae.functional.online.kernels.arithmetic import ZERO, inline
from sdae.functional.online.padding import ROWS


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
def add_rows(w, h, a):
    """Add to ``a`` the rows of W whose hidden units (h,) are on."""
    for j in range(h.shape[0]):
        if h[j] > 0:
            for q in range(w.shape[1]):
                a[q] += w[j, q]
