"""A storage that is away for a while: calls wait for it, and errors are reduced to their reason."""

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

PATIENCE = 1800.0  # seconds for which a storage that was there may be away
T = TypeVar("T")


def patiently(call: Callable[[], T], patience: float = PATIENCE) -> T:
    """Call something that asks the storage, again and again while it is away: a PostgreSQL that restarts costs seconds.

    Raises:
        SdaeError: If it stays away, or its disk is full.
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
            if not _away(error):
                raise
            if time.monotonic() - start > patience:
                raise SdaeError(f"storage: away for {patience:.0f} s ({reason(error)})") from error
            if wait > 1:
                log.info("storage: away (%s); trying again", reason(error))
        time.sleep(wait)
        wait = min(2 * wait, 10.0)


def _away(error: BaseException | None) -> bool:
    """Return whether an error is an outage or a lock held for long, and so worth a retry."""
    if isinstance(error, (PendingRollbackError, ResourceClosedError)):
        return True  # what an outage leaves of a session
    while error is not None and not isinstance(error, DBAPIError):
        error = error.__cause__ or error.__context__
    if not isinstance(error, DBAPIError):
        return False
    if re.search("disk is full|disk I/O error|no such table|does not exist|readonly", str(error.orig)):
        return False
    return error.connection_invalidated or isinstance(error, (OperationalError, InterfaceError))


def patient(method: Callable[..., Any]) -> Callable[..., Any]:
    """Return a storage's method that waits in an outage, and begins each try with a fresh session."""

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
    """Return the first line of the innermost of the errors that a database heaps on one another."""
    while error.__cause__ is not None:
        error = error.__cause__
    return str(error).strip().partition("\n")[0].rstrip(".")
