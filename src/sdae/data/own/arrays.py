"""Reads the user's arrays from .npy and .npz files, and checks them; errors name the file and the row."""

import logging
import zipfile
import zlib
from pathlib import Path

import numpy as np
from numpy.lib.npyio import NpzFile

from sdae.data.own.frames import is_table
from sdae.errors import MissingData, SdaeError

log = logging.getLogger(__name__)

NUMBERING = "names, t = numpy.unique(labels, return_inverse=True) numbers them"


def read_array(path: Path, name: str) -> np.ndarray:
    """Read a ``.npy`` file, or one array of an ``.npz``.

    Args:
        path: The file.
        name: Name of the array in an ``.npz``.

    Raises:
        SdaeError: If the file is missing, has another format, or contains no array of that name.
    """
    return read_arrays(path, name)[0]


def read_arrays(path: Path, name: str, another: str | None = None) -> tuple[np.ndarray, np.ndarray | None]:
    """Read a ``.npy`` file, or one array of an ``.npz`` and another where it has that.

    Args:
        path: The file.
        name: Name of the array in an ``.npz``.
        another: Name of the other one, left out with a warning where it cannot be read.

    Raises:
        SdaeError: If the file is missing, has another format, or contains no array of that name.
    """
    if is_table(path):
        raise SdaeError(f"{path}: is a table; use the class sdae.data.LocalTable, with path and target: COLUMN")
    if path.is_dir():
        raise SdaeError(f"{path}: is a folder; of pictures, use the class sdae.data.ImageFolder")
    try:
        content = np.load(path, allow_pickle=False)
        if isinstance(content, np.ndarray):
            return content, None
        with content:
            return content[name], _if_readable(content, another, path)
    except KeyError:
        raise SdaeError(f"{path}: has no array named {name}; it has {', '.join(content.files) or 'none'}") from None
    except FileNotFoundError:
        raise MissingData(f"{path}: no such file") from None
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        reason = getattr(error, "strerror", None) or error
        if "pickle" in str(reason):  # NumPy's advice for it is unsafe
            reason = "it holds Python objects, or is another kind of file"
            reason += f"; of labels that are texts, {NUMBERING}" if name == "t" else ""
        raise SdaeError(f"{path}: cannot be read as .npy or .npz ({reason})") from None


def _if_readable(content: NpzFile, name: str | None, path: Path) -> np.ndarray | None:
    if name not in content.files:
        return None
    try:
        return content[name]
    except ValueError:
        log.warning("%s: its %s holds Python objects, and is left out", path, name)
        return None


def check_examples(x: np.ndarray, path: Path, n_features: int | None = None) -> np.ndarray:
    """Check examples (n, d), and return them unchanged.

    Args:
        x: The array.
        path: The file that it was read from.
        n_features: Required number of components d; default: any.

    Raises:
        SdaeError: If the array is empty, has another shape or type, or contains NaN or infinity.
    """
    if x.ndim != 2 or 0 in x.shape or n_features not in (None, x.shape[1]):
        wanted = f"(n, {n_features})" if n_features else "(n, d), or (n, height, width) of pictures,"
        raise SdaeError(f"{path}: holds examples of shape {x.shape}, where {wanted} is needed, n at least 1")
    if x.dtype.kind not in "biuf":
        raise SdaeError(f"{path}: holds examples of {_kind(x)}, not numbers")
    if x.dtype.kind == "f" and not np.isfinite(x).all():
        row = np.argmin(np.isfinite(x).all(1))
        raise SdaeError(f"{path}: row {row}, counted from 0, holds NaN or infinity")
    return x


def check_classes(t: np.ndarray, path: Path, n: int, n_classes: int | None = None) -> np.ndarray:
    """Check classes (n,), and return them as int64.

    Args:
        t: The array, (n,) or (n, 1).
        path: The file that it was read from.
        n: Number of examples.
        n_classes: Number of classes m; default: the greatest class + 1, and then no class may be missing.

    Raises:
        SdaeError: If the array does not hold n whole numbers from 0 to m − 1.
    """
    if t.shape == (n, 1):
        t = t[:, 0]
    if t.shape != (n,):
        one_hot = "; of one-hot rows, t.argmax(1)" if t.ndim == 2 and len(t) == n else ""
        raise SdaeError(f"{path}: holds labels of shape {t.shape} for {n} examples, where ({n},) is needed{one_hot}")
    if t.dtype.kind not in "biuf":
        hint = f"; {NUMBERING}" if t.dtype.kind in "US" else ""
        raise SdaeError(f"{path}: its labels are {_kind(t)}, not numbers 0 to m − 1{hint}")
    greatest = np.inf if n_classes is None else n_classes - 1
    valid = (t >= 0) & (t <= greatest) & (t == np.floor(t))  # false for NaN
    if not valid.all():
        row, last = np.argmin(valid), "m − 1" if n_classes is None else n_classes - 1
        own = "; put examples without a class in a file of their own, named under unlabelled" if t[row] == -1 else ""
        raise SdaeError(f"{path}: row {row}, counted from 0, has the label {t[row]}, not one of 0 to {last}{own}")
    t = t.astype(np.int64)
    if n_classes is None:
        present = np.unique(t)
        if len(present) < 2:
            raise SdaeError(f"{path}: every label is {present[0]}; at least two classes are needed")
        if present[-1] != len(present) - 1:
            missing = np.argmax(present != np.arange(len(present)))
            raise SdaeError(
                f"{path}: labels go up to {present[-1]}, but none is {missing}; number the classes 0 to m − 1"
            )
    return t


def _kind(array: np.ndarray) -> str:
    """Return what an array holds, in words."""
    return "texts" if array.dtype.kind in "US" else str(array.dtype)
