"""Matrices and vectors with zeros behind, for the compiled loops."""

import numpy as np
import pytest
import torch

from sdae.functional.online import padding


@pytest.mark.parametrize(("n", "of", "rounded"), [(1, 4, 4), (4, 4, 4), (5, 4, 8), (17, 16, 32)])
def test_sizes_are_rounded_up(n, of, rounded):
    assert padding.whole(n, of) == rounded


def test_what_is_padded_is_whole_and_can_be_put_back():
    w, b = torch.rand(3, 5), torch.rand(5)
    matrix, vector = padding.padded_matrix(w), padding.padded_vector(b)
    assert matrix.shape == (4, 16)
    assert vector.shape == (16,)
    assert matrix[3:].sum() == matrix[:, 5:].sum() == vector[5:].sum() == 0
    matrix += 1
    padding.put_back(matrix, kept := torch.zeros(3, 5))
    assert torch.equal(kept, w + 1)
    assert torch.equal(torch.from_numpy(vector[:5]), b)


def test_examples_of_whole_lines_are_not_copied():
    x = torch.rand(2, 16)
    assert padding.padded_examples(x).ctypes.data == x.data_ptr()
    assert np.array_equal(padding.padded_examples(x[:, :5])[:, :5], x[:, :5].numpy())
