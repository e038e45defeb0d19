"""Trains one module after another in one run folder, each stage from where it was interrupted."""

from collections.abc import Sequence
from dataclasses import dataclass

from lightning import Callback, LightningModule, Trainer
from torch import Tensor
from torch.utils.data import DataLoader

from sdae.data.minibatches import in_order, shuffled
from sdae.files import write_json
from sdae.models.classifier import Classifier
from sdae.models.layer import Layer
from sdae.runs.folder import RunFolder
from sdae.runs.layer_cache import LayerCache
from sdae.runs.weights import load_weights, read_checkpoint, save_weights
from sdae.settings.fine_tuning import FineTuning
from sdae.tracking.keys import ERROR, FIT, FREE_ENERGY_GAP, LOSS, TEST, VALID_ERROR, pretraining_stage
from sdae.tracking.metrics_file import MetricsFile
from sdae.tracking.tracking import StageLogger, Tracker
from sdae.training.checkpoints import EarlyStopping, EpochSeconds, ResumePoint
from sdae.training.progress import StageBar
from sdae.training.trainer import OneDeviceTrainer

MONITORED = 1000  # examples: enough for a mean, at a negligible cost per epoch
DAMAGED_HINT = "; remove it to recompute it"  # for checkpoints of the run itself


@dataclass
class Stages:
    """The stages of one run.

    Attributes:
        folder: Folder of the checkpoints.
        trainer: The device, and whether to draw bars.
        tracker: Logs the metrics.
        callbacks: Additional callbacks of every stage.
        cache: The cache of layers that runs share; None for no sharing.
    """

    folder: RunFolder
    trainer: OneDeviceTrainer
    tracker: Tracker
    callbacks: Sequence[Callback] = ()
    cache: LayerCache | None = None

    def pretrain_layer(self, layer: Layer, x: Tensor, valid_x: Tensor, epochs: int, n_layers: int) -> None:
        """Train one layer on inputs (n, d), or restore it if it was already trained, here or for another run.

        Args:
            layer: The layer.
            x: Its inputs, (n, d).
            valid_x: Validation inputs, of which a monitored layer sees up to a thousand.
            epochs: Number of epochs.
            n_layers: Number of layers of the stack, for the bar.
        """
        stage = f"layer{layer.layer}"
        done, point = self.folder.layer(layer.layer), self.folder.unfinished(stage)
        entry = None if self.cache is None else self.cache.entry_for(layer, x, valid_x[:MONITORED], epochs)
        if done.exists():
            load_weights(layer, done, DAMAGED_HINT)
            return

        def train() -> None:
            self._train_layer(layer, x, valid_x, epochs, n_layers)

        if entry is None:
            train()
        else:
            entry.train_once(layer, pretraining_stage(layer.layer), self.tracker, point, train)
        save_weights(layer, done)
        point.unlink(missing_ok=True)

    def _train_layer(self, layer: Layer, x: Tensor, valid_x: Tensor, epochs: int, n_layers: int) -> None:
        stage = f"layer{layer.layer}"
        loader = shuffled(x, batch_size=layer.batch_size, seed=layer.seed, purpose=("layer", layer.layer))
        shown = {LOSS: "reconstruction error", FREE_ENERGY_GAP: "free-energy gap"}
        bar = StageBar(f"layer {layer.layer} of {n_layers}", shown)
        monitor = None
        if layer.monitored and len(valid_x) > 0:
            n = min(MONITORED, len(valid_x), len(x))
            monitor = [in_order(valid_x[:n]), in_order(x[:n])]
        self._train(stage, pretraining_stage(layer.layer), layer, epochs, [bar], loader, monitor)

    def keep_pretrained(self, classifier: Classifier) -> None:
        """Save the weights before fine-tuning, which section 6.6 needs."""
        if not self.folder.pretrained.exists():
            save_weights(classifier, self.folder.pretrained)

    def fine_tune(self, classifier: Classifier, train: DataLoader, valid: DataLoader, settings: FineTuning) -> None:
        """Train the whole network with early stopping, and leave it with the weights of the lowest validation error."""
        if not self.folder.fine_tuned.exists():
            best = EarlyStopping(self.folder.best, settings.patience)
            callbacks = [
                best,
                StageBar("fine-tuning", {LOSS: "loss", VALID_ERROR: "validation error"}),
            ]
            trainer = self._train("fine_tuning", FIT, classifier, settings.max_epochs, callbacks, train, valid)
            write_json(
                self.folder.fine_tuned,
                {"valid_error": best.error, "best_epoch": best.epoch, "epochs": trainer.current_epoch},
            )
            self.folder.unfinished("fine_tuning").unlink(missing_ok=True)
        load_weights(classifier, self.folder.best, DAMAGED_HINT)

    def test(self, classifier: Classifier, test: DataLoader) -> float:
        """Return the test error of the classifier as it is, a fraction."""
        trainer = self.trainer.stage(
            0, [EpochSeconds(), TruncateMetrics(), *self.callbacks], self.tracker.loggers(TEST)
        )
        return trainer.test(classifier, test, verbose=False)[0][ERROR]

    def _train(
        self,
        stage: str,
        prefix: str,
        module: LightningModule,
        epochs: int,
        callbacks: Sequence[Callback],
        train: DataLoader,
        valid: DataLoader | list[DataLoader] | None = None,
    ) -> Trainer:
        point = self.folder.unfinished(stage)
        if point.exists():
            read_checkpoint(point, DAMAGED_HINT)  # a damaged one is reported in one line, before anything is built
        callbacks = [c for c in callbacks if self.trainer.progress or not isinstance(c, StageBar)]
        for_others = self.cache is not None and isinstance(module, Layer)
        callbacks = [
            EpochSeconds(),
            TruncateMetrics(),
            *callbacks,
            *self.callbacks,
            ResumePoint(point, last=for_others),
        ]
        trainer = self.trainer.stage(epochs, callbacks, self.tracker.loggers(prefix))
        trainer.fit(module, train, valid, ckpt_path=point if point.exists() else None, weights_only=True)
        return trainer


class TruncateMetrics(Callback):
    """Drops metrics after the resume point: those epochs are trained again."""

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Drop them before the first new row."""
        for logger in trainer.loggers:
            if isinstance(logger, MetricsFile | StageLogger):
                logger.forget_from(trainer.current_epoch)

    on_test_start = on_train_start
