"""Files: written atomically, text and JSON alike, and JSON read with errors that name the file."""

import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from sdae.errors import SdaeError

PART = ".part"  # suffix of a file being written; a remaining one is of a killed process


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


def write_binary(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Write a binary file atomically: ``write`` is called with the open file.

    Raises:
        SdaeError: If it cannot be written.
    """

    def open_and_write(aside: str) -> None:
        with open(aside, "wb") as file:
            write(file)

    write_aside(path, open_and_write)


def write_text(path: Path, text: str) -> None:
    """Write a text file atomically, as UTF-8.

    Raises:
        SdaeError: If it cannot be written.
    """
    write_aside(path, lambda aside: Path(aside).write_text(text, encoding="utf-8"))


def write_json(path: Path, content: Any) -> None:
    """Write plain values as a JSON file, atomically.

    Raises:
        SdaeError: If it cannot be written.
    """
    write_text(path, json.dumps(content, indent=1, ensure_ascii=False) + "\n")


def make_folder(path: Path, hint: str = "") -> None:
    """Make a folder, and those that it lies in, where it is missing.

    Args:
        path: The folder.
        hint: What to do if it cannot be made.

    Raises:
        SdaeError: If it cannot be made.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SdaeError(f"{path}: cannot be written ({error.strerror}){hint}") from None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def remove_leftovers(folder: Path, name: str = "") -> None:
    """Remove unfinished files of killed processes in a folder, under this name; only for the holder of its lock."""
    for part in folder.glob(f".{name}*{PART}"):
        part.unlink(missing_ok=True)


def read_json(file: Path, hint: str = "") -> Any:
    """Return the content of a JSON file.

    Args:
        file: The file.
        hint: What to do if it cannot be read.

    Raises:
        SdaeError: If it is missing or damaged.
    """
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SdaeError(f"{file}: cannot be read ({error}){hint}") from None
