"""What an epoch of online learning costs through `fit`'s own path, beside yardsticks and limits of the same run.

    make bench

One thread. Every round runs the contestants one after the other, and the table shows the medians of the rounds' ratios,
so that a machine that slows down or stalls for a second slows all of them. The limits are what no loop can beat: each
weight read and written once an example, and the multiplications and additions of one example.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from epochs import RATE, Contest, data, fit_fine_tuning, fit_pretraining, ratios, timed
from sdae.formatting import table
from sdae.functional.online.compiled import compiled_kernel
from sdae.functional.online.padding import padded_examples, padded_matrix, padded_vector, scratch
from sdae.settings.pretraining import Pretraining
from yardsticks import NOISE, HandWrittenAutoencoder, HandWrittenClassifier, uniform

SIZES = [784, 1000, 1000, 1000, 10]


class CompiledLoop:
    """The tightest loop: the compiled steps alone, on weights that stay padded, without a loss."""

    def __init__(self, x: Tensor, n_hidden: int) -> None:
        """Draw the weights."""
        self.x, d = x, x.shape[1]
        self.weights = (
            padded_matrix(uniform(n_hidden, d)),
            padded_vector(torch.zeros(n_hidden)),
            padded_vector(torch.zeros(d)),
        )
        self.emphasis = padded_examples(torch.ones(1, d))
        self.sizes = d, n_hidden

    def epoch(self) -> None:
        """Present every example once."""
        train = compiled_kernel("tied", self.x)
        assert train is not None
        rate, kept = np.float32(RATE), np.float32(1)
        for rows in torch.randperm(len(self.x)).split(1000):
            x = self.x[rows]
            x_tilde = x.masked_fill(torch.rand(x.shape) < NOISE, 0.0)
            outputs = np.empty((len(x), self.weights[0].shape[1]), np.float32)
            examples = padded_examples(x), padded_examples(x_tilde), self.emphasis
            train(*examples, *self.weights, *self.sizes, rate, kept, False, outputs, *scratch(4, *self.sizes))


def memory(sizes: list[int], n: int) -> float:
    """Return the seconds of n passages that read and write every weight once."""
    weights = [uniform(o, i) for i, o in zip(sizes[:-1], sizes[1:], strict=True)]

    def once() -> None:
        for w in weights:
            w.mul_(1.0)

    return timed(once, 50) * n


def arithmetic(sizes: list[int], products: int, n: int) -> float:
    """Return the seconds of n times as many multiplications and additions as an example needs, out of the cache."""
    square = torch.rand(512, 512)
    flops = 2 * products * sum(i * o for i, o in zip(sizes[:-1], sizes[1:], strict=True))

    def once() -> None:
        torch.mm(square, square)

    return timed(once, 20) * flops * n / (2 * 512**3)


def online(x: Tensor, n: int, layer: str = "autoencoder", units: int = 1000) -> float:
    """Return the seconds of an epoch of online pretraining through `fit`'s own path."""
    return fit_pretraining(x, Pretraining(layer, n, RATE), units)  # type: ignore[arg-type]


