"""One bar a stage: its name, the epoch, the loss, the time left."""

import sys
from typing import Any

from lightning import LightningModule, Trainer
from lightning.pytorch.callbacks import ProgressBar
from tqdm import tqdm


class StageBar(ProgressBar):
    """Draws the progress of a stage on standard error, a block of minibatches at a time.

    Args:
        title: The stage's name, e.g. ``layer 1 of 3``.
        shown: Metrics to show beside the bar: name in the logs to name on screen. Errors are shown as percentages.
    """

    def __init__(self, title: str, shown: dict[str, str]) -> None:
        """Draw nothing yet."""
        super().__init__()
        self.title, self.shown = title, shown
        self.bar: tqdm | None = None

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Open the bar at the epoch where training starts or goes on."""
        blocks, epochs = int(trainer.num_training_batches), trainer.max_epochs or 0
        self.bar = tqdm(
            total=epochs * blocks,
            initial=trainer.current_epoch * blocks,
            desc=self.title,
            # A log file gets a line now and then, a terminal ten a second.
            mininterval=0.1 if sys.stderr.isatty() else 30,
            bar_format="{desc:<14} {bar:20} {percentage:3.0f}% {postfix} [{elapsed} so far, {remaining} left]",
            dynamic_ncols=True,
        )

    def on_train_batch_end(self, trainer: Trainer, *args: Any) -> None:
        """Move on by a block."""
        assert self.bar is not None
        self.bar.update()

    def on_train_epoch_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Show the epoch and its metrics, which Lightning has read from the device by now."""
        assert self.bar is not None
        known = trainer.callback_metrics
        values = [f"{name} {_show(key, float(known[key]))}" for key, name in self.shown.items() if key in known]
        self.bar.set_postfix_str(", ".join([f"epoch {trainer.current_epoch + 1}/{trainer.max_epochs}", *values]), False)

    def on_train_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Leave the finished bar on screen."""
        self.close()

    def on_exception(self, trainer: Trainer, pl_module: LightningModule, exception: BaseException) -> None:
        """Leave the bar where it stopped."""
        self.close()

    def close(self) -> None:
        """Close the bar."""
        if self.bar is not None:
            self.bar.close()
            self.bar = None


def _show(key: str, value: float) -> str:
    return f"{100 * value:.2f} %" if key.endswith("error") else f"{value:.4g}"
