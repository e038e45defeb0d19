"""How a command ends that is interrupted or terminated, or with a closed output pipe."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn


class Terminated(KeyboardInterrupt):
    """SIGTERM, handled like an interrupt."""


@contextmanager
def terminable() -> Iterator[None]:
    """Raise :class:`Terminated` on SIGTERM, which by default ends the process at once, without a message."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def terminate(number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # once is enough
        raise Terminated

    before = signal.signal(signal.SIGTERM, terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before if before is not None else signal.SIG_DFL)


def interrupted_by(stop: BaseException | None) -> int | None:
    """Return the signal behind an exception; None if there is none.

    Lightning turns an interrupt into an exit of its own, and ends with status 0 after a SIGTERM that it noticed first.
    """
    lightning = sys.modules.get("lightning.pytorch.utilities.exceptions")  # None: not imported
    terminated = (Terminated, lightning.SIGTERMException) if lightning is not None else (Terminated,)
    while stop is not None:
        if isinstance(stop, terminated):
            return signal.SIGTERM
        if isinstance(stop, KeyboardInterrupt):
            return signal.SIGINT
        stop = stop.__context__
    return None


def exit_status(number: int) -> int:
    """Return the exit status of a command that a signal ended: 143 after SIGTERM, 1 after an interrupt."""
    return 128 + signal.SIGTERM if number == signal.SIGTERM else 1


def stop_by(number: int) -> NoReturn:
    """End a command on a signal that it handled itself, as one that handles none ends.

    Raises:
        Terminated: After SIGTERM.
        KeyboardInterrupt: After SIGINT.
    """
    raise Terminated if number == signal.SIGTERM else KeyboardInterrupt


def leave_closed_pipe() -> NoReturn:
    """Exit as a program that SIGPIPE ends: ``data list | head -1`` is not an error."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            os.dup2(nowhere, stream.fileno())  # else Python reports an error when it flushes at exit
    sys.exit(128 + signal.SIGPIPE)
