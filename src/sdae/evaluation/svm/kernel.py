"""The kernels of support vector machines, from inner products of the examples that were computed once."""

import numpy as np

from sdae.evaluation.svm.features import Features
from sdae.evaluation.svm.search import Candidate

BLOCK = 1000  # rows at a time


def kernel(candidate: Candidate, products: np.ndarray, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Turn inner products (n, m) into the kernel, in place.

    Args:
        candidate: Kernel and γ.
        products: x·y for each x and y.
        left: ‖x‖² of each x, (n,).
        right: ‖y‖² of each y, (m,).
    """
    if candidate.gamma is None:
        return products
    products *= 2
    products -= left[:, None]
    products -= right
    np.minimum(products, 0, out=products)  # −‖x − y‖², which rounding may lift above 0
    products *= np.float32(candidate.gamma)
    return np.exp(products, out=products)


class KernelMatrix:
    """The kernel of the training examples, kept for the next SVM, for which often only C differs.

    It takes gigabytes, so a process has one, and the next kernel is computed in the same memory.
    """

    def __init__(self) -> None:
        """Compute nothing yet."""
        self._key: tuple | None = None
        self._place: np.ndarray | None = None

    def of(self, features: Features, candidate: Candidate, n: int) -> np.ndarray:
        """Return the kernel of the first n examples, (n, n) float64 as LIBSVM requires it, valid until the next call.

        Args:
            features: The representation, whose inner products have been computed.
            candidate: Kernel and γ.
            n: Number of examples.
        """
        key = (features.key, candidate.kernel, candidate.gamma, n)
        if self._place is not None and self._key == key:
            return self._place
        if self._place is not None and len(self._place) != n:
            self._place = None  # released first: two do not fit in memory
        place = np.empty((n, n)) if self._place is None else self._place
        self._key, self._place = None, place  # invalid until it is computed
        products = features.products
        norms = products.diagonal()[:n].copy()
        for start in range(0, n, BLOCK):
            block = slice(start, min(start + BLOCK, n))
            place[block] = kernel(candidate, products[block, :n].copy(), norms[block], norms)
        self._key = key
        return place
