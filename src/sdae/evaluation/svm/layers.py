"""SVMs on the input and on the representations above it (section 6.6, Table 5): one answer per layer and kernel."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch

from sdae.data.problem import Problem
from sdae.errors import SdaeError
from sdae.evaluation.svm.candidates import Candidates, Task
from sdae.evaluation.svm.features import Features, Part, Splits, digest
from sdae.evaluation.svm.machine import CandidateResult, made_by
from sdae.evaluation.svm.search import Candidate, Grid, Kernel, search
from sdae.functional.corruption import Corruption, CorruptionName, drawing_from, make_corruption
from sdae.functional.error_rate import interval
from sdae.models.classifier import Classifier
from sdae.seeds import generator, numpy_generator
from sdae.training.progress import open_bar

Answer = dict[str, Any]
FINALISTS = 3  # candidates of a search on a sample that are trained on all training examples


@dataclass(frozen=True)
class NoisyCopies:
    """Corrupted copies that join the training set (section 6.4, footnote 13).

    Args:
        copies: Corrupted variations of each training example; the paper's were 9.
        level: ν, or for Gaussian noise σ.
        corruption: Kind of noise.

    Raises:
        SdaeError: If there is no copy, or the level is out of range.
    """

    copies: int
    level: float
    corruption: CorruptionName = "masking"

    def __post_init__(self) -> None:
        if self.copies < 1:
            raise SdaeError(f"noisy_copies {self.copies}: at least one, or 0 for none")
        make_corruption(self.corruption, self.level)

    def corrupt(self, value_range: tuple[float, float]) -> Corruption:
        """Return the corruption for inputs of this range.

        Raises:
            SdaeError: If salt-and-pepper noise is requested for data without a minimum and a maximum.
        """
        return make_corruption(self.corruption, self.level, *value_range)


@dataclass(frozen=True)
class Question:
    """The searches to run on a stack, or on a problem's input.

    Attributes:
        layers: Hidden layers, counted from 1; 0 is the input.
        kernels: Kernels to search.
        grid: The coarse grid of each search.
        refit: Whether the chosen SVM is trained again on training and validation data together, whose test error is
            compared with the paper's.
        noise: Corrupted copies in the training set; of the raw input only.
    """

    layers: Sequence[int] = (0,)
    kernels: Sequence[Kernel] = ("linear", "rbf")
    grid: Grid = Grid()
    refit: bool = True
    noise: NoisyCopies | None = None


def splits_of(problem: Problem, noise: NoisyCopies | None = None, seed: int = 1) -> Splits:
    """Return a problem's labelled examples as arrays; with noise, the training set and its copies, shuffled.

    Args:
        problem: Set up.
        noise: Copies to add to the training set; validation and test stay clean.
        seed: Seed of the noise, of which each copy has a stream of its own.
    """
    labelled = {**problem.splits, "train": problem.labelled}
    splits = {name: (x.numpy(), t.numpy()) for name, (x, t) in labelled.items()}
    if noise is not None:
        x, t = problem.labelled
        corrupt = drawing_from(noise.corrupt(problem.value_range), x)
        many = np.empty(((noise.copies + 1) * len(x), x.shape[1]), dtype=np.float32)
        many[: len(x)] = x
        for copy in range(1, noise.copies + 1):
            noisy, _ = corrupt(x, generator(seed, "noise", "svm", "copy", copy))
            many[copy * len(x) : (copy + 1) * len(x)] = noisy
        # A search on a part of the examples takes the first of them, which are not to be those without noise.
        order = numpy_generator(seed, "noise", "svm", "order").permutation(len(many))
        splits["train"] = (many[order], np.tile(t.numpy(), noise.copies + 1)[order])
    return splits


def representations(
    splits: Splits, classifier: Classifier | None, layers: Sequence[int]
) -> dict[int, tuple[Callable[[np.ndarray], np.ndarray], str]]:
    """Return for each layer what encodes examples, and a hash of everything that determines the representation.

    Args:
        splits: The examples.
        classifier: The stack; None for the input alone.
        layers: Hidden layers, counted from 1; 0 is the input itself.

    Raises:
        SdaeError: If there is no such layer.
    """
    check_layers(layers, classifier.n_layers if classifier is not None else 0)
    hashes = [digest(*(array for split in ("train", "valid", "test") for array in splits[split]))]
    for linear in classifier.hidden if classifier is not None else []:
        hashes.append(digest(hashes[-1], linear.weight.detach().numpy(), linear.bias.detach().numpy()))

    def encoder(layer: int) -> Callable[[np.ndarray], np.ndarray]:
        if classifier is None or layer == 0:
            return np.asarray

        @torch.no_grad()
        def encode(x: np.ndarray) -> np.ndarray:
            return classifier.representation(torch.from_numpy(x), layer).numpy()

        return encode

    return {layer: (encoder(layer), hashes[layer]) for layer in layers}


def check_layers(layers: Sequence[int], highest: int) -> None:
    """Refuse a layer that does not exist.

    Raises:
        SdaeError: If there is one.
    """
    for layer in layers:
        if not 0 <= layer <= highest:
            available = (
                f"the stack has layers 1 to {highest}, 0 is the input" if highest else "the only one is 0, the input"
            )
            raise SdaeError(f"layers: {layer} does not exist; {available}")


def ask(features: Features, kernel: Kernel, question: Question, candidates: Candidates, title: str) -> Answer:
    """Choose C and γ on the validation set, and test the chosen SVM once.

    On more than 16,000 training examples the search trains on 10,000 of them, stratified; its three best candidates are
    trained on all of them, and the best of these is chosen. The same rule holds for every kernel and layer.

    Args:
        features: The representation.
        kernel: The kernel.
        question: Grid, and whether to train again on training and validation data.
        candidates: Measures candidates, and stores their results.
        title: Title of the progress bar.

    Returns:
        The answer as in ``svm.json``; errors are fractions, seconds those of all processes together.
    """
    spent: list[float] = []
    least: dict[Candidate, int] = {}
    expected = len(question.grid.cells(kernel, features.unit)) + (8 if kernel == "rbf" else 2) * question.grid.fine
    machines = 1 + question.refit
    bar = open_bar(f"{title:<15}", total=expected + machines)

    searched_on: Part = "sample" if features.large else "train"

    def done(task: Task, measured: CandidateResult) -> None:
        spent.append(measured.seconds)
        if task.asked == "valid" and task.trained_on == searched_on:
            least[task.candidate] = measured.wrong
            bar.total = max(expected, len(least)) + machines
            bar.status = f"{len(least)} SVMs, lowest validation error {100 * min(least.values()) / valid:.2f} %"
        bar.update()

    def wrong(cells: Sequence[Candidate]) -> Mapping[Candidate, int]:
        measured = candidates.measure(features, [Task(cell, searched_on) for cell in cells], done)
        return {task.candidate: found.wrong for task, found in measured.items()}

    rows = features.rows("valid")
    valid = rows.stop - rows.start
    try:
        chosen = search(kernel, question.grid, features.unit, wrong)
        if features.large:
            best = sorted(least, key=lambda cell: (least[cell], cell.C, cell.gamma or 0.0))[:FINALISTS]
            bar.total = bar.n + len(best) + machines
            whole = candidates.measure(features, [Task(cell) for cell in best], done)
            least |= {task.candidate: found.wrong for task, found in whole.items()}
            chosen = min(best, key=lambda cell: (least[cell], cell.C, cell.gamma or 0.0))
        final = [Task(chosen, "train", "test"), Task(chosen, "train and valid", "test")][:machines]
        tested = candidates.measure(features, final, done)
        bar.total = bar.n
    finally:
        bar.close()
    train, *both = (tested[task] for task in final)
    return {
        "C": chosen.C,
        "gamma": chosen.gamma,
        "valid_error": least[chosen] / valid,
        "test_error": (both or [train])[0].error,
        "test_interval": interval((both or [train])[0].error, train.examples),
        "trained_on": "train and valid" if both else "train",
        "without_valid": _machine(train),
        "with_valid": _machine(both[0]) if both else None,
        "candidates": len(least),
        "searched_on": features.rows(searched_on).stop,
        "gamma_unit": features.unit if kernel == "rbf" else None,
        "grid": asdict(question.grid),
        "made_by": made_by(features.rows("train").stop),
        "seconds": sum(spent),
        "key": features.key,
    }


def _machine(measured: CandidateResult) -> Answer:
    return {
        "test_error": measured.error,
        "test_interval": interval(measured.error, measured.examples),
        "support_vectors": measured.support_vectors,
    }
