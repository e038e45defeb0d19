"""The quality of samples, in numbers beside the picture: a picture cannot fail a test (section 7.3).

"Clearly, SDAE trained networks, like DBNs, are able to regenerate high quality samples", which "can easily pass for
samples from the unknown input distribution" (Figure 15). So each sample is held against real examples: does a
classifier trained on them still see the class of the example that the sample came from, and how far is the nearest of
them? That example itself is left out, as a damaged copy is near it and yet like nothing real; examples of the test set
show what is near.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from sdae.data.examples import UNKNOWN, Examples
from sdae.evaluation.svm.machine import own_kernel
from sdae.evaluation.svm.search import Candidate, legible
from sdae.functional.error_rate import interval
from sdae.seeds import numpy_generator

TRAINED_ON = 10_000  # training examples of the classifier: on MNIST an error of 3 to 4 %, in some ten seconds
C = 10.0
BLOCK = 10_000  # training examples at a time


@dataclass(frozen=True)
class Judgement:
    """Measurements of samples.

    Attributes:
        label_error: Fraction which the classifier does not take for the class of the example that they came from;
            None where there are no classes.
        interval: Half width of its 95 % interval, the samples of one example counted as one.
        distance: Mean Euclidean distance to the nearest other training example, in units of the input.
        variability: Mean Euclidean distance between two samples of the same example; None for one sample each.
    """

    label_error: float | None
    interval: float | None
    distance: float
    variability: float | None


class Judge:
    """Real examples, and a classifier trained on them: an SVM with an RBF kernel, C = 10, γ = 1 / (d · variance).

    The classifier is not trained on the examples whose samples it judges, whose classes it would know.

    Args:
        train: The training set.
        test: The test set, whose own numbers the samples' are to be read beside.
        n: Number of labelled training examples whose samples are to be judged, and of test examples.
        seed: Of the draw of both, and of up to 10,000 other labelled training examples for the classifier.

    Attributes:
        rows: Row numbers of the training examples whose samples are to be judged, (n,).
        real: The judgement of the test examples; None where there are none.
    """

    def __init__(self, train: Examples, test: Examples, n: int, seed: int) -> None:
        """Train the classifier, where there are classes to tell apart, and judge the test set."""
        self.x, self.t = train
        known = (self.t > UNKNOWN).nonzero()[:, 0]
        drawn = known[torch.from_numpy(numpy_generator(seed, "judge", "train").permutation(len(known)))]
        self.rows, others = drawn[:n], drawn[n : n + TRAINED_ON]
        x, t = self.x[others], self.t[others]
        variance = float(x.var(0, correction=0).mean())
        self.gamma = legible(1 / (x.shape[1] * variance)) if variance > 0 else 1.0
        self.machine: Any = None
        self.trained_on = len(x)
        # The RBF kernel does not depend on the origin, but float32 loses distances that are small beside it.
        self.centre = x.double().mean(0).float()
        if len(t.unique()) > 1:
            self.machine = own_kernel(Candidate("rbf", C, self.gamma)).fit((x - self.centre).numpy(), t.numpy())
        asked = torch.from_numpy(numpy_generator(seed, "judge", "test").permutation(len(test.x))[:n])
        self.real = self._judged(test.x[asked][:, None], test.t[asked], None) if len(asked) else None

    def of(self, samples: Tensor) -> Judgement:
        """Judge samples (n, draws, d) of the training examples with the numbers ``rows``."""
        return self._judged(samples, self.t[self.rows], self.rows)

    @property
    def described(self) -> dict[str, Any] | None:
        """The classifier, as plain values; None where there is none."""
        if self.machine is None:
            return None
        return {"kernel": "rbf", "C": C, "gamma": self.gamma, "training_examples": self.trained_on}

    def _judged(self, samples: Tensor, t: Tensor, left_out: Tensor | None) -> Judgement:
        n, draws, _ = samples.shape
        flat = samples.flatten(0, 1)
        error = None
        if self.machine is not None:
            seen = self.machine.predict((flat - self.centre).numpy())
            error = float(np.mean(seen != t.repeat_interleave(draws).numpy()))
        own = None if left_out is None else left_out.repeat_interleave(draws)
        return Judgement(
            error,
            None if error is None else interval(error, n),
            float(nearest(flat, self.x, own).mean()),
            float((samples[:, 0] - samples[:, 1]).norm(dim=1).double().mean()) if draws > 1 else None,
        )


def nearest(samples: Tensor, x: Tensor, left_out: Tensor | None = None) -> Tensor:
    """Return the Euclidean distance of each sample (n, d) to the nearest example of x (m, d): (n,), float64.

    torch.cdist multiplies matrices, ‖x‖² + ‖y‖² − 2 x·y, which in float32 loses distances that are small beside those
    from the origin; in float64 it keeps what float32 inputs can say.

    Args:
        samples: The samples.
        x: The examples.
        left_out: For each sample the row of x that does not count, (n,), or None.
    """
    least, samples = torch.full((len(samples),), torch.inf, dtype=torch.float64), samples.double()
    for start in range(0, len(x), BLOCK):
        block = x[start : start + BLOCK].double()
        for these in torch.arange(len(samples)).split(BLOCK // 10):
            distances = torch.cdist(samples[these], block)
            if left_out is not None:
                column = left_out[these] - start
                here = (column >= 0) & (column < len(block))
                distances[here.nonzero()[:, 0], column[here]] = torch.inf
            least[these] = torch.minimum(least[these], distances.amin(1))
    return least
