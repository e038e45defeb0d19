"""Parallel processes with one thread each."""

import math
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any, TypeVar

from threadpoolctl import threadpool_limits

from sdae.errors import SdaeError

T = TypeVar("T")


class Workers:
    """Calls a function for many arguments, and yields results in the order of completion.

    Processes begin with the first call and end with :meth:`close`, or with this process if that is killed.

    Args:
        n: Number of processes; 1 is this process.
        keep: Creates the object that each process keeps from call to call.
    """

    def __init__(self, n: int, keep: Callable[[], Any]) -> None:
        self.n, self._keep = n, keep
        self._kept: Any = keep() if n == 1 else None
        self._pool: ProcessPoolExecutor | None = None

    def close(self) -> None:
        """End the processes, without waiting for running calls."""
        if self._pool is None:
            return
        pool, self._pool = self._pool, None
        # The executor's own record: active children are also processes of the caller's. A shutdown drops it.
        processes = list((pool._processes or {}).values())
        pool.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.terminate()

    def map(self, function: Callable[..., T], arguments: Sequence[tuple[Any, ...]]) -> Iterator[T]:
        """Yield the results in the order of completion.

        Args:
            function: Called with the object that its process keeps, then the arguments.
            arguments: Arguments of each call.

        Raises:
            SdaeError: If a process is killed, as by the system when out of memory.
        """
        if self.n == 1:
            for each in arguments:
                with threadpool_limits(1):
                    result = function(self._kept, *each)
                yield result
            return
        if self._pool is None:
            context = multiprocessing.get_context("spawn")  # a fork would inherit threads in an undefined state
            self._pool = ProcessPoolExecutor(self.n, mp_context=context, initializer=_begin, initargs=(self._keep,))
        futures = [self._pool.submit(_call, function, *each) for each in arguments]
        try:
            for future in as_completed(futures):
                yield future.result()
        except BrokenProcessPool:
            raise SdaeError(
                f"one of {self.n} processes was killed, perhaps out of memory; "
                "the same command with fewer workers resumes the search"
            ) from None


def cores(quota: Path = Path("/sys/fs/cgroup/cpu.max")) -> int:
    """Return the number of usable cores: those it is bound to, or fewer by its container's quota.

    Args:
        quota: The control group's file, ``QUOTA PERIOD`` or ``max PERIOD``.
    """
    bound = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        allowed, period = quota.read_text().split()
        return max(1, min(bound, math.ceil(int(allowed) / int(period))))
    except (OSError, ValueError):
        return bound


# The object that a worker process keeps from call to call, set once at its start; an executor passes nothing from one
# call to the next, so it is a global.
_kept: Any = None


def _begin(keep: Callable[[], Any]) -> None:
    """Take one thread, leave interrupts to the process that started this one, and end when that one has ended."""
    global _kept
    _kept = keep()
    threadpool_limits(1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    assert parent is not None

    def end() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=end, daemon=True).start()


def _call(function: Callable[..., T], *arguments: Any) -> T:
    return function(_kept, *arguments)
