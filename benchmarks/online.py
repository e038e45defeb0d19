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
from functools import partial

import numpy as np
import torch
from torch import Tensor

from epochs import HEAD, RATE, Contest, compared, data, fit_fine_tuning, fit_pretraining, timed
from sdae.formatting import table
from sdae.functional.online.compiled import compiled_kernel
from sdae.functional.online.padding import padded_examples, padded_matrix, padded_vector, scratch
from sdae.settings.pretraining import Pretraining
from yardsticks import NOISE, HandWrittenAutoencoder, HandWrittenClassifier, uniform

SIZES = [784, 1000, 1000, 1000, 10]
WHY = """Why fine-tuning misses its target: each example reads all matrices to go forward, and reads and writes them to
go back; they have 11 MB and fit in no second-level cache. A minibatch of 20 does so once for its 20 examples.
"""


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
    few = x[: len(x) // 4]
    t = torch.arange(len(few)) % 10
    groups: list[dict[str, Callable[[], float]]] = [
        {f"{len(x) // part:,} examples, 1,000 units": partial(online, x[: len(x) // part], n) for part in (4, 2, 1)},
        {
            f"{len(few):,} examples, {units:,} units": partial(online, few, n, units=units)
            for units in (250, 500, 1000, 2000, 4000)
        },
        {
            f"fine-tuning {len(few):,} examples, {layers} {'layer' if layers == 1 else 'layers'}": partial(
                fit_fine_tuning, few, t, n, 1, layers
            )
            for layers in (1, 2, 3)
        },
    ]
    rows = []
    for group in groups:
        seconds = {title: statistics.median(run() for _ in range(3)) for title, run in group.items()}
        first = next(iter(seconds.values()))
        rows += [[title, f"{took:.2f} s", f"{took / first:.2f}"] for title, took in seconds.items()]
    return rows


def compile_loops() -> float:
    """Return the seconds until the loops of a `fit` are there."""
    start = time.perf_counter()
    for name in ("tied", "classifier"):
        compiled_kernel(name, torch.zeros(1))
    return time.perf_counter() - start


def compiling() -> list[list[str]]:
    """Return how long a run of `fit` waits for its loops: once for this processor, and ever after."""
    rows = []
    with tempfile.TemporaryDirectory() as cache:
        for title, target in (("an empty cache", "≤ 10 s"), ("the cache of a run before", "≤ 1 s")):
            environment = {**os.environ, "XDG_CACHE_HOME": cache}
            command = [sys.executable, __file__, "--compile_only"]
            ran = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
            rows.append([title, f"{float(ran.stdout):.2f} s", target])
    return rows


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--examples", type=int, default=4000)
    parser.add_argument("--epochs", type=int, default=2, help="epochs of each contestant in a round")
    parser.add_argument("--compile_only", action="store_true", help="print the seconds until the loops are compiled")
    args = parser.parse_args()
    torch.set_num_threads(1)
    if args.compile_only:
        print(compile_loops())
        return
    (x, t), n = data(args.examples), args.epochs
    compiled = CompiledLoop(x, 1000)
    by_20, by_1 = (HandWrittenAutoencoder(x, 1000, size, RATE, tied=True) for size in (20, 1))
    classifier = HandWrittenClassifier(x, t, SIZES, 20, RATE)
    contests: list[tuple[str, Contest, dict[str, float]]] = [
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
            {"the compiled loop alone": 1.15, "torch, batches of 20": 1.6, "torch, batches of 1": 0.4},
        ),
        (
            "CD-1",
            {
                "fit": lambda: online(x, n, "rbm"),
                "the autoencoder's fit": lambda: online(x, n),
                "limit: memory": lambda: memory(SIZES[:2], len(x)),
                "limit: arithmetic": lambda: arithmetic(SIZES[:2], 5, len(x)),
            },
            {"the autoencoder's fit": 1.5},
        ),
        (
            "fine-tuning, 3 layers",
            {
                "fit": lambda: fit_fine_tuning(x, t, n, 1),
                "torch, batches of 20": lambda: timed(classifier.epoch, n),
                "limit: memory": lambda: memory(SIZES, len(x)),
                "limit: arithmetic": lambda: arithmetic(SIZES, 3, len(x)),
            },
            {"torch, batches of 20": 2.0},
        ),
    ]
    rows = compared(contests, args.rounds)
    print(f"online, {args.examples:,} examples, one thread, torch {torch.__version__}")
    print(table(HEAD, rows))
    if rows[-3][-1] == "missed":
        print(WHY)
    print(table(["compiled loops of a fit, from", "takes", "target"], compiling()))
    print(table(["how an epoch grows", "takes", "× the first"], growth(x, n)))


if __name__ == "__main__":
    main()
