"""A user's arrays: read from .npy and .npz files, and checked; every complaint names the file and the row."""

import zipfile
import zlib
from pathlib import Path

import numpy as np

from sdae.data.own.frames import is_table
from sdae.errors import SdaeError


def read_array(path: Path, name: str) -> np.ndarray:
    """Read a ``.npy`` file, or one array of an ``.npz``.

    Args:
        path: The file.
        name: The array's name in an ``.npz``.

    Raises:
        SdaeError: If the file is missing, is of another kind, or has no array of that name.
    """
    if is_table(path):
        raise SdaeError(f"{path}: is a table; as own data take sdae.data.LocalTable, with its path and target: COLUMN")
    try:
        content = np.load(path, allow_pickle=False)
        if isinstance(content, np.ndarray):
            return content
        with content:
            return content[name]
    except KeyError:
        raise SdaeError(f"{path}: has no array named {name}") from None
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        reason = getattr(error, "strerror", None) or error
        raise SdaeError(f"{path}: cannot be read as .npy or .npz ({reason})") from None


def check_examples(x: np.ndarray, path: Path, n_features: int | None = None) -> np.ndarray:
    """Check examples (n, d) and return them as they are.

    Args:
        x: The array.
        path: Where it comes from.
        n_features: Required number of components d; default: any.

    Raises:
        SdaeError: If it is no array of numbers of that shape, is empty, or holds NaN or infinity.
    """
    if x.ndim != 2 or 0 in x.shape or n_features not in (None, x.shape[1]):
        wanted = f"(n, {n_features or 'd'})"
        raise SdaeError(f"{path}: holds examples of shape {x.shape}, where {wanted} is needed, n at least 1")
    if x.dtype.kind not in "biuf":
        raise SdaeError(f"{path}: holds examples of {x.dtype}, not numbers")
    if x.dtype.kind == "f" and not np.isfinite(x).all():
        row = int(np.flatnonzero(~np.isfinite(x).all(1))[0])
        raise SdaeError(f"{path}: row {row}, counted from 0, holds NaN or infinity")
    return x


def check_classes(t: np.ndarray, path: Path, n: int, n_classes: int | None = None) -> np.ndarray:
    """Check classes (n,) and return them as int64.

    Args:
        t: The array.
        path: Where it comes from.
        n: How many there must be.
        n_classes: Number of classes m; default: one more than the greatest class, and no class may be missing.

    Raises:
        SdaeError: If they are not n numbers of 0 to m − 1.
    """
    if t.shape == (n, 1):
        t = t[:, 0]
    if t.shape != (n,):
        raise SdaeError(f"{path}: holds labels of shape {t.shape} for {n} examples")
    if t.dtype.kind not in "biuf":
        raise SdaeError(f"{path}: holds labels of {t.dtype}, not numbers 0 to m − 1")
    most = np.inf if n_classes is None else n_classes - 1
    wrong = ~((t >= 0) & (t <= most) & (t == np.floor(t)))  # true for NaN
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        known = "0 to m − 1" if n_classes is None else f"0 to {n_classes - 1}"
        raise SdaeError(f"{path}: row {row}, counted from 0, has the label {t[row]}, which is none of {known}")
    t = t.astype(np.int64)
    if n_classes is None:
        present = np.unique(t)
        if len(present) < 2:
            raise SdaeError(f"{path}: every label is {present[0]}; two classes are needed at least")
        if present[-1] != len(present) - 1:
            missing = int(np.flatnonzero(present != np.arange(len(present)))[0])
            raise SdaeError(
                f"{path}: labels go up to {present[-1]}, but none is {missing}; number the classes 0 to m − 1"
            )
    return t
