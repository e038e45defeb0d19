"""What an epoch costs through `fit`'s own path, as ratios to yardsticks run in turn with it.

    make bench

Every round runs the contestants one after the other, and the table shows the medians of the rounds' ratios, so that a
machine that slows down or stalls for a second slows all of them.
"""

import argparse
import io
import logging
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr
from pathlib import Path

import torch
from torch import Tensor

from sdae.data.minibatches import in_order, shuffled
from sdae.formatting import table
from sdae.models.classifier import Classifier
from sdae.runs.folder import RunFolder
from sdae.settings.fine_tuning import FineTuning
from sdae.settings.pretraining import Pretraining
from sdae.tracking.tracking import Tracker
from sdae.training.stacking import layers
from sdae.training.stages import Stages
from sdae.training.trainer import OneDeviceTrainer
from yardsticks import HandWrittenAutoencoder, HandWrittenClassifier, HandWrittenMachine, PlainLightning, PlainTorch

RATE = 0.001
A, B, C = "(a) hand-written", "(b) nn.Module + SGD", "(c) plain Lightning"
Contest = dict[str, Callable[[], float]]
HEAD = ["an epoch of", "fit", "baseline", "takes", "fit ÷ baseline", "target", ""]


def data(n: int) -> tuple[Tensor, Tensor]:
    """Return examples with a fifth of their pixels lit, and random classes: speed does not depend on what they show."""
    generator = torch.Generator().manual_seed(0)
    x = (torch.rand(n, 784, generator=generator) < 0.2).float()
    return x, torch.randint(0, 10, (n,), generator=generator)


def timed(epoch: Callable[[], None], n: int) -> float:
    """Return the seconds of one epoch, of n."""
    start = time.perf_counter()
    for _ in range(n):
        epoch()
    return (time.perf_counter() - start) / n


@contextmanager
def stages() -> Iterator[Stages]:
    """Give the very object that `fit` trains its stages with; metrics are written, bars are drawn, but out of sight."""
    logging.getLogger("lightning.pytorch").setLevel(logging.WARNING)
    with tempfile.TemporaryDirectory() as folder, redirect_stderr(io.StringIO()):
        run = RunFolder(Path(folder))
        yield Stages(run, OneDeviceTrainer(accelerator="cpu"), Tracker(run.metrics, None))


def fit_pretraining(x: Tensor, how: Pretraining, units: int = 1000) -> float:
    """Pretrain one layer as `fit` does, and return the seconds of an epoch."""
    classifier, n = Classifier(784, 10, n_layers=1, n_units=units), how.epochs
    (layer,) = layers(how, classifier, (0.0, 1.0))
    with stages() as of_fit:
        start = time.perf_counter()
        of_fit.pretrain_layer(layer, x, x, n, 1)
        return (time.perf_counter() - start) / n


def fit_fine_tuning(x: Tensor, t: Tensor, n: int, batch_size: int = 20, n_layers: int = 3) -> float:
    """Fine-tune for n epochs as `fit` does, without a validation set to speak of, and return the seconds of one."""
    classifier = Classifier(784, 10, n_layers, learning_rate=RATE, batch_size=batch_size)
    loader = shuffled(x, t, batch_size=batch_size, seed=1, purpose=("fine-tuning",))
    settings = FineTuning(RATE, batch_size, max_epochs=n)
    with stages() as of_fit:
        start = time.perf_counter()
        of_fit.fine_tune(classifier, loader, in_order(x[:20], t[:20]), settings)
        return (time.perf_counter() - start) / n


def ratios(contest: Contest, rounds: int) -> tuple[dict[str, float], dict[str, float]]:
    """Run the contestants in turn; return the first one's median ratio to each other, and everyone's median seconds."""
    seconds: dict[str, list[float]] = {name: [] for name in contest}
    for _ in range(rounds + 1):
        for name, run in contest.items():
            seconds[name].append(run())
    seconds = {name: values[1:] for name, values in seconds.items()}  # the first round warms up
    ours, *others = contest
    medians = {
        other: statistics.median(a / b for a, b in zip(seconds[ours], seconds[other], strict=True)) for other in others
    }
    return medians, {name: statistics.median(values) for name, values in seconds.items()}


def compared(contests: list[tuple[str, Contest, dict[str, float]]], rounds: int) -> list[list[str]]:
    """Return a row, as in ``HEAD``, for each baseline of each contest.

    Args:
        contests: Title, contestants, of which the first is compared with each other, and by name the largest accepted
            ratio.
        rounds: Of each contest.
    """
    rows = []
    for title, contest, targets in contests:
        medians, seconds = ratios(contest, rounds)
        ours, *_ = contest
        for other, ratio in medians.items():
            target = targets.get(other)
            verdict = ["–", ""] if target is None else [f"≤ {target}", "met" if ratio <= target else "missed"]
            took = [f"{seconds[ours]:.2f} s", other, f"{seconds[other]:.2f} s", f"{ratio:.2f}"]
            rows.append([title, *took, *verdict])
    return rows


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--examples", type=int, default=10_000)
    parser.add_argument("--epochs", type=int, default=3, help="epochs of each contestant in a round")
    args = parser.parse_args()
    x, t = data(args.examples)
    n = args.epochs

    def pretraining(batch_size: int) -> Contest:
        hand = HandWrittenAutoencoder(x, 1000, batch_size, RATE, tied=False)
        plain = PlainTorch(x, 1000, batch_size, RATE)
        lightning = PlainLightning(x, 1000, batch_size, RATE)
        return {
            "fit": lambda: fit_pretraining(x, Pretraining("autoencoder", n, RATE, tied=False, batch_size=batch_size)),
            A: lambda: timed(hand.epoch, n),
            B: lambda: timed(plain.epoch, n),
            C: lambda: lightning.epochs(n),
        }

    machine = HandWrittenMachine(x, 1000, 20, RATE)
    hand = HandWrittenClassifier(x, t, [784, 1000, 1000, 1000, 10], 20, RATE)
    contests: list[tuple[str, Contest, dict[str, float]]] = [
        ("pretraining, batch 20", pretraining(20), {A: 1.15, B: 0.65, C: 0.5}),
        ("pretraining, batch 100", pretraining(100), {A: 1.15}),
        (
            "CD-1, batch 20",
            {
                "fit": lambda: fit_pretraining(x, Pretraining("rbm", n, RATE, batch_size=20)),
                A: lambda: timed(machine.epoch, n),
            },
            {A: 1.3},
        ),
        (
            "fine-tuning, batch 20",
            {"fit": lambda: fit_fine_tuning(x, t, n), A: lambda: timed(hand.epoch, n)},
            {A: 1.2},
        ),
    ]
    processor = platform.processor() or platform.machine()
    print(f"{processor}, {os.cpu_count()} cores, {torch.get_num_threads()} threads, torch {torch.__version__}")
    print(table(HEAD, compared(contests, args.rounds)))


if __name__ == "__main__":
    main()
