"""An estimator's examples are a problem that a run can be trained on."""

import torch

from sdae.data import Examples
from sdae.data.scaling import Scaling
from sdae.estimators.problem import InMemory

X = torch.arange(12.0).reshape(4, 3) / 12


def test_examples_in_memory_are_a_problem():
    train, valid = Examples(X[:3], torch.tensor([0, -1, 1])), Examples(X[3:], torch.tensor([1]))
    problem = InMemory(train, valid, ("no", "yes"), Scaling.by(2))
    problem.load()
    assert (problem.name, problem.provenance, problem.sizes) == ("estimator", "local", (3, 1, 0))
    assert (problem.n_features, problem.n_classes, problem.class_name(1)) == (3, 2, "yes")
    assert problem.train is train
    assert problem.valid is valid
    assert problem.test.x.shape == (0, 3)
    assert problem.labelled.t.tolist() == [0, 1]
    assert problem.hparams == {}  # Lightning would copy the examples
    assert problem.preprocessing.scaling.divisor == 2
    assert problem.preprocessing.sizes == (3, 1, 0)


def test_the_range_is_that_of_the_training_examples():
    for x, value_range in ((X, (0, 1)), (X * 24 - 3, (-3, 19))):
        problem = InMemory(Examples(x, torch.zeros(4)), Examples(x[:0], torch.zeros(0)), (), Scaling())
        assert problem.value_range == value_range
        assert problem.observed
    clipped = Scaling.by_extremes(X.numpy())
    assert not InMemory(Examples(X, torch.zeros(4)), Examples(X[:0], torch.zeros(0)), (), clipped).observed
