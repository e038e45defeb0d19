"""What a trial, a study and a search by SVM cost, from the speed that was measured."""

import statistics
from collections.abc import Sequence
from typing import Any

from sdae.data.problem import Sizes
from sdae.reproduce.speed import Speed
from sdae.sweeps.space import Params, grid

FINE_TUNING = 60  # epochs until early stopping, as our runs on rect and basic had
SVM_SECONDS = 2e-6  # an example squared, for the search of one kernel on one representation: 3 minutes for 10,000


def trial(params: Params, n_layers: int, n_features: int, sizes: Sizes, speed: Speed) -> float:
    """Return the seconds of one worker for one trial.

    Args:
        params: Its hyperparameters, by Table 2's names; an MLP has no nEpoq.
        n_layers: Hidden layers.
        n_features: Components of an input.
        sizes: Of the problem.
        speed: Of the machine.
    """
    n_units = params["nHUnit"]
    depth = params.get("nHLay", n_layers)
    weights = [n_features * n_units, *[n_units * n_units] * (depth - 1)]
    pretraining = params.get("nEpoq", 0) * sum(weights) * speed.pretraining
    # A forward pass of validation costs about a third of a training step.
    fine_tuning = FINE_TUNING * sum(weights) * speed.fine_tuning
    tested = sizes.test / 3 * sum(weights) * speed.fine_tuning
    return sizes.train * pretraining + (sizes.train + sizes.valid / 3) * fine_tuning + tested


def study(
    n_trials: int,
    given: Sequence[Params],
    space: dict[str, list[Any]],
    n_layers: int,
    n_features: int,
    sizes: Sizes,
    speed: Speed,
) -> float:
    """Return the seconds of one worker for a study: the cells that it begins with, and others at the grid's mean.

    What it begins with differs in fine-tuning alone, and shares its pretrained layers.
    """

    def seconds(params: Params) -> float:
        return trial(params, n_layers, n_features, sizes, speed)

    begun = given[:n_trials]
    first = seconds(begun[0]) + sum(seconds({**params, "nEpoq": 0}) for params in begun[1:])
    rest = n_trials - len(given)
    if rest <= 0:
        return first
    dear = {axis: values for axis, values in space.items() if axis in ("nHUnit", "nEpoq", "nHLay")}
    return first + rest * statistics.fmean(seconds(params) for params in grid(dear))


def svm(sizes: Sizes, n_searches: int) -> float:
    """Return the seconds of the whole machine for SVMs: so many searches, one for each representation and kernel."""
    return n_searches * max(5.0, SVM_SECONDS * sizes.train**2)
