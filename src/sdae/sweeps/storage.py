"""Optuna's storage for any number of workers: it retries in an outage, and each trial has exactly one owner."""

import re
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import optuna
from optuna.exceptions import ExperimentalWarning, StorageInternalError, UpdateFinishedTrialError
from optuna.storages import RDBStorage, _CachedStorage
from optuna.trial import FrozenTrial, TrialState
from sqlalchemy import URL, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from sdae.errors import SdaeError
from sdae.sweeps.heartbeat import HeartbeatStorage, grace
from sdae.sweeps.outages import patient, patiently, reason

SQLITE = "study.db"  # the storage of a sweep on one machine, in its folder
NO_SWEEP = "holds no sweep; start one from a sweep file, with this storage"


class NothingWaiting(Exception):
    """No trial of this study is waiting: its budget has been used."""


class NoSweep(SdaeError):
    """A storage in which no sweep has been started."""


class SharedStorage(HeartbeatStorage):
    """Optuna storage shared by workers. Beside the initial heartbeat, two things differ from Optuna's own.

    A call waits while the server is unreachable. And trials are only created at setup and when requeueing, so that a
    budget is exact: if no trial is waiting, NothingWaiting is raised, where Optuna would create one more.
    """

    def create_new_trial(self, study_id: int, template_trial: FrozenTrial | None = None) -> int:
        """Create a waiting trial, without retries, since a second attempt might create two."""
        if template_trial is None:
            raise NothingWaiting
        return super().create_new_trial(study_id, template_trial)

    def set_trial_state_values(self, trial_id: int, state: TrialState, values: Sequence[float] | None = None) -> bool:
        """Change a trial's state."""
        tries = 0

        def change() -> bool:
            nonlocal tries
            tries += 1
            try:
                return HeartbeatStorage.set_trial_state_values(self, trial_id, state, values)
            except UpdateFinishedTrialError:
                # The first attempt may have succeeded although its reply was lost.
                if tries > 1 and self.get_trial(trial_id).state is state:
                    return True
                raise

        return patiently(change)

    get_study_id_from_name = patient(_CachedStorage.get_study_id_from_name)
    get_study_name_from_id = patient(_CachedStorage.get_study_name_from_id)
    get_study_directions = patient(_CachedStorage.get_study_directions)
    get_study_user_attrs = patient(_CachedStorage.get_study_user_attrs)
    get_study_system_attrs = patient(_CachedStorage.get_study_system_attrs)
    get_all_studies = patient(_CachedStorage.get_all_studies)
    get_trial = patient(_CachedStorage.get_trial)
    get_all_trials = patient(_CachedStorage.get_all_trials)
    get_trial_id_from_study_id_trial_number = patient(_CachedStorage.get_trial_id_from_study_id_trial_number)
    set_study_user_attr = patient(_CachedStorage.set_study_user_attr)
    set_trial_param = patient(_CachedStorage.set_trial_param)
    set_trial_intermediate_value = patient(_CachedStorage.set_trial_intermediate_value)
    set_trial_user_attr = patient(_CachedStorage.set_trial_user_attr)
    set_trial_system_attr = patient(_CachedStorage.set_trial_system_attr)
    _get_stale_trial_ids = patient(_CachedStorage._get_stale_trial_ids)


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
    """Return the file of a SQLite storage; None for another kind."""
    return Path(make_url(url).database or "") if url.startswith("sqlite:///") else None


def open_storage(url: str, heartbeat: int, create: bool = False, read_only: bool = False) -> SharedStorage:
    """Open a storage.

    Args:
        url: ``sqlite:///FILE`` or ``postgresql://USER@HOST/DATABASE``.
        heartbeat: Seconds between two heartbeats of a worker.
        create: Whether to create missing tables; for one process, before the workers.
        read_only: Whether nothing is written to a SQLite file or its folder.

    Raises:
        NoSweep: If it has no tables, and ``create`` is false.
        SdaeError: If it cannot be reached.
    """
    optuna.logging.set_verbosity(optuna.logging.ERROR)  # for the whole process: this package logs every trial itself
    options: dict[str, Any] = {"pool_pre_ping": True}
    try:
        where = make_url(url)
        if where.get_backend_name() not in ("sqlite", "postgresql") or not where.database:
            raise SdaeError(f"storage {hidden(url)}: give postgresql://USER@HOST/DATABASE, or sqlite:///FILE")
        if where.get_backend_name() == "sqlite" and ":memory:" in where.database:
            raise SdaeError(f"storage {url}: is in this process's memory and not accessible to workers; name a file")
        if where.drivername == "postgresql":
            where = where.set(drivername="postgresql+psycopg")
        file = sqlite_file(url) if read_only else None
        if file is not None:
            where = _read_only(where, file)
        patience = "connect_timeout" if where.get_backend_name() == "postgresql" else "timeout"
        options["connect_args"] = {patience: 30}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ExperimentalWarning)  # heartbeats are nominally experimental in Optuna
            storage = RDBStorage(
                where.render_as_string(hide_password=False).replace("{", "{{").replace("}", "}}"),
                engine_kwargs=options,
                heartbeat_interval=heartbeat,
                grace_period=grace(heartbeat),
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
    """Return the URL by which SQLite reads a file without writing.

    Without a write-ahead log no process has the file open, and it is read as immutable. Otherwise the log, of workers
    that are running or were killed, is read as well.
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
