"""The commands that repeat a result from what its folder keeps."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sdae.evaluation.svm.search import Grid
from sdae.formatting import CHECKOUT
from sdae.results.measurement import Measurement


def repeating(folder: Path | str, runs: Sequence[str] = (), again: str | None = None) -> str:
    """Return the command that repeats a run from its kept configuration.

    Args:
        folder: Its folder; or that of the studies of all folds.
        runs: The run folders of all folds, below that of their studies.
        again: Folder of the repeated run, or of the repeated folds; default: that of ``fit``.
    """
    if not runs:
        run = f" --run {again}" if again else ""
        return f"{CHECKOUT} fit --config {shlex.quote(f'{folder}/config.yaml')}{run}"
    run = f" --run {again}/$run" if again else ""
    fit = f"{CHECKOUT} fit --config {shlex.quote(str(folder))}/$run/config.yaml{run}"
    return f"for run in {' '.join(runs)}; do {fit}; done"


def repeating_svm(problem: str, seed: int, answer: Mapping[str, Any], folder: Path, stack: Measurement | None) -> str:
    """Return the command that trains an SVM of an ``svm.json`` again, with its network where it has one.

    Args:
        problem: The problem's name.
        seed: Seed of the noisy copies.
        answer: One of the answers of ``svm.json``.
        folder: Folder of the network's run, or of the studies of all folds.
        stack: The network; None for the raw input.
    """
    noise = answer["noise"]
    copies = (
        f" --noisy_copies {noise['copies']} --noise_level {noise['level']:g} --corruption {noise['corruption']}"
        if noise
        else ""
    )
    grid = _grid_options(answer)
    if not answer["layer"] or stack is None:
        again = f" --seed {seed}" if noise and seed != 1 else ""
        return f"{CHECKOUT} svm --data {problem} --kernels {answer['kernel']}{copies}{again}{grid}"
    weights = {"best": " --fine_tuned true", "random": " --random_weights true"}.get(answer["weights"], "")
    where = f"--layers {answer['layer']} --kernels {answer['kernel']}{weights}{grid}"
    return f"{repeating(folder, stack.runs, 'runs/again')} && {CHECKOUT} svm --run runs/again {where}"


def _grid_options(answer: Mapping[str, Any]) -> str:
    """Return the options of a grid of C and γ that is not the usual one."""
    usual, grid = asdict(Grid()), answer["grid"]
    names = ("C", "gamma") if answer["kernel"] == "rbf" else ("C",)
    others = [name for name in names if list(grid[name]) != list(usual[name])]
    options = [f" --{name} {' '.join(f'{value:g}' for value in grid[name])}" for name in others]
    return "".join(options) + ("" if grid["fine"] else " --fine false")
