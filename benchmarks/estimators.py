"""What the estimators cost, as ratios to yardsticks run in turn with them, and how good a layer's features are.

    python benchmarks/estimators.py

Every round runs the contestants one after the other; shown are the medians of the rounds' ratios.
"""

import argparse
import os
import platform
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import BernoulliRBM
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

from epochs import ratios
from sdae.data.examples import Examples
from sdae.data.scaling import Scaling
from sdae.estimators import StackedAutoencoder, StackedAutoencoderClassifier
from sdae.estimators.problem import InMemory
from sdae.formatting import table
from sdae.models.classifier import Classifier
from sdae.runs.folder import RunFolder
from sdae.settings.fine_tuning import FineTuning
from sdae.settings.pretraining import Pretraining
from sdae.tracking.tracking import Tracking
from sdae.training.experiment import Experiment, run
from sdae.training.trainer import OneDeviceTrainer

UNITS, EPOCHS = 100, 20  # of the layers whose features are compared
CPU: dict[str, Any] = {"device": "cpu", "random_state": 1}


def timed(function: Callable[[], object]) -> float:
    """Return the seconds that a call takes."""
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def fits(n: int) -> dict[str, Callable[[], float]]:
    """Return the classifier's fit and a run with the same settings and examples."""
    random = np.random.default_rng(0)
    x, t = (random.random((n, 784)) < 0.2).astype(np.float32), random.integers(0, 10, n)
    cut = n * 9 // 10
    model = StackedAutoencoderClassifier((500, 500), pretraining_epochs=3, max_epochs=3, **CPU)

    def as_a_run() -> None:
        train, valid = (Examples(torch.from_numpy(x[part]), torch.from_numpy(t[part])) for part in _halves(cut))
        problem = InMemory(train, valid, tuple(map(str, range(10))), Scaling())
        network = Classifier(784, 10, n_layers=2, n_units=500)
        settings = Pretraining(epochs=3), FineTuning(max_epochs=3)
        trainer = OneDeviceTrainer("cpu", progress=False)
        with tempfile.TemporaryDirectory() as folder:
            run(
                Experiment(problem, network, *settings, trainer, Tracking("off"), {}),
                RunFolder(Path(folder)),
                test=False,
            )

    return {
        "StackedAutoencoderClassifier.fit": lambda: timed(lambda: model.fit(x[:cut], t[:cut], x[cut:], t[cut:])),
        "sdae fit": lambda: timed(as_a_run),
    }


def _halves(cut: int) -> tuple[slice, slice]:
    return slice(0, cut), slice(cut, None)


def transforms(n: int) -> dict[str, Callable[[], float]]:
    """Return transform through three layers of 1,000, and three matrix products with sigmoids."""
    x = np.random.default_rng(0).random((n, 784), dtype=np.float32)
    model = StackedAutoencoderClassifier(pretraining=None, max_epochs=1, **CPU).fit(x[:40], np.arange(40) % 2)
    layers = [(linear.weight.detach(), linear.bias.detach()) for linear in model.network_.hidden]

    @torch.no_grad()
    def by_hand() -> None:
        y = torch.from_numpy(x)
        for w, b in layers:
            y = torch.addmm(b, y, w.t()).sigmoid_()

    return {"transform": lambda: timed(lambda: model.transform(x)), "three products": lambda: timed(by_hand)}


class WrittenOut:
    """One denoising layer as it is usually written in torch: a module, an optimizer, a DataLoader, minibatches of 256.

    Args:
        activation: The hidden units.
        corrupt: Makes x̃ of x.
        optimizer: Makes an optimizer of the parameters.
    """

    def __init__(
        self,
        activation: nn.Module,
        corrupt: Callable[[Tensor], Tensor],
        optimizer: Callable[[nn.Module], torch.optim.Optimizer],
    ) -> None:
        """Build nothing yet."""
        self.activation, self.corrupt, self.make = activation, corrupt, optimizer

    def fit(self, x: np.ndarray) -> "WrittenOut":
        """Train on the mean squared error."""
        torch.manual_seed(1)
        self.encoder = nn.Sequential(nn.Linear(x.shape[1], UNITS), self.activation)
        module = nn.Sequential(self.encoder, nn.Linear(UNITS, x.shape[1]))
        optimizer = self.make(module)
        loader = DataLoader(TensorDataset(torch.from_numpy(x)), batch_size=256, shuffle=True)
        for _ in range(EPOCHS):
            for (block,) in loader:
                optimizer.zero_grad()
                nn.functional.mse_loss(module(self.corrupt(block)), block).backward()
                optimizer.step()
        return self

    @torch.no_grad()
    def transform(self, x: np.ndarray) -> np.ndarray:
        """Encode."""
        return self.encoder(torch.from_numpy(x)).numpy()


