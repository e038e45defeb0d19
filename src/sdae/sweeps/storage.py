"""Optuna's storage for workers that come and go: it retries in an outage, and each trial has exactly one owner."""

import logging
import re
import time
import warnings
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

import optuna
from optuna.exceptions import ExperimentalWarning, StorageInternalError, UpdateFinishedTrialError
from optuna.storages import RDBStorage, _CachedStorage
from optuna.trial import FrozenTrial, TrialState
from sqlalchemy import URL, event, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    InterfaceError,
    NoSuchModuleError,
    OperationalError,
    PendingRollbackError,
    ResourceClosedError,
    SQLAlchemyError,
)

from sdae.errors import SdaeError

log = logging.getLogger(__name__)

PATIENCE = 1800.0  # seconds for which a storage that was there may be away
GRACE = 3  # heartbeats missed before a worker is considered dead
SQLITE = "study.db"  # the storage of a sweep on one machine, in its folder
NO_SWEEP = "holds no sweep; begin one with a sweep file and this storage"
T = TypeVar("T")


class NothingWaiting(Exception):
    """No trial of this study is waiting: every one of its budget has been taken."""


class NoSweep(SdaeError):
    """A storage in which no sweep has been begun."""


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


def _patient(method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def patient(self: Any, *args: Any, **kwargs: Any) -> Any:
        def call() -> Any:
            try:
                return method(self, *args, **kwargs)
            except (StorageInternalError, SQLAlchemyError):
                self._backend.remove_session()  # the next try begins with a fresh one
                raise

        return patiently(call)

    return patient


class SharedStorage(_CachedStorage):
    """What a worker's studies rest on. Three things differ from Optuna's own.

    A call waits where the server is away. Nothing makes a trial but those who set up a study and those who run a lost
    trial again, so that a budget is exact: a worker that finds none waiting gets None, where Optuna would make one
    more. And a trial has a heartbeat before it is running: one whose worker dies at once is noticed, and one that was
    requeued is not considered stale by its old heartbeat.
    """

    def create_new_trial(self, study_id: int, template_trial: FrozenTrial | None = None) -> int:
        """Make a waiting trial; not patient, since a second try might make two."""
        if template_trial is None:
            raise NothingWaiting
        return super().create_new_trial(study_id, template_trial)

    def set_trial_state_values(self, trial_id: int, state: TrialState, values: Sequence[float] | None = None) -> bool:
        """Change a trial's state; one that becomes running gets its first heartbeat."""
        if state is TrialState.RUNNING:
            self.record_heartbeat(trial_id)
        tries = 0

        def change() -> bool:
            nonlocal tries
            tries += 1
            try:
                return _CachedStorage.set_trial_state_values(self, trial_id, state, values)
            except UpdateFinishedTrialError:
                # The first try may have come through and its answer been lost.
                if tries > 1 and self.get_trial(trial_id).state is state:
                    return True
                raise

        return patiently(change)

    def record_heartbeat(self, trial_id: int) -> None:
        """Write a heartbeat; where none can be written, others may consider the trial lost."""
        try:
            patiently(lambda: _CachedStorage.record_heartbeat(self, trial_id))
        except SdaeError as error:
            log.warning("%s", error)


for _name in (
    *("get_study_id_from_name", "get_study_name_from_id", "get_study_directions", "get_study_user_attrs"),
    *("get_study_system_attrs", "get_all_studies", "get_trial", "get_all_trials", "set_study_user_attr"),
    *("set_trial_param", "set_trial_intermediate_value", "set_trial_user_attr", "set_trial_system_attr"),
    *("get_trial_id_from_study_id_trial_number", "_get_stale_trial_ids"),
):
    setattr(SharedStorage, _name, _patient(getattr(_CachedStorage, _name)))


def sqlite_url(folder: Path) -> str:
    """Return the URL of the storage of a sweep on one machine, a file in the sweep's folder, whatever its name.

    Raises:
        SdaeError: If this version of SQLAlchemy cannot write it, as those before 2.1 with a question mark.
    """
    path = folder.absolute() / SQLITE
    url = URL.create("sqlite", database=str(path)).render_as_string()
    if sqlite_file(url) != path:
        raise SdaeError(f"{path}: cannot be written as a database's URL; choose a folder with a plain name")
    return url


def sqlite_file(url: str) -> Path | None:
    """Return the file of a SQLite storage; None where it is another kind."""
    return Path(make_url(url).database or "") if url.startswith("sqlite:///") else None


def open_storage(url: str, heartbeat: int, create: bool = False, read_only: bool = False) -> SharedStorage:
    """Open a storage.

    Args:
        url: ``sqlite:///FILE`` or ``postgresql://USER@HOST/DATABASE``.
        heartbeat: Seconds between two heartbeats of a worker.
        create: Whether to make the tables where they are missing; for one process, before the workers.
        read_only: Whether to leave a SQLite file, and the folder that it is in, as they are.

    Raises:
        NoSweep: If it has no tables, and none are to be made.
        SdaeError: If it cannot be reached.
    """
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    options: dict[str, Any] = {"pool_pre_ping": True}
    try:
        where = make_url(url)
        if where.get_backend_name() not in ("sqlite", "postgresql") or not where.database:
            raise SdaeError(f"storage {hidden(url)}: give postgresql://USER@HOST/DATABASE, or sqlite:///FILE")
        if where.get_backend_name() == "sqlite" and ":memory:" in where.database:
            raise SdaeError(f"storage {url}: is in this process's memory, where no worker finds it; name a file")
        if where.drivername == "postgresql":
            where = where.set(drivername="postgresql+psycopg")
        file = sqlite_file(url) if read_only else None
        if file is not None:
            where = _read_only(where, file)
        patience = "connect_timeout" if where.get_backend_name() == "postgresql" else "timeout"
        options["connect_args"] = {patience: 30}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ExperimentalWarning)  # the heartbeat is, in name
            storage = RDBStorage(
                where.render_as_string(hide_password=False).replace("{", "{{").replace("}", "}}"),
                engine_kwargs=options,
                heartbeat_interval=heartbeat,
                grace_period=GRACE * heartbeat,
                skip_table_creation=not create,
            )
    except (ArgumentError, NoSuchModuleError) as error:
        raise SdaeError(f"storage: {reason(error)}; give postgresql://USER@HOST/DATABASE") from None
    except ImportError as error:
        driver = reason(error)
        raise SdaeError(f"storage {hidden(url)}: {driver}; for PostgreSQL, pip install 'sdae[cluster]'") from None
    except (StorageInternalError, SQLAlchemyError, RuntimeError) as error:
        if re.search("no such table|does not exist", reason(error)):
            raise NoSweep(f"storage {hidden(url)}: {NO_SWEEP}") from None
        raise SdaeError(f"storage {hidden(url)}: cannot be used ({reason(error)})") from None
    if where.get_backend_name() == "sqlite" and not read_only:
        _for_one_machine(storage)
    return SharedStorage(storage)


