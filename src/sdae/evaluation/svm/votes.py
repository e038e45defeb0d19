"""The prediction of a trained support vector machine: one decision for each pair of classes, which then vote.

scikit-learn-intelex trains the same SVM as scikit-learn, but some of its decisions are wrong on processors with
AVX-512 (seen in 2026.2: support vectors, coefficients and intercepts agree with scikit-learn's, decisions of some pairs
differ by 0.5). So its SVMs predict here, by LIBSVM's formula.
"""

from itertools import combinations
from typing import Any

import numpy as np


def coefficients(machine: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return the weight of every support vector in the decision of every pair, (s, pairs), and the intercepts (pairs,).

    A decision above 0 is a vote for the pair's first class.

    Args:
        machine: A fitted ``SVC`` of m classes: dual coefficients (m − 1, s), the support vectors ordered by class.
    """
    ends = np.cumsum(machine.n_support_)
    rows = [slice(end - n, end) for end, n in zip(ends, machine.n_support_, strict=True)]
    pairs = list(combinations(range(len(rows)), 2))
    weights = np.zeros((ends[-1], len(pairs)))
    for pair, (i, j) in enumerate(pairs):
        weights[rows[i], pair] = machine.dual_coef_[j - 1, rows[i]]
        weights[rows[j], pair] = machine.dual_coef_[i, rows[j]]
    intercepts = np.asarray(machine.intercept_, dtype=float)
    if len(rows) == 2:  # scikit-learn turns the sign of two classes around
        return -weights, -intercepts
    return weights, intercepts


def vote(decisions: np.ndarray, classes: np.ndarray) -> np.ndarray:
    """Return the class with the most votes of each example, (n,); the first among equals, as in LIBSVM.

    Args:
        decisions: Of every pair, (n, pairs).
        classes: The classes (m,), in the order of the pairs.
    """
    votes = np.zeros((len(decisions), len(classes)), dtype=int)
    for decision, (i, j) in zip(decisions.T, combinations(range(len(classes)), 2), strict=True):
        votes[:, i] += decision > 0
        votes[:, j] += decision <= 0
    return classes[votes.argmax(1)]
