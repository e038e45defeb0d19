"""Files that are whole or not there: written aside, then renamed."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from sdae.errors import SdaeError

PART = ".part"  # ends the name of a file being written; one that is left over belonged to a process that was killed


def write_aside(path: Path, write: Callable[[str], object]) -> None:
    """Call ``write`` with a name beside ``path``, then rename: ``path`` is whole or not there at all.

    Raises:
        SdaeError: If it cannot be written; nothing is left behind.
    """
    try:
        handle, aside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=PART)
    except OSError as error:
        raise SdaeError(f"{path}: cannot be written ({error.strerror})") from None
    os.close(handle)
    try:
        write(aside)
        os.chmod(aside, 0o666 & ~_umask())
        os.replace(aside, path)
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or str(error).splitlines()[0]
        raise SdaeError(f"{path}: cannot be written ({reason})") from None
    finally:
        Path(aside).unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def remove_leftovers(folder: Path, name: str = "") -> None:
    """Remove what killed processes had been writing in a folder, under this name; for whoever holds the lock on it."""
    for part in folder.glob(f".{name}*{PART}"):
        part.unlink(missing_ok=True)
