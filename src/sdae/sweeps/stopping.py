"""Stops a worker on a signal, and ends a trial in such a way that it can be resumed."""

import signal
import time
from types import FrameType

from lightning import Callback, LightningModule, Trainer

A_MOMENT = 0.5  # seconds; a signal to a whole group of processes comes twice, once passed on by the first


class GivenBack(BaseException):
    """The trial is requeued, with its parameters and its checkpoint.

    No Exception, and so passed over by Optuna, which would count a failure.
    """


class Lost(BaseException):
    """The trial is no longer this worker's: without a heartbeat for so long, it was considered dead by others."""


class Stop:
    """Whether SIGTERM (preemption) or SIGINT (Ctrl-C) has come, and when. A second Ctrl-C ends the process at once."""

    def __init__(self) -> None:
        """Nothing has come yet."""
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
        """Take the signals; again at the start of every stage, where Lightning puts its own handler before ours."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._handle)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        if not self.requested:
            self.signal, self.since = number, time.monotonic()
        elif number == signal.SIGINT and self.waited() > A_MOMENT:
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)


class Listen(Callback):
    """Takes the signals from Lightning in every stage, and leaves at the start of an epoch where one has come.

    Args:
        stop: Whether the worker is to stop.
    """

    def __init__(self, stop: Stop) -> None:
        """Listen from the first stage on."""
        self.stop = stop

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Put our handler before Lightning's, which would end the process."""
        self.stop.listen()

    on_test_start = on_train_start

    def on_train_epoch_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Stop, leaving a trial that can be resumed."""
        if self.stop.requested:
            raise GivenBack
