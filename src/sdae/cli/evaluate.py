"""``validate`` and ``test``: the error of a run's weights."""

from pathlib import Path
from typing import Literal

from sdae.data.minibatches import in_order
from sdae.data.problem import Problem
from sdae.formatting import percent, table
from sdae.functional.error_rate import interval
from sdae.models.classifier import Classifier
from sdae.runs.folder import RunFolder
from sdae.runs.weights import load_weights
from sdae.tracking.keys import ERROR
from sdae.training.cross_validation import refuse_folds
from sdae.training.trainer import OneDeviceTrainer


def validate(
    folder: RunFolder,
    model: Classifier,
    datamodule: Problem,
    trainer: OneDeviceTrainer,
    run: Path | None = None,
    weights: str = "best",
    path: Path | None = None,
) -> None:
    """Print the validation error of a run's weights.

    Args:
        folder: The run folder.
        model: The network.
        datamodule: The problem.
        trainer: The device.
        run: Run folder.
        weights: best, pretrained (before fine-tuning), or the path of a checkpoint.
        path: New location of the run's data, a file or folder; default: the original location.
    """
    _evaluate("valid", folder, model, datamodule, trainer, weights)


def test(
    folder: RunFolder,
    model: Classifier,
    datamodule: Problem,
    trainer: OneDeviceTrainer,
    run: Path | None = None,
    weights: str = "best",
    path: Path | None = None,
) -> None:
    """Print the test error of a run's weights; fit does so once, for the best weights.

    Args:
        folder: The run folder.
        model: The network.
        datamodule: The problem.
        trainer: The device.
        run: Run folder.
        weights: best, pretrained (before fine-tuning), or the path of a checkpoint.
        path: New location of the run's data, a file or folder; default: the original location.
    """
    _evaluate("test", folder, model, datamodule, trainer, weights)


def load_named(folder: RunFolder, model: Classifier, problem: Problem, weights: str) -> None:
    """Load a run's weights into a network.

    Args:
        folder: The run folder.
        model: The network.
        problem: The run's problem.
        weights: best, pretrained, or the path of a checkpoint.

    Raises:
        SdaeError: If there are none, they do not fit, or the run is a cross-validation.
    """
    refuse_folds(problem, folder)
    named = {"best": folder.best, "pretrained": folder.pretrained}
    load_weights(model, named.get(weights, Path(weights)))


def _evaluate(
    split: Literal["valid", "test"],
    folder: RunFolder,
    model: Classifier,
    problem: Problem,
    trainer: OneDeviceTrainer,
    weights: str,
) -> None:
    problem.require_classes("error")
    load_named(folder, model, problem, weights)
    problem.load()
    examples = problem.splits[split]
    with trainer.process_settings():
        metrics = trainer.test(model, in_order(*examples), verbose=False)[0]
    error = metrics[ERROR]
    name = {"valid": "validation error", "test": "test error"}[split]
    head = ["problem", "weights", name, "data"]
    shown = percent(error, interval(error, len(examples.t)))
    print(table(head, [[problem.name, weights, shown, problem.provenance]]))
    if problem.note:
        print(problem.note)
