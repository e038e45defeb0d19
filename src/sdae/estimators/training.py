"""An estimator's fit: one run in a folder that is gone afterwards."""

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

# A saved estimator is a run whose examples are to be named where a command asks for them.
DATA = {"class_path": "sdae.data.LocalArrays", "init_args": {"path": "estimator.npz", "name": "estimator"}}


class Interrupted(Callback):
    """Remembers which module an interrupt left half trained."""

    module: LightningModule | None = None

    def on_exception(self, trainer: Trainer, pl_module: LightningModule, exception: BaseException) -> None:
        """Take note of it."""
        if isinstance(exception, KeyboardInterrupt):
            self.module = pl_module


def train(
    problem: InMemory,
    classifier: Classifier,
    pretraining: Pretraining,
    fine_tuning: FineTuning,
    trainer: OneDeviceTrainer,
) -> Fitted:
    """Train a network as a run does, see :func:`sdae.training.experiment.run`; an interrupt leaves the best so far.

    Args:
        problem: The examples.
        classifier: The network at its random start.
        pretraining: How its layers are initialised.
        fine_tuning: How it is trained on the classes, if there are any.
        trainer: The device.

    Raises:
        SdaeError: If the settings do not fit the examples.
        Diverged: If a loss stops being a number.
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
        with interrupts() as stopped:
            what = Experiment(problem, classifier, pretraining, fine_tuning, trainer, Tracking("off"), config)
            result = run(what, folder, callbacks=[interrupted], test=False)
        if stopped and folder.best.exists():
            load_weights(classifier, folder.best)
        network = _fresh(classifier)
        stack = _layers(pretraining, network, problem, folder, interrupted.module)
        rows = read_metrics(folder.metrics) if folder.metrics.exists() else []
    history: dict[str, list[float]] = {}
    for key, _, value in rows:
        history.setdefault(key, []).append(value)
    if stopped:
        where = _where(interrupted.module)
        warnings.warn(f"fit was interrupted {where}; the estimator has the best weights so far", ConvergenceWarning, 2)
    return Fitted(network, stack, history, problem.preprocessing, config, result)


@contextmanager
def interrupts() -> Iterator[list[BaseException]]:
    """Swallow an interrupt, and put it in the list.

    Lightning answers one by ignoring all further ones and leaving the process; here it is the caller's, and so is the
    handler.
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


def _fresh(trained: Classifier) -> Classifier:
    """Return the network alone, on the CPU: what can be pickled, and holds neither trainer nor training examples."""
    network = Classifier(**trained.hparams)
    network.load_state_dict({key: value.cpu() for key, value in trained.state_dict().items()})
    return network.eval()


def _layers(
    pretraining: Pretraining, network: Classifier, problem: InMemory, folder: RunFolder, half: LightningModule | None
) -> list[Layer]:
    """Return the layers with the weights that pretraining left; fine-tuning has others, so they have their own."""
    own = network if problem.n_classes == 0 else Classifier(**network.hparams)
    stack = layers(pretraining, own, problem.value_range)
    for layer in stack:
        if folder.layer(layer.layer).exists():
            load_weights(layer, folder.layer(layer.layer))
        elif isinstance(half, Layer) and half.layer == layer.layer:
            layer.load_state_dict({key: value.cpu() for key, value in half.state_dict().items()})
    return [layer.eval() for layer in stack]


def _where(module: LightningModule | None) -> str:
    if isinstance(module, Layer):
        return f"in layer {module.layer}, before any fine-tuning"
    return "in fine-tuning" if isinstance(module, Classifier) else "between two stages"
