"""One bar per stage: its name, the epoch, the loss, the time left."""

import sys
from typing import Any

from lightning import LightningModule, Trainer
from lightning.pytorch.callbacks import ProgressBar
from tqdm import tqdm

from sdae.training.checkpoints import EarlyStopping


class Bar(tqdm):
    """A bar with a line of text behind it that is no list of ``key=value``."""

    status = ""

    @property
    def format_dict(self) -> dict[str, Any]:
        """The values that the bar shows."""
        return {**super().format_dict, "status": self.status}


def open_bar(title: str, total: int, initial: int = 0, end: str = "{remaining} left") -> Bar:
    """Open a bar on standard error.

    Args:
        title: Text before the bar.
        total: Steps in all.
        initial: Steps done before.
        end: Text about the end, with the time until then as ``{remaining}``.
    """
    return Bar(
        total=total,
        initial=initial,
        desc=title,
        # A log file gets a line now and then, a terminal ten a second.
        mininterval=0.1 if sys.stderr.isatty() else 30,
        bar_format=f"{{desc:<12}} {{bar:16}} {{percentage:3.0f}} % {{status}} [{{elapsed}}, {end}]",
        dynamic_ncols=True,
    )


class StageBar(ProgressBar):
    """Draws the progress of a stage on standard error, a block of minibatches at a time.

    Under early stopping the end moves: the bar runs to the epoch where training stops if the error falls no more.

    Args:
        title: The stage's name, e.g. ``layer 1 of 3``.
        shown: Metrics to show beside the bar: name in the logs to name on screen. Errors are shown as percentages.
    """

    def __init__(self, title: str, shown: dict[str, str]) -> None:
        super().__init__()
        self.title, self.shown = title, shown
        self.bar: Bar | None = None

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Open the bar at the epoch where training starts or resumes."""
        blocks = int(trainer.num_training_batches)
        stops = "stops in {remaining} unless the validation error falls"
        end = {"end": stops} if _early_stopping(trainer) else {}
        self.bar = open_bar(self.title, _last_epoch(trainer) * blocks, trainer.current_epoch * blocks, **end)

    def on_train_epoch_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Show the epoch before, whose metrics Lightning has gathered by now."""
        if trainer.current_epoch > 0:
            self._show(trainer, trainer.current_epoch)

    def on_train_batch_end(self, trainer: Trainer, *args: Any) -> None:
        """Move on by a block."""
        assert self.bar is not None
        self.bar.update()

    def on_train_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Leave the finished bar on screen."""
        self._show(trainer, trainer.current_epoch)
        self.close()

    def on_exception(self, trainer: Trainer, pl_module: LightningModule, exception: BaseException) -> None:
        """Leave the bar where it stopped."""
        self.close()

    def close(self) -> None:
        """Close the bar."""
        if self.bar is not None:
            self.bar.close()
            self.bar = None

    def _show(self, trainer: Trainer, done: int) -> None:
        assert self.bar is not None
        last, known = _last_epoch(trainer), trainer.callback_metrics
        self.bar.total = last * int(trainer.num_training_batches)
        values = [f"{name} {_value(key, float(known[key]))}" for key, name in self.shown.items() if key in known]
        self.bar.status = ", ".join([f"epoch {done}/{last}", *values])


def _early_stopping(trainer: Trainer) -> EarlyStopping | None:
    return next((callback for callback in trainer.callbacks if isinstance(callback, EarlyStopping)), None)  # type: ignore[attr-defined]


def _last_epoch(trainer: Trainer) -> int:
    """Return the number of the epoch after which training ends, as far as is known now."""
    longest = trainer.max_epochs or 0
    stopping = _early_stopping(trainer)
    if stopping is None:
        return longest
    return min(longest, trainer.current_epoch + stopping.patience - stopping.waited)


def _value(key: str, value: float) -> str:
    return f"{100 * value:.2f} %" if key.endswith("error") else f"{value:.4g}"