def features() -> dict[str, Callable[[], Any]]:
    """Return the ways to learn one layer of features."""
    ours: dict[str, Any] = {"pretraining_epochs": EPOCHS, "pretraining_learning_rate": 0.05, **CPU}

    def masked(share: float) -> Callable[[Tensor], Tensor]:
        return lambda x: x * (torch.rand_like(x) >= share)

    return {
        "RBM: StackedAutoencoder": lambda: StackedAutoencoder((UNITS,), pretraining="rbm", **ours),
        "RBM: scikit-learn's BernoulliRBM": lambda: BernoulliRBM(
            UNITS, learning_rate=0.05, n_iter=EPOCHS, random_state=1
        ),
        "denoising: StackedAutoencoder": lambda: StackedAutoencoder((UNITS,), **ours),
        "denoising: pt-sdae's way": lambda: WrittenOut(  # dropout on the input, SGD with momentum
            nn.ReLU(), masked(0.2), lambda m: torch.optim.SGD(m.parameters(), lr=0.1, momentum=0.9)
        ),
        "denoising: ClustPy's way": lambda: WrittenOut(  # masking noise, Adam
            nn.LeakyReLU(), masked(0.25), lambda m: torch.optim.Adam(m.parameters(), lr=1e-3)
        ),
    }


def compared(rounds: int) -> list[list[str]]:
    """Return a row for each way: median seconds, and the test error of a linear classifier on its features."""
    x, t = load_digits(return_X_y=True)
    x = (x / 16).astype(np.float32)
    train, test = slice(0, 1200), slice(1200, None)
    seconds: dict[str, list[float]] = {}
    errors = {}
    for _ in range(rounds + 1):
        for name, make in features().items():
            model = make()
            start = time.perf_counter()
            model.fit(x[train])
            seconds.setdefault(name, []).append(time.perf_counter() - start)
            y = model.transform(x)
            errors[name] = 1 - LogisticRegression(max_iter=3000).fit(y[train], t[train]).score(y[test], t[test])
    raw = 1 - LogisticRegression(max_iter=3000).fit(x[train], t[train]).score(x[test], t[test])
    rows = [[name, f"{np.median(s[1:]):.2f} s", f"{100 * errors[name]:.1f} %"] for name, s in seconds.items()]
    return [*rows, ["the pixels themselves", "–", f"{100 * raw:.1f} %"]]


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--fit_examples", type=int, default=2000)
    parser.add_argument("--transform_examples", type=int, default=50_000)
    args = parser.parse_args()
    processor = platform.processor() or platform.machine()
    print(f"{processor}, {os.cpu_count()} cores, {torch.get_num_threads()} threads, torch {torch.__version__}\n")
    rows = []
    for contest, target in ((fits(args.fit_examples), 1.05), (transforms(args.transform_examples), 1.1)):
        medians, seconds = ratios(contest, args.rounds)
        ours, yardstick = contest
        took = f"{seconds[ours]:.2f} s", f"{seconds[yardstick]:.2f} s"
        rows.append([ours, took[0], yardstick, took[1], f"{medians[yardstick]:.2f}", f"≤ {target}"])
    print(table(["ours", "takes", "yardstick", "takes", "ratio", "target"], rows))
    print(
        f"\nOne layer of {UNITS} units, {EPOCHS} epochs on 1,200 of scikit-learn's digits; linear classifier on it:\n"
    )
    print(table(["features", "takes", "test error"], compared(args.rounds)))


if __name__ == "__main__":
    main()
