"""Stops a worker on a signal, so that its trial can be resumed."""

import signal
import time
from types import FrameType

from lightning import Callback, LightningModule, Trainer

REPEATED_SIGNAL = 0.5  # seconds; a process group gets a signal twice, once forwarded by the launching process


class GivenBack(BaseException):
    """The trial is requeued, with its parameters and its checkpoint.

    Not an Exception, so that Optuna does not count a failure.
    """


class Lost(BaseException):
    """Another worker has taken the trial over, since its heartbeat was missed for too long."""


class Stop:
    """Whether and when SIGTERM (preemption) or SIGINT (Ctrl-C) was received; a second Ctrl-C ends the process."""

    def __init__(self) -> None:
        """Start without a signal."""
        self.signal: int | None = None
        self.since = 0.0

    @property
    def requested(self) -> bool:
        """Whether the worker is to stop."""
        return self.signal is not None

    def waited(self) -> float:
        """Return the seconds since the stop was requested."""
        return time.monotonic() - self.since if self.requested else 0.0

    def listen(self) -> None:
        """Install the handler; again at the start of every stage, where Lightning installs its own."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._handle)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        if not self.requested:
            self.signal, self.since = number, time.monotonic()
        elif number == signal.SIGINT and self.waited() > REPEATED_SIGNAL:
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)


class Listen(Callback):
    """Handles signals in place of Lightning in every stage; stops at the next epoch start after a signal.

    Args:
        stop: Whether the worker is to stop.
    """

    def __init__(self, stop: Stop) -> None:
        """Listen from the first stage on."""
        self.stop = stop

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Replace Lightning's handler, which would end the process."""
        self.stop.listen()

    on_test_start = on_train_start

    def on_train_epoch_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Stop, leaving a trial that can be resumed."""
        if self.stop.requested:
            raise GivenBack
