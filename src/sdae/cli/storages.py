"""Finds the storage of a sweep, and the studies in it."""

import os
from pathlib import Path

from sdae.errors import SdaeError
from sdae.sweeps.storage import SharedStorage, open_storage
from sdae.sweeps.studies import Kept, OpenStudy, find


def storage_url(storage: str | None, folder: Path | None) -> str:
    """Return where a sweep's studies are kept, by what is said of it.

    Raises:
        SdaeError: If nothing is.
    """
    url = storage or os.environ.get("SDAE_STORAGE")
    if url is not None:
        return url
    if folder is None:
        raise SdaeError("--storage: which? give its URL, or name the sweep's --folder")
    return f"sqlite:///{folder.absolute() / 'study.db'}"


def open_sweep(url: str, name: str | None) -> tuple[SharedStorage, Kept, list[OpenStudy]]:
    """Open the studies of a sweep that was begun.

    Raises:
        SdaeError: If the storage is not there, or cannot be reached, or holds none of that name.
    """
    file = url.removeprefix("sqlite:///")
    if file != url and not Path(file).is_file():
        raise SdaeError(f"{file}: no such storage; begin a sweep with sweep --config FILE")
    kept, _ = find(open_storage(url, heartbeat=60), name)
    storage = open_storage(url, kept.heartbeat)
    return storage, *find(storage, kept.name)