def growth(x: Tensor, n: int) -> list[list[str]]:
    """Return how an epoch grows: with examples, with units (and so with the matrix), with layers in fine-tuning."""
    rows = []

    def add(title: str, run: Callable[[], float], reference: float | None) -> float:
        seconds = statistics.median(run() for _ in range(3))
        rows.append([title, f"{seconds:.2f} s", "1" if reference is None else f"{seconds / reference:.2f}"])
        return seconds

    first = add(f"{len(x) // 4:,} examples, 1,000 units", lambda: online(x[: len(x) // 4], n), None)
    for part in (2, 1):
        add(f"{len(x) // part:,} examples, 1,000 units", lambda part=part: online(x[: len(x) // part], n), first)  # type: ignore[misc]
    first = add("1,000 examples, 250 units", lambda: online(x[:1000], n, units=250), None)
    for units in (500, 1000, 2000, 4000):
        add(f"1,000 examples, {units:,} units", lambda units=units: online(x[:1000], n, units=units), first)  # type: ignore[misc]
    t = torch.arange(1000) % 10
    first = add("fine-tuning 1,000 examples, 1 layer", lambda: fit_fine_tuning(x[:1000], t, n, 1, 1), None)
    for layers in (2, 3):
        add(
            f"fine-tuning 1,000 examples, {layers} layers",
            lambda layers=layers: fit_fine_tuning(x[:1000], t, n, 1, layers),  # type: ignore[misc]
            first,
        )
    return rows


COMPILE = """
import time, torch
from sdae.functional.online.compiled import train_block
start = time.perf_counter()
for name in ("tied", "classifier"):
    train_block(name, torch.zeros(1))
print(time.perf_counter() - start)
"""


def compiling() -> list[list[str]]:
    """Return how long a run of `fit` waits for its loops: once for this processor, and ever after."""
    rows = []
    with tempfile.TemporaryDirectory() as cache:
        for title, target in (("an empty cache", "≤ 10 s"), ("the cache of a run before", "≤ 1 s")):
            environment = {**os.environ, "XDG_CACHE_HOME": cache}
            ran = subprocess.run([sys.executable, "-c", COMPILE], env=environment, capture_output=True, check=True)
            rows.append([title, f"{float(ran.stdout):.2f} s", target])
    return rows


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--examples", type=int, default=4000)
    parser.add_argument("--epochs", type=int, default=2, help="epochs of each contestant in a round")
    args = parser.parse_args()
    torch.set_num_threads(1)
    (x, t), n = data(args.examples), args.epochs
    compiled, by_20, by_1 = CompiledLoop(x, 1000), *(HandWrittenAutoencoder(x, 1000, size, RATE) for size in (20, 1))
    classifier = HandWrittenClassifier(x, t, SIZES, 20, RATE)
    contests: list[tuple[str, Contest, dict[str, str]]] = [
        (
            "pretraining",
            {
                "fit": lambda: online(x, n),
                "the compiled loop alone": lambda: timed(compiled.epoch, n),
                "torch, batches of 20": lambda: timed(by_20.epoch, n),
                "torch, batches of 1": lambda: timed(by_1.epoch, 1),
                "limit: memory": lambda: memory(SIZES[:2], len(x)),
                "limit: arithmetic": lambda: arithmetic(SIZES[:2], 5, len(x)),
            },
            {"the compiled loop alone": "≤ 1.15", "torch, batches of 20": "≤ 1.6", "torch, batches of 1": "≤ 0.4"},
        ),
        (
            "CD-1",
            {"fit": lambda: online(x, n, "rbm"), "the autoencoder's fit": lambda: online(x, n)},
            {"the autoencoder's fit": "≤ 1.5"},
        ),
        (
            "fine-tuning, 3 layers",
            {
                "fit": lambda: fit_fine_tuning(x, t, n, 1),
                "torch, batches of 20": lambda: timed(classifier.epoch, n),
                "limit: memory": lambda: memory(SIZES, len(x)),
                "limit: arithmetic": lambda: arithmetic(SIZES, 3, len(x)),
            },
            {"torch, batches of 20": "≤ 2.0"},
        ),
    ]
    rows = []
    for title, contest, targets in contests:
        medians, seconds = ratios(contest, args.rounds)
        for other, ratio in medians.items():
            rows.append(
                [
                    title,
                    f"{seconds['fit']:.2f} s",
                    other,
                    f"{seconds[other]:.2f} s",
                    f"{ratio:.2f}",
                    targets.get(other, "–"),
                ]
            )
    print(f"online, {args.examples:,} examples, one thread, torch {torch.__version__}")
    print(table(["an epoch of", "fit", "beside", "takes", "fit ÷ it", "target"], rows))
    print(table(["compiled loops of a fit, from", "takes", "target"], compiling()))
    print(table(["how an epoch grows", "takes", "× the first"], growth(x, n)))


if __name__ == "__main__":
    start = time.perf_counter()
    main()
    print(f"{time.perf_counter() - start:.0f} s")
