"""``.amat``: one example per row, its components and then its class, as decimal numbers between spaces.

Hundreds of megabytes of it make up the original archives. NumPy's own readers take one number apart after another; here
all numbers of a chunk of text are decoded at once, eight digits to an integer. What that cannot read exactly is left to
NumPy.
"""

import warnings
from collections.abc import Iterator
from typing import IO

import numpy as np
from tqdm import tqdm

from sdae.data.icml2007.decimal_columns import decode_columns
from sdae.data.icml2007.decimal_runs import decode_runs
from sdae.data.own.grey_levels import grey_levels
from sdae.errors import SdaeError

CHUNK = 3 << 17  # bytes of text decoded at once: intermediate results stay in the cache
KEPT = 24 << 20  # bytes; the GNU C library listens to 32 MB at most


def read_amat(
    file: IO[bytes], n_bytes: int, name: str, n_rows: int, width: int, n_classes: int, scale: float | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Read a whole file into arrays of known size.

    Args:
        file: The open file.
        n_bytes: Its length, for the progress bar.
        name: Its name in errors.
        n_rows: Expected number of rows.
        width: Expected numbers in a row, the class included.
        n_classes: Number of classes m.
        scale: Divisor of grey levels, to store one byte each; None for other numbers.

    Returns:
        Components (n_rows, width − 1) in [0, 1], grey levels as bytes, else float32, and classes (n_rows,), bytes.

    Raises:
        sdae.data.own.grey_levels.NotGrey: If a component is not a grey level at this scale.
        SdaeError: If the file has other rows, components, or classes than 0 to m − 1; names the row, counted from 1.
    """
    # A block of this size, freed, tells the C library to keep what is freed from now on: else it hands the memory of a
    # chunk's arrays back to the system and asks for it again, page by page, which takes a third of the time.
    np.empty(KEPT, dtype=np.uint8)
    x = np.empty((n_rows, width - 1), dtype=np.float32 if scale is None else np.uint8)
    t = np.empty(n_rows, dtype=np.uint8)
    done = 0
    with tqdm(total=n_bytes, unit="B", unit_scale=True, desc=name.rpartition(" ")[2], leave=False, disable=None) as bar:
        for lines in _whole_lines(file):
            values = parse_amat(lines, name, done, width)
            rows = slice(done, done + len(values))
            done += len(values)
            if done > n_rows:
                raise SdaeError(f"{name}: holds more than the expected {n_rows} rows")
            pixels, classes = values[:, :-1], values[:, -1]
            x[rows] = pixels if scale is None else grey_levels(pixels, scale)
            _check(x[rows], scale or 1.0, classes, n_classes, name, rows.start)
            t[rows] = classes
            bar.update(len(lines))
    if done != n_rows:
        raise SdaeError(f"{name}: holds {done} rows, expected {n_rows}")
    return x, t


def _check(pixels: np.ndarray, most: float, classes: np.ndarray, n_classes: int, name: str, first_row: int) -> None:
    if not (pixels.min() >= 0 and pixels.max() <= most):  # false for NaN
        row = int((~((pixels >= 0) & (pixels <= most)).all(1)).argmax())
        raise SdaeError(f"{name}: row {first_row + row + 1} holds a value outside 0 to 1")
    strange = ~((classes >= 0) & (classes < n_classes) & (classes == np.rint(classes)))
    if strange.any():
        row = int(strange.argmax())
        raise SdaeError(
            f"{name}: row {first_row + row + 1} ends with {classes[row]:g}, not a class from 0 to {n_classes - 1}"
        )


def _whole_lines(file: IO[bytes]) -> Iterator[bytes]:
    rest = b""
    while chunk := file.read(CHUNK):
        lines, newline, tail = chunk.rpartition(b"\n")
        if newline:
            yield rest + lines + newline
            rest = tail
        else:
            rest += chunk
    if rest.strip():
        yield rest + b"\n"


def parse_amat(lines: bytes, name: str, first_row: int, width: int) -> np.ndarray:
    """Parse whole lines of ``width`` numbers each: (rows, width), float64.

    Raises:
        SdaeError: If a row has another number of numbers, or text in it.
    """
    text = np.frombuffer(lines, np.uint8)
    for decode in (decode_columns, decode_runs):
        if (values := decode(text, width)) is not None:
            return values
    return _by_numpy(lines, name, first_row, width)


def _by_numpy(lines: bytes, name: str, first_row: int, width: int) -> np.ndarray:
    rows = [line for line in lines.split(b"\n") if line.strip()]
    with warnings.catch_warnings():
        warnings.simplefilter("error", DeprecationWarning)  # how NumPy says that a text is not all numbers
        try:
            values = np.fromstring(lines, dtype=np.float64, sep=" ")
            if values.size == width * len(rows) and all(len(row.split()) == width for row in rows):
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
