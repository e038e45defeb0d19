"""Matrices and vectors as the compiled loops want them: whole groups of rows, whole cache lines of columns."""

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

ROWS, COLUMNS = 4, 16  # rows that a loop visits together; floats of a cache line


def whole(n: int, of: int) -> int:
    """Return n rounded up to a multiple."""
    return -(-n // of) * of


def padded_examples(x: Tensor) -> np.ndarray:
    """Return examples (n, d) with zeros behind each: the tensor itself where there is nothing to add."""
    return F.pad(x, (0, -x.shape[1] % COLUMNS)).numpy() if x.shape[1] % COLUMNS else x.contiguous().numpy()


def padded_matrix(w: Tensor) -> np.ndarray:
    """Return a copy of a matrix (h, d) with zeros below and behind."""
    return F.pad(w, (0, -w.shape[1] % COLUMNS, 0, -w.shape[0] % ROWS)).clone().numpy()


def padded_vector(b: Tensor) -> np.ndarray:
    """Return a copy of a vector with zeros behind, long enough for either side of a matrix."""
    return F.pad(b, (0, -len(b) % COLUMNS)).clone().numpy()


def put_back(padded: np.ndarray, tensor: Tensor) -> None:
    """Copy a padded matrix or vector into the tensor that it was made of, in place."""
    tensor.copy_(torch.from_numpy(padded)[tuple(slice(n) for n in tensor.shape)])


def scratch(rows: int, *sizes: int) -> tuple[np.ndarray, np.ndarray]:
    """Return rows of zeros as long as the longest of some vectors, padded, and as many integers."""
    longest = whole(max(sizes), COLUMNS)
    return np.zeros((rows, longest), np.float32), np.zeros(longest, np.int32)
