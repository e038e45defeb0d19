"""Reads the studies of a storage, and changes nothing in it or beside it."""

from pathlib import Path

from optuna.exceptions import OptunaError
from sqlalchemy.exc import SQLAlchemyError

from sdae.errors import SdaeError
from sdae.results.study import FoundStudy, of_open_study
from sdae.sweeps.outages import reason
from sdae.sweeps.storage import NoSweep, SharedStorage, open_storage
from sdae.sweeps.studies import SWEEP, find

NOTHING = "holds no sweep yet"


def read_studies(url: str, folder: Path | None = None) -> tuple[list[FoundStudy], list[str]]:
    """Read the studies of every sweep in a storage.

    Args:
        url: The storage's.
        folder: The sweep's, where the storage is a file in it; else each sweep's is the one that it was started with.

    Returns:
        The studies, and for each sweep that cannot be read yet a line with the reason.

    Raises:
        SdaeError: If the storage cannot be reached, or is not one.
    """
    try:
        storage = open_storage(url, heartbeat=60, read_only=True)
    except NoSweep:
        return [], [NOTHING]
    try:
        return _studies(storage, folder)
    except (OptunaError, SQLAlchemyError, KeyError, TypeError) as error:
        raise SdaeError(f"storage: cannot be read ({reason(error)})") from None
    finally:
        storage.remove_session()
        storage._backend.engine.dispose()


def _studies(storage: SharedStorage, folder: Path | None) -> tuple[list[FoundStudy], list[str]]:
    attributes = [study.user_attrs.get(SWEEP) for study in storage.get_all_studies()]
    names = sorted({attribute["name"] for attribute in attributes if attribute})
    found: list[FoundStudy] = []
    unready = [] if names else [NOTHING]
    for name in names:
        try:
            kept, studies = find(storage, name)
        except SdaeError:
            unready.append(f"{name}: the sweep is being set up")
            continue
        found += [of_open_study(study, folder or Path(kept.folder)) for study in studies]
    return found, unready
