"""One support vector machine (SVM): trained on rows of a representation, evaluated on others.

It is scikit-learn's ``SVC``, which is LIBSVM as in the paper (footnote 12): for several classes one SVM for each pair
of them, which then vote. In a search, LIBSVM spends nearly all time on computing, for every candidate anew, the inner
products of the same examples. Here they are computed once per representation, and a candidate is trained on the kernel
that follows from them; the SVM is the same. For training sets whose kernels would not fit in memory ``SVC`` computes
its own, that of scikit-learn-intelex if it is installed.
"""

import importlib.util
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import numpy as np

from sdae.evaluation.svm.features import LARGE, Features, Part
from sdae.evaluation.svm.kernel import BLOCK, KernelMatrix, kernel
from sdae.evaluation.svm.search import Candidate
from sdae.evaluation.svm.votes import coefficients, vote

KERNEL_ROWS = LARGE  # maximum number of training examples for a kernel in memory: 2 GB at 8 bytes
INTELEX = "scikit-learn-intelex"


@dataclass(frozen=True)
class CandidateResult:
    """The result of a candidate.

    Attributes:
        wrong: Misclassified examples.
        examples: Evaluated examples.
        support_vectors: Number of support vectors.
        seconds: Time of training and prediction.
    """

    wrong: int
    examples: int
    support_vectors: int
    seconds: float

    @property
    def error(self) -> float:
        """The error rate, a fraction."""
        return self.wrong / self.examples


def accelerated() -> bool:
    """Return whether scikit-learn-intelex is installed; it is not available on every platform."""
    return importlib.util.find_spec("sklearnex") is not None


def made_by(n: int) -> str:
    """Return the name and version of the package that trains an SVM on n examples."""
    package = INTELEX if n > KERNEL_ROWS and accelerated() else "scikit-learn"
    return f"{package} {version(package)}"


def memory(n: int) -> int:
    """Return the bytes that a process needs to train an SVM on n examples, without the examples."""
    return 2**28 + 8 * n * n if n <= KERNEL_ROWS else 2**30


def measure_candidate(
    features: Features, candidate: Candidate, trained_on: Part, asked: Part, matrix: KernelMatrix
) -> CandidateResult:
    """Train a candidate and count the examples it misclassifies.

    Args:
        features: The representation; up to ``KERNEL_ROWS`` rows its inner products must have been computed.
        candidate: Kernel, C and γ.
        trained_on: The rows to train on.
        asked: The rows to predict.
        matrix: The kernel of the previous SVM, reused if only C has changed.
    """
    from sklearn.svm import SVC  # imported here and below since it takes a second

    began = time.perf_counter()
    x, t, n = features.x, features.t, features.rows(trained_on).stop
    if n <= KERNEL_ROWS:
        machine = SVC(kernel="precomputed", C=candidate.C).fit(matrix.of(features, candidate, n), t[:n])
        predict = _asking(machine, _rows_of_kernel(features, candidate, n, machine.support_))
    else:
        machine = own_kernel(candidate).fit(x[:n], t[:n])
        predict = _voting(machine, candidate, x) if accelerated() else machine.predict
    rows = features.rows(asked)
    wrong = 0
    for start in range(rows.start, rows.stop, BLOCK):
        block = slice(start, min(start + BLOCK, rows.stop))
        wrong += int((predict(x[block]) != t[block]).sum())
    return CandidateResult(wrong, rows.stop - rows.start, len(machine.support_), time.perf_counter() - began)


def own_kernel(candidate: Candidate) -> Any:
    """Return an SVC that computes its kernel itself, in one thread, as candidates run in parallel."""
    gamma = {} if candidate.gamma is None else {"gamma": candidate.gamma}
    if not accelerated():
        from sklearn.svm import SVC

        return SVC(kernel=candidate.kernel, C=candidate.C, **gamma)
    from sklearnex.svm import SVC as Accelerated

    return Accelerated(kernel=candidate.kernel, C=candidate.C, n_jobs=1, **gamma)


Predict = Callable[[np.ndarray], np.ndarray]


def _asking(machine: Any, shown: Predict) -> Predict:
    """Return the prediction of an SVM with a precomputed kernel."""
    return lambda block: machine.predict(shown(block))


def _voting(machine: Any, candidate: Candidate, x: np.ndarray) -> Predict:
    """Return the prediction of an SVM that scikit-learn-intelex trained on the first of the examples x."""
    vectors = x[machine.support_]
    norms = np.square(vectors).sum(1)
    weights, intercepts = coefficients(machine)

    def predict(block: np.ndarray) -> np.ndarray:
        similar = kernel(candidate, block @ vectors.T, np.square(block).sum(1), norms)
        return vote(similar @ weights + intercepts, machine.classes_)

    return predict


def _rows_of_kernel(
    features: Features, candidate: Candidate, n: int, support: np.ndarray
) -> Callable[[np.ndarray], np.ndarray]:
    """Return a function from examples (b, d) to their kernel with the n training examples, (b, n); 0 if unused."""
    vectors = features.x[support]
    norms = np.square(vectors).sum(1)
    place = np.zeros((BLOCK, n))

    def rows(x: np.ndarray) -> np.ndarray:
        place[: len(x), support] = kernel(candidate, x @ vectors.T, np.square(x).sum(1), norms)
        return place[: len(x)]

    return rows
