"""Finds the storage of a sweep, and its studies."""

import os
from pathlib import Path

from sdae.errors import SdaeError
from sdae.sweeps.storage import SQLITE, SharedStorage, hidden, open_storage, sqlite_file, sqlite_url
from sdae.sweeps.studies import KeptSweep, OpenStudy, find

FROM_ENVIRONMENT = "$SDAE_STORAGE"  # special value: use SDAE_STORAGE even if the folder has its own storage
RUNS = Path("runs")  # a sweep's usual folder is below it, under the sweep's name


def shared_storage(storage: str | None = None) -> str | None:
    """Return the URL that was given, else that of ``$SDAE_STORAGE``; None without one."""
    return storage or os.environ.get("SDAE_STORAGE") or None


def storage_url(storage: str | None, folder: Path | None, explicit: bool = False) -> str:
    """Return the URL of a sweep's storage: as given, else from ``$SDAE_STORAGE``, else in the sweep's folder.

    Args:
        storage: A URL, or ``$SDAE_STORAGE`` literally.
        folder: The sweep's folder.
        explicit: Whether the folder was named by the user.

    Raises:
        SdaeError: If there is none, or if the environment and a folder that was named disagree.
    """
    environment = shared_storage()
    if storage and storage != FROM_ENVIRONMENT:
        return storage
    own_file = folder.absolute() / SQLITE if folder is not None else None
    if environment is not None:
        if (
            storage is None
            and explicit
            and own_file is not None
            and own_file.is_file()
            and sqlite_file(environment) != own_file
        ):
            raise SdaeError(
                f"--folder {folder}: has its own {SQLITE}, and SDAE_STORAGE names another storage; "
                "choose one with --storage, or unset SDAE_STORAGE"
            )
        return environment
    if folder is None:
        raise SdaeError("--storage: specify the storage's URL, or the sweep's --folder")
    return sqlite_url(folder)


def storage_options(url: str, name: str, folder: Path) -> list[str]:
    """Return the options with which :func:`storage_url` finds a storage from the same folder and environment.

    Args:
        url: The storage's; its password is not shown.
        name: The sweep's name.
        folder: The sweep's folder.
    """
    environment = shared_storage()
    if url == environment:
        return []
    if environment is not None or sqlite_file(url) != folder.absolute() / SQLITE:
        return ["--storage", hidden(url)]
    return [] if folder.absolute() == (RUNS / name).absolute() else ["--folder", str(folder)]


def open_sweep(url: str, name: str | None, read_only: bool = False) -> tuple[SharedStorage, KeptSweep, list[OpenStudy]]:
    """Open the studies of a sweep that was started.

    Args:
        url: The storage's.
        name: The sweep's name; default: the only one there.
        read_only: Whether nothing is written to a SQLite file or its folder.

    Raises:
        SdaeError: If the storage does not exist or cannot be reached, or has no such sweep.
    """
    file = sqlite_file(url)
    if file is not None and ":memory:" not in url and not file.is_file():
        raise SdaeError(f"{file}: no such storage; start a sweep with sweep --config FILE")
    kept, _ = find(open_storage(url, heartbeat=60, read_only=read_only), name)
    storage = open_storage(url, kept.heartbeat, read_only=read_only)
    return storage, *find(storage, kept.name)
