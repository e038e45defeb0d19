"""The speed of this machine: training steps, timed for some seconds at the paper's size."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch

from sdae.models.autoencoder import Autoencoder
from sdae.models.classifier import Classifier
from sdae.models.layer import Layer
from sdae.models.rbm import RBM
from sdae.seeds import generator

FEATURES, UNITS = 784, 1000
BLOCK = 200  # examples per measurement
FOR = 1.0  # seconds that each step is timed


@dataclass(frozen=True)
class Speed:
    """Seconds per example, of online learning in one worker.

    Attributes:
        autoencoder: Of a denoising autoencoder with 784 inputs and 1,000 units.
        rbm: Of an RBM of that size, CD-1.
        fine_tuning: Of a network with 784 inputs, three layers of 1,000 units and 10 classes.
    """

    autoencoder: float
    rbm: float
    fine_tuning: float


def measure_speed(threads: int, seconds: float = FOR) -> Speed:
    """Time the steps of pretraining and fine-tuning that ``fit`` takes, on the device that it would use.

    Args:
        threads: Threads of a worker.
        seconds: Time to measure each of the three.
    """
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        x = torch.rand(BLOCK, FEATURES, generator=generator(1, "speed")).to(device)
        t = (torch.arange(BLOCK) % 10).to(device)
        size: dict[str, Any] = {
            "n_visible": FEATURES,
            "n_hidden": UNITS,
            "layer": 1,
            "learning_rate": 0.01,
        }
        autoencoder = Autoencoder(**size, noise_level=0.25, seed=1).to(device)
        rbm = RBM(**size, seed=1).to(device)
        classifier = Classifier(FEATURES, 10, n_units=UNITS).to(device)
        return Speed(
            _timed(lambda: autoencoder.training_step((x,), 0), autoencoder, seconds),
            _timed(lambda: rbm.training_step((x,), 0), rbm, seconds),
            _timed(lambda: classifier.training_step((x, t), 0), classifier, seconds),
        )
    finally:
        torch.set_num_threads(before)


def _timed(step: Callable[[], None], module: Layer | Classifier, seconds: float) -> float:
    """Return the seconds per example, in the fastest block, the one least disturbed by other processes."""
    module.on_train_epoch_start()
    step()  # takes memory, and compiles
    fastest, end = float("inf"), time.perf_counter() + seconds
    while time.perf_counter() < end or fastest == float("inf"):
        _wait()
        start = time.perf_counter()
        step()
        _wait()
        fastest = min(fastest, time.perf_counter() - start)
    return fastest / BLOCK


def _wait() -> None:
    if torch.cuda.is_available():
        torch.cuda.synchronize()
