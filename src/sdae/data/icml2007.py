"""The archives of Larochelle et al. (2007): where they are published, and their ``.amat`` text.

Each zip holds two text files, training + validation and test: one example a row, the pixels and then the class,
separated by spaces. The last rows of the first are the validation set.
"""

import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import numpy as np
from tqdm import tqdm

from sdae.data.archive import Archive
from sdae.data.cache import Arrays
from sdae.data.problem import Sizes
from sdae.errors import SdaeError

MIRRORS = (
    "http://www.iro.umontreal.ca/~lisa/icml2007data",
    "https://web.archive.org/web/2019id_/http://www.iro.umontreal.ca/~lisa/icml2007data",
)

ICML2007 = {
    "basic": Archive("icml2007", "mnist.zip", MIRRORS, "sha1", "14ac2e9135705499b80bf7efac981377940150c8"),
    "rect": Archive("icml2007", "rectangles.zip", MIRRORS, "sha1", "b8d456b1f83bea5efebe76a47a9535adc4b72586"),
}

CHUNK = 16 << 20  # bytes of text parsed at once


def read_amat_archive(path: Path, sizes: Sizes, n_features: int) -> Arrays:
    """Read a zip with a training and a test ``.amat``, split as in Table 1.

    Args:
        path: The zip.
        sizes: Expected numbers of examples.
        n_features: Number of pixels in a row, before its class.

    Raises:
        SdaeError: If the zip is damaged, holds other files or other numbers of rows, or a row is not as it should be.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            train, test = (_member(archive, path, part) for part in ("train", "test"))
            x, t = _read_member(archive, train, path, sizes.train + sizes.valid, n_features)
            test_x, test_t = _read_member(archive, test, path, sizes.test, n_features)
    except (zipfile.BadZipFile, EOFError, OSError) as error:
        raise SdaeError(f"{path}: cannot be read to its end ({error}); remove it to fetch it again") from None
    n = sizes.train
    scale = next((s for s in (1.0, 255.0, 256.0) if all(_whole(a * np.float32(s)) for a in (x, test_x))), None)
    if scale is not None:  # 0/1 pixels and grey levels fit in a byte each
        x, test_x = (np.rint(a * np.float32(scale)).astype(np.uint8) for a in (x, test_x))
    return Arrays(x[:n], t[:n], x[n:], t[n:], test_x, test_t, scale or 1.0)


def _whole(a: np.ndarray) -> bool:
    return bool(a.min() >= 0 and a.max() <= 255 and np.abs(a - np.rint(a)).max() < 1e-4)


def _member(archive: zipfile.ZipFile, path: Path, part: str) -> zipfile.ZipInfo:
    found = [info for info in archive.infolist() if info.filename.endswith(".amat") and part in info.filename.lower()]
    if len(found) != 1:
        raise SdaeError(f"{path}: should hold one {part} .amat file, not {len(found)}")
    return found[0]


def _read_member(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path, n_rows: int, n_features: int
) -> tuple[np.ndarray, np.ndarray]:
    name = f"{path}: {info.filename}"
    x = np.empty((n_rows, n_features), dtype=np.float32)
    t = np.empty(n_rows, dtype=np.uint8)
    done = 0
    bar = tqdm(total=info.file_size, unit="B", unit_scale=True, desc=info.filename, leave=False)
    with archive.open(info) as file, bar:
        for lines in _whole_lines(file):
            values = _parse(lines, name, done, n_features + 1)
            if done + len(values) > n_rows:
                raise SdaeError(f"{name}: holds more than the expected {n_rows} rows")
            x[done : done + len(values)] = values[:, :-1]
            t[done : done + len(values)] = values[:, -1]
            done += len(values)
            bar.update(len(lines))
    if done != n_rows:
        raise SdaeError(f"{name}: holds {done} rows, expected {n_rows}")
    return x, t


def _whole_lines(file: IO[bytes]) -> Iterator[bytes]:
    rest = b""
    while chunk := file.read(CHUNK):
        lines, newline, rest_of_chunk = chunk.rpartition(b"\n")
        if newline:
            yield rest + lines + newline
            rest = rest_of_chunk
        else:
            rest += chunk
    if rest.strip():
        yield rest


def _parse(lines: bytes, name: str, first_row: int, width: int) -> np.ndarray:
    """Parse whole lines of ``width`` numbers each: (rows, width)."""
    rows = [line for line in lines.split(b"\n") if line.strip()]
    with warnings.catch_warnings():
        warnings.simplefilter("error", DeprecationWarning)  # how NumPy says that a text is not all numbers
        try:
            values = np.fromstring(lines, dtype=np.float64, sep=" ")
            if values.size == width * len(rows):
                return values.reshape(-1, width)
        except (DeprecationWarning, ValueError):
            pass
    for number, row in enumerate(rows, start=first_row + 1):
        try:
            found = len(np.array(row.split(), dtype=np.float64))
        except ValueError:
            raise SdaeError(f"{name}: row {number} holds text that is not a number") from None
        if found != width:
            raise SdaeError(f"{name}: row {number} has {found} numbers, expected {width}")
    raise SdaeError(f"{name}: rows from {first_row + 1} on cannot be read")
