"""Parsed once: a problem's splits in one compact binary file, that loads in well under a second."""

import logging
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TypeVar

import numpy as np
from filelock import FileLock

from sdae.errors import SdaeError
from sdae.files import remove_leftovers, write_aside

log = logging.getLogger(__name__)

PIECE = 1 << 24  # bytes copied at once on the way to the file


@dataclass
class Arrays:
    """A problem's splits: x (n, d) as bytes or float32, classes t (n,) as bytes.

    Attributes:
        scale: Divisor of x: 255 or 256 for grey levels kept as bytes, 1 for floats.
    """

    train_x: np.ndarray
    train_t: np.ndarray
    valid_x: np.ndarray
    valid_t: np.ndarray
    test_x: np.ndarray
    test_t: np.ndarray
    scale: float = 1.0


def cached(root: Path, name: str, make: Callable[[], Arrays], required: bool = False) -> Arrays:
    """Return the cached arrays, making and keeping them first where they are missing.

    Safe to call from many processes at once: one makes them, the others wait and read.

    Args:
        root: The data folder.
        name: Everything that determines the arrays.
        make: Makes them.
        required: Whether a folder that cannot be written is an error. Originals found in a read-only folder are read
            again every time instead.

    Raises:
        SdaeError: If ``required`` and the cache cannot be written.
    """
    return once(cache_file(root, name), _read, make, _write, required)


def cache_file(root: Path, name: str) -> Path:
    """Return the path of arrays with a name in a data folder."""
    return root / "cache" / f"{name}.npz"


T = TypeVar("T")


def once(
    path: Path,
    read: Callable[[Path], T | None],
    make: Callable[[], T],
    write: Callable[[Path, T], object],
    required: bool,
) -> T:
    """Return the content of a file in the cache, which is created first if it is missing.

    Args:
        path: The file.
        read: Reads it; None where it is missing.
        make: Makes what it holds.
        write: Writes that.
        required: As for :func:`cached`.

    Raises:
        SdaeError: If ``required`` and the cache cannot be written.
    """
    if (content := read(path)) is not None:
        return content
    folder = path.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / f".{path.stem}.lock")
        lock.acquire()
    except OSError as error:
        if required:
            raise SdaeError(
                f"{folder}: cannot be written ({error.strerror}); choose another folder as data.root or $SDAE_DATA"
            ) from None
        content = make()
        log.warning("%s cannot be written, so %s is parsed again every time", folder, path.stem)
        return content
    try:
        if (content := read(path)) is None:
            remove_leftovers(folder, path.name)
            content = kept = make()
            write_aside(path, lambda aside: write(Path(aside), kept))
        return content
    finally:
        lock.release()


def _write(path: Path, arrays: Arrays) -> None:
    """Write what ``numpy.savez`` would, which makes a second copy of every array."""
    with zipfile.ZipFile(path, "w") as archive:
        for field in fields(arrays):
            array = np.asarray(getattr(arrays, field.name), order="C")
            with archive.open(f"{field.name}.npy", "w", force_zip64=True) as file:
                np.lib.format.write_array_header_1_0(file, np.lib.format.header_data_from_array_1_0(array))
                for rows in np.array_split(np.atleast_1d(array), 1 + array.nbytes // PIECE):
                    file.write(rows.tobytes())


def _read(path: Path) -> Arrays | None:
    try:
        with np.load(path, allow_pickle=False) as file:
            content = {key: file[key] for key in file.files}
        return Arrays(**{**content, "scale": float(content["scale"])})
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile):
        raise SdaeError(f"{path}: is damaged; remove it, and it is made again") from None
