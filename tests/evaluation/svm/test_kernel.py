"""Kernels from inner products, against scikit-learn's, and the matrix that is kept from machine to machine."""

import numpy as np
import pytest
from sklearn.metrics.pairwise import linear_kernel, rbf_kernel

from sdae.evaluation.svm.features import computed
from sdae.evaluation.svm.kernel import KernelMatrix
from sdae.evaluation.svm.search import Candidate

N = 1200  # over a block
CANDIDATES = [Candidate("linear", 1.0), Candidate("rbf", 1.0, 0.02), Candidate("rbf", 1.0, 0.5)]


@pytest.fixture(scope="module")
def features(tmp_path_factory):
    random = np.random.default_rng(0)
    x, t = random.normal(size=(N + 100, 8)).astype(np.float32), random.integers(0, 2, N + 100)
    splits = {"train": (x[:N], t[:N]), "valid": (x[N:-50], t[N:-50]), "test": (x[-50:], t[-50:])}
    with computed(tmp_path_factory.mktemp("kernel") / "features", splits, np.asarray, "key", "layer 0") as features:
        features.multiply(N)
        yield features


@pytest.mark.parametrize("candidate", CANDIDATES, ids=str)
def test_a_kernel_is_scikit_learns(features, candidate):
    x = features.x[:N].astype(float)
    expected = linear_kernel(x) if candidate.gamma is None else rbf_kernel(x, gamma=candidate.gamma)
    np.testing.assert_allclose(KernelMatrix().of(features, candidate, N), expected, rtol=1e-4, atol=1e-4)


def test_the_matrix_that_is_kept_is_never_anothers(features):
    alone = {(each, n): KernelMatrix().of(features, each, n) for each in CANDIDATES for n in (N, N - 300)}
    kept = KernelMatrix()
    for _ in range(2):
        for (candidate, n), matrix in alone.items():
            np.testing.assert_array_equal(kept.of(features, candidate, n), matrix)


def test_another_c_takes_the_same_matrix_and_another_kernel_its_memory(features):
    kept = KernelMatrix()
    first = kept.of(features, CANDIDATES[1], N)
    before = first.copy()
    assert kept.of(features, CANDIDATES[1]._replace(C=10.0), N) is first
    np.testing.assert_array_equal(first, before)
    assert kept.of(features, CANDIDATES[2], N) is first
