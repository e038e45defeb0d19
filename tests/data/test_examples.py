"""One split: what is refused on its way into memory, and its labels."""

import numpy as np
import pytest
import torch

from sdae.data.examples import UNKNOWN, Examples, checked
from sdae.data.scaling import Scaling
from sdae.errors import SdaeError

X = np.linspace(0, 1, 12, dtype=np.float32).reshape(6, 2)


def made(t, x=X, n_classes=3, unlabelled=True):
    return checked(x, np.array(t), Scaling(), (0.0, 1.0), n_classes, unlabelled, "toy: train")


def test_examples_are_tensors_of_the_types_that_training_takes():
    examples = made([0, 1, 2, 0, 1, 2])
    assert (examples.x.dtype, examples.t.dtype) == (torch.float32, torch.int64)
    np.testing.assert_array_equal(examples.x.numpy(), X)


def test_a_value_out_of_range_is_named_by_its_example():
    x = X.copy()
    x[4, 1] = 1.5
    with pytest.raises(SdaeError, match=r"toy: train example 5 holds 1.5 in component 1, a value outside \[0, 1\]"):
        made([0] * 6, x)


@pytest.mark.parametrize(("t", "unlabelled"), [([0, 1, 3, 0, 0, 0], True), ([0, 1, UNKNOWN, 0, 0, 0], False)])
def test_a_class_that_cannot_be_is_named_by_its_example(t, unlabelled):
    with pytest.raises(SdaeError, match="toy: train example 3 is of class .*, which is not one of 0 to 2"):
        made(t, unlabelled=unlabelled)


def test_examples_without_classes_are_all_of_class_0():
    assert made([0] * 6, n_classes=0).t.tolist() == [0] * 6


def test_those_with_a_label():
    examples = made([0, UNKNOWN, 2, UNKNOWN, 1, 0])
    assert examples.labelled.t.tolist() == [0, 2, 1, 0]
    assert examples.labelled.x.equal(examples.x[[0, 2, 4, 5]])
    assert examples.missing(4) == [3]


def test_labels_are_drawn_in_the_classes_proportions():
    examples = Examples(torch.zeros(90, 2), torch.arange(90) % 3)
    few = examples.with_labels(12, np.random.default_rng(1))
    assert few.labelled.t.bincount().tolist() == [4, 4, 4]
    known = few.t != UNKNOWN
    assert few.t[known].equal(examples.t[known])
    assert few.x is examples.x
