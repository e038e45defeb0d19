"""Pairs of classes that vote, against scikit-learn's own predictions."""

import numpy as np
import pytest
from sklearn.datasets import make_classification
from sklearn.metrics.pairwise import rbf_kernel
from sklearn.svm import SVC

from sdae.evaluation.svm.votes import coefficients, vote


@pytest.mark.parametrize("classes", [2, 3, 5])
def test_the_decisions_and_the_classes_are_scikit_learns(classes):
    x, t = make_classification(600, 20, n_informative=10, n_classes=classes, flip_y=0.1, random_state=1)
    t = t * 3 + 1  # labels that are no positions
    machine = SVC(C=2.0, gamma=0.05, decision_function_shape="ovo").fit(x[:400], t[:400])
    weights, intercepts = coefficients(machine)
    decisions = rbf_kernel(x[400:], machine.support_vectors_, 0.05) @ weights + intercepts
    expected = machine.decision_function(x[400:])
    np.testing.assert_allclose(decisions, expected if classes > 2 else -expected[:, None], atol=1e-9)
    np.testing.assert_array_equal(vote(decisions, machine.classes_), machine.predict(x[400:]))