def _read_only(where: URL, file: Path) -> URL:
    """Return the URL by which SQLite reads a file and writes nothing.

    Without a log beside it nobody has the file open, and it is read as it is. With one, what the log holds is read too:
    of workers that are at work, or were killed.
    """
    as_it_is = not file.with_name(f"{file.name}-wal").exists()
    options = {"mode": "ro", "uri": "true", **({"immutable": "1"} if as_it_is else {})}
    return where.set(database=f"file:{quote(str(file.absolute()))}", query=options)


def _for_one_machine(storage: RDBStorage) -> None:
    """Let SQLite's transactions begin with their lock, and write ahead.

    It has no ``SELECT ... FOR UPDATE``, and by default locks at the first write: two workers would see the same trial
    waiting, and both take it. Its log ahead of the file saves a wait for the disk at every epoch that is reported; a
    killed process loses nothing by it.
    """

    @event.listens_for(storage.engine, "connect")
    def prepare(connection: Any, record: Any) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")

    @event.listens_for(storage.engine, "begin")
    def lock(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    storage.remove_session()
    storage.engine.dispose()  # of connections made before


def hidden(url: str) -> str:
    """Return a storage's URL without its password."""
    return make_url(url).render_as_string(hide_password=True)


def reason(error: BaseException) -> str:
    """Return the first line of the innermost of the errors that a database heaps on one another."""
    while error.__cause__ is not None:
        error = error.__cause__
    return str(error).strip().partition("\n")[0].rstrip(".")
