"""How fast this machine is: a few seconds of the very steps that pretraining and fine-tuning are made of."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import joblib
import torch

from sdae.models.classifier import Classifier
from sdae.pretraining import Pretraining
from sdae.stacking import layers

SIZES = (784, 1000)  # of the layer that is timed: inputs and units
N = 400  # examples, in batches of 20
MOST = 16  # processes that are timed side by side
SECONDS = 1.5  # of either measurement


@dataclass(frozen=True)
class Speed:
    """Seconds that one example takes for each weight, with every worker of the machine at work.

    Attributes:
        pretraining: In a layer.
        fine_tuning: In a whole network.
        workers: How many trials go on side by side.
    """

    pretraining: float
    fine_tuning: float
    workers: int


def measure(workers: int) -> Speed:
    """Measure this machine's speed, for some ten seconds.

    Args:
        workers: How many trials are to go on side by side; they slow one another down, so as many are timed.
    """
    if torch.cuda.is_available():
        return Speed(*_timed("cuda"), workers)
    beside = min(workers, MOST)
    timed = joblib.Parallel(n_jobs=beside)(joblib.delayed(_timed)("cpu") for _ in range(beside))
    slowest = [max(one[i] for one in timed) for i in (0, 1)]
    return Speed(slowest[0], slowest[1], workers)


def _timed(device: str) -> tuple[float, float]:
    """Return seconds an example and weight, of pretraining and of fine-tuning."""
    if device == "cpu":
        torch.set_num_threads(1)
    n_inputs, n_units = SIZES
    generator = torch.Generator().manual_seed(0)
    x = (torch.rand(N, n_inputs, generator=generator) < 0.2).float().to(device)
    t = torch.randint(0, 10, (N,), generator=generator).to(device)
    classifier = Classifier(n_inputs, 10, n_layers=3, n_units=n_units).to(device)
    [first, *_] = layers(Pretraining(layer="autoencoder", noise_level=0.25), classifier, (0.0, 1.0))
    first.to(device)
    first.on_train_epoch_start()
    classifier.on_train_epoch_start()
    weights = n_inputs * n_units
    network = weights + 2 * n_units * n_units
    return (
        _seconds(lambda: first.training_step((x,), 0), device) / (N * weights),
        _seconds(lambda: classifier.training_step((x, t), 0), device) / (N * network),
    )


def _seconds(step: Callable[[], object], device: str) -> float:
    """Return the seconds of a call, the median of as many as there is time for; the first warms up."""
    taken: list[float] = []
    end = time.perf_counter() + SECONDS
    while time.perf_counter() < end or len(taken) < 4:
        start = time.perf_counter()
        step()
        if device == "cuda":
            torch.cuda.synchronize()
        taken.append(time.perf_counter() - start)
    return sorted(taken[1:])[len(taken) // 2 - 1]
