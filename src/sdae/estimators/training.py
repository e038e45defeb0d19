"""Trains an estimator as a run in a temporary folder."""

import signal
import tempfile
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from lightning import Callback, LightningModule, Trainer
from sklearn.exceptions import ConvergenceWarning

from sdae.data.run_problem import WITHOUT_DATA
from sdae.estimators.problem import InMemory
from sdae.estimators.saving import Fitted
from sdae.models.classifier import Classifier
from sdae.models.layer import Layer
from sdae.runs.folder import RunFolder
from sdae.runs.weights import load_weights
from sdae.settings.fine_tuning import FineTuning
from sdae.settings.pretraining import Pretraining
from sdae.tracking.metrics_file import read_metrics
from sdae.tracking.tracking import Tracking
from sdae.training.experiment import Experiment, run
from sdae.training.stacking import layers
from sdae.training.trainer import OneDeviceTrainer

# A saved estimator is a run without a data file: commands that need examples take them from --path.
DATA = {
    "class_path": "sdae.data.LocalArrays",
    "init_args": {"path": WITHOUT_DATA, "name": "estimator"},
}


class Interrupted(Callback):
    """Records which module an interrupt left partly trained."""

    module: LightningModule | None = None

    def on_exception(self, trainer: Trainer, pl_module: LightningModule, exception: BaseException) -> None:
        """Record the module."""
        if isinstance(exception, KeyboardInterrupt):
            self.module = pl_module


def train(
    problem: InMemory,
    classifier: Classifier,
    pretraining: Pretraining,
    fine_tuning: FineTuning,
    trainer: OneDeviceTrainer,
) -> Fitted:
    """Train a network by :func:`sdae.training.experiment.run`; an interrupt leaves the best so far, with a warning.

    Args:
        problem: The examples.
        classifier: The network at its random start.
        pretraining: Settings of pretraining.
        fine_tuning: Settings of fine-tuning, unused if there are no classes.
        trainer: The device.

    Raises:
        SdaeError: If the settings do not suit the examples.
        Diverged: If training diverges: a loss is NaN or infinite or rises for epochs, or units become constant.
    """
    interrupted, result = Interrupted(), None
    config = {
        "seed_everything": classifier.seed,
        "data": DATA,
        "model": {"n_layers": classifier.n_layers, "n_units": classifier.n_units},
        "pretraining": asdict(pretraining),
        "fine_tuning": asdict(fine_tuning),
        "tracking": asdict(Tracking("off")),
    }
    with tempfile.TemporaryDirectory(prefix="sdae-") as path:
        folder = RunFolder(Path(path))
        with caught_interrupts() as stopped:
            experiment = Experiment(problem, classifier, pretraining, fine_tuning, trainer, Tracking("off"), config)
            result = run(experiment, folder, callbacks=[interrupted], test=False, called="fit")
        if stopped and folder.best.exists():
            load_weights(classifier, folder.best)
        network = _detached(classifier)
        stack = _pretrained_layers(pretraining, network, problem, folder, interrupted.module)
        rows = read_metrics(folder.metrics) if folder.metrics.exists() else []
    history: dict[str, list[float]] = {}
    for key, _, value in rows:
        history.setdefault(key, []).append(value)
    if stopped:
        stage = _stage(interrupted.module)
        message = f"fit was interrupted {stage}; the estimator has the best weights so far"
        warnings.warn(message, ConvergenceWarning, stacklevel=4)  # where fit was called
    return Fitted(network, stack, history, problem.preprocessing, config, result)


@contextmanager
def caught_interrupts() -> Iterator[list[BaseException]]:
    """Catch an interrupt, and append it to the list.

    Lightning responds to the first one by ignoring all further ones and exiting; here control
    returns to the caller and its signal handler is restored.
    """
    stopped: list[BaseException] = []
    main = threading.current_thread() is threading.main_thread()
    handler = signal.getsignal(signal.SIGINT)
    try:
        yield stopped
    except KeyboardInterrupt as interrupt:
        stopped.append(interrupt)
    except SystemExit as leaving:
        if not isinstance(leaving.__context__, KeyboardInterrupt):
            raise
        stopped.append(leaving.__context__)
    finally:
        if main and stopped:
            signal.signal(signal.SIGINT, handler)


def _detached(trained: Classifier) -> Classifier:
    """Copy a network to the CPU, without the trainer and the training examples, so that it can be pickled."""
    network = Classifier(**trained.hparams)
    network.load_state_dict({key: value.cpu() for key, value in trained.state_dict().items()})
    return network.eval()


def _pretrained_layers(
    pretraining: Pretraining,
    network: Classifier,
    problem: InMemory,
    folder: RunFolder,
    partial_module: LightningModule | None,
) -> list[Layer]:
    """Return the layers with their weights after pretraining, which they share with the network if it has no classes.

    Args:
        pretraining: Settings of pretraining.
        network: The trained network.
        problem: The examples.
        folder: The run, with a file for each finished layer.
        partial_module: The module that an interrupt left partly trained.
    """
    pretrained = network if problem.n_classes == 0 else Classifier(**network.hparams)
    stack = layers(pretraining, pretrained, problem.value_range)
    for layer in stack:
        if folder.layer(layer.layer).exists():
            load_weights(layer, folder.layer(layer.layer))
        elif isinstance(partial_module, Layer) and partial_module.layer == layer.layer:
            layer.load_state_dict({key: value.cpu() for key, value in partial_module.state_dict().items()})
    return [layer.eval() for layer in stack]


def _stage(module: LightningModule | None) -> str:
    if isinstance(module, Layer):
        return f"in layer {module.layer}, before any fine-tuning"
    return "in fine-tuning" if isinstance(module, Classifier) else "between two stages"
