"""Callbacks that save, while a stage trains, a checkpoint to resume from and the best weights so far."""

import math
import time
from pathlib import Path
from typing import Any

from lightning import LightningModule, Trainer
from lightning.pytorch.callbacks import Callback, Checkpoint

from sdae.files import write_aside
from sdae.runs.weights import save_weights
from sdae.tracking.keys import SECONDS, VALID_ERROR, VALID_LOSS


class ResumePoint(Checkpoint):
    """Saves the whole state of a stage at the end of an epoch, at most every ``every`` seconds.

    The time of saving does not influence the numbers: every epoch's random streams depend on its number alone.
    Lightning's own ModelCheckpoint counts optimizer steps, of which a fused update takes none.

    Args:
        path: The checkpoint.
        every: Least number of seconds between two saves.
        last: Whether to save at the end of the last epoch in any case, for another stage to resume from there.
    """

    def __init__(self, path: Path, every: float = 20.0, last: bool = False) -> None:
        self.path, self.every, self.last = path, every, last
        self.saved = time.monotonic()

    def on_train_epoch_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Save, unless the last save is recent, or training stops early and nothing remains to resume."""
        if self.last and trainer.current_epoch + 1 == trainer.max_epochs:
            self.hurry()
        if trainer.should_stop or time.monotonic() - self.saved < self.every:
            return
        write_aside(self.path, trainer.save_checkpoint)
        self.saved = time.monotonic()

    def hurry(self) -> None:
        """Save at the end of this epoch, however recent the last save is."""
        self.saved = -math.inf


class EarlyStopping(Callback):
    """Keeps the weights of the lowest validation error, and stops where it no longer falls (section 6.1).

    Among epochs of equal error the weights of the lowest validation loss are kept: on few validation examples many
    epochs are equal. Only a lower error prolongs training, for a loss may fall slowly for hundreds of epochs.
    Lightning's own EarlyStopping compares one number.

    Args:
        path: File of the best weights.
        patience: Epochs without a lower error after which training stops.
    """

    def __init__(self, path: Path, patience: int) -> None:
        self.path, self.patience = path, patience
        self.error, self.loss, self.epoch, self.waited = math.inf, math.inf, 0, 0

    def on_validation_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Save where the validation error fell; stop where it has not for long."""
        error, loss = (float(trainer.callback_metrics[key]) for key in (VALID_ERROR, VALID_LOSS))
        self.waited = 0 if error < self.error else self.waited + 1
        if (error, loss) < (self.error, self.loss):
            self.error, self.loss, self.epoch = error, loss, trainer.current_epoch + 1
            save_weights(pl_module, self.path)
        if self.waited >= self.patience:
            trainer.should_stop = True

    def state_dict(self) -> dict[str, Any]:
        """Return the state for a resumed stage."""
        return {"error": self.error, "loss": self.loss, "epoch": self.epoch, "waited": self.waited}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Resume an interrupted stage."""
        self.error, self.loss = state_dict["error"], state_dict["loss"]
        self.epoch, self.waited = state_dict["epoch"], state_dict["waited"]


class EpochSeconds(Callback):
    """Logs how many seconds each epoch took, validation included; a run's cost is their sum, also when resumed."""

    def on_train_epoch_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Start the clock."""
        self.start = time.perf_counter()

    def on_train_epoch_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Log the time taken."""
        pl_module.log(SECONDS, time.perf_counter() - self.start)

    on_test_epoch_start = on_train_epoch_start
    on_test_epoch_end = on_train_epoch_end
