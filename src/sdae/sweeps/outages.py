"""Temporary outages of the storage: calls wait and are repeated, and errors are reduced to their reason."""

import logging
import re
import time
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from optuna.exceptions import StorageInternalError
from sqlalchemy.exc import (
    DBAPIError,
    InterfaceError,
    OperationalError,
    PendingRollbackError,
    ResourceClosedError,
    SQLAlchemyError,
)

from sdae.errors import SdaeError

log = logging.getLogger(__name__)

PATIENCE = 1800.0  # seconds of an outage that calls wait for
T = TypeVar("T")


def patiently(call: Callable[[], T], patience: float = PATIENCE) -> T:
    """Call a function that uses the storage, and repeat it during an outage, such as a restart of PostgreSQL.

    Raises:
        SdaeError: If the outage lasts longer than ``patience``, or the disk is full.
    """
    start, wait = time.monotonic(), 0.2
    while True:
        try:
            return call()
        except (StorageInternalError, SQLAlchemyError) as error:
            if re.search("disk is full|No space left", reason(error)):
                raise SdaeError(
                    f"storage: {reason(error)}; free some space, and run the same command to resume"
                ) from error
            if not _is_outage(error):
                raise
            if time.monotonic() - start > patience:
                raise SdaeError(f"storage: unreachable for {patience:.0f} s ({reason(error)})") from error
            if wait > 1:
                log.info("storage: unreachable (%s); retrying", reason(error))
        time.sleep(wait)
        wait = min(2 * wait, 10.0)


def _is_outage(error: BaseException | None) -> bool:
    """Return whether an error is an outage or a lock held for long, so that the call is repeated."""
    if isinstance(error, (PendingRollbackError, ResourceClosedError)):
        return True  # the state of a session after an outage
    while error is not None and not isinstance(error, DBAPIError):
        error = error.__cause__ or error.__context__
    if not isinstance(error, DBAPIError):
        return False
    if re.search("disk is full|disk I/O error|no such table|does not exist|readonly", str(error.orig)):
        return False
    return error.connection_invalidated or isinstance(error, (OperationalError, InterfaceError))


def patient(method: Callable[..., Any]) -> Callable[..., Any]:
    """Return a storage's method that waits in an outage, and uses a new session for each attempt."""

    @wraps(method)
    def waiting(self: Any, *args: Any, **kwargs: Any) -> Any:
        def call() -> Any:
            try:
                return method(self, *args, **kwargs)
            except (StorageInternalError, SQLAlchemyError):
                self._backend.remove_session()
                raise

        return patiently(call)

    return waiting


def reason(error: BaseException) -> str:
    """Return the first line of the innermost of the chained errors."""
    while error.__cause__ is not None:
        error = error.__cause__
    return str(error).strip().partition("\n")[0].rstrip(".")
