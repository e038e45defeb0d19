"""``.amat``: one example a row, its components and then its class, as decimal numbers between spaces.

Hundreds of megabytes of it make up the original archives. NumPy's own readers take one number apart after another; here
all numbers of one length in a chunk of text are decoded at once, eight digits to an integer. What that cannot read
exactly is left to NumPy.
"""

import re
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from typing import IO

import numpy as np
from tqdm import tqdm

from sdae.errors import SdaeError

CHUNK = 1 << 19  # bytes of text decoded at once: what comes of them on the way stays in the cache
SPACE, NEWLINE, MINUS, PLUS = (ord(c) for c in " \n-+")
LAYOUT = re.compile(rb" *(?P<minus>-?)(?P<whole>\d+)(\.(?P<fraction>\d*))?([eE](?P<sign>[-+])(?P<exponent>\d\d))?")
POWERS = 10.0 ** np.arange(23)  # exact: an integer below 2⁵³ divided by one of them is correctly rounded


def read_amat(file: IO[bytes], n_bytes: int, name: str, n_rows: int, width: int) -> tuple[np.ndarray, np.ndarray]:
    """Read a whole file into arrays of known size.

    Args:
        file: The open file.
        n_bytes: Its length, for the progress bar.
        name: What to call it in errors.
        n_rows: Expected number of rows.
        width: Expected numbers in a row, the class included.

    Returns:
        Components (n_rows, width − 1), float32, and classes (n_rows,), bytes.

    Raises:
        SdaeError: If it has other rows; names the row, counted from 1.
    """
    x = np.empty((n_rows, width - 1), dtype=np.float32)
    t = np.empty(n_rows, dtype=np.uint8)
    done = 0
    with tqdm(total=n_bytes, unit="B", unit_scale=True, desc=name.rpartition(" ")[2], leave=False) as bar:
        for lines in _whole_lines(file):
            values = parse(lines, name, done, width)
            if done + len(values) > n_rows:
                raise SdaeError(f"{name}: holds more than the expected {n_rows} rows")
            classes = values[:, -1]
            strange = ~((classes >= 0) & (classes <= 255) & (classes == np.rint(classes)))
            if strange.any():
                row = int(strange.argmax())
                raise SdaeError(f"{name}: row {done + row + 1} ends with {classes[row]:g}, which is no class")
            x[done : done + len(values)] = values[:, :-1]
            t[done : done + len(values)] = classes
            done += len(values)
            bar.update(len(lines))
    if done != n_rows:
        raise SdaeError(f"{name}: holds {done} rows, expected {n_rows}")
    return x, t


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


def parse(lines: bytes, name: str, first_row: int, width: int) -> np.ndarray:
    """Parse whole lines of ``width`` numbers each: (rows, width), float64.

    Raises:
        SdaeError: If a row has another number of numbers, or text in it.
    """
    text = np.frombuffer(lines, np.uint8)
    values = _fixed_width(text, width)
    if values is None:
        values = _by_length(text, width)
    if values is None:
        values = _by_numpy(lines, name, first_row, width)
    return values


def _fixed_width(text: np.ndarray, width: int) -> np.ndarray | None:
    """Decode text whose numbers all stand in columns of one width, as in the lab's files: ``   0.0000000e+00``."""
    row = int((text == NEWLINE).argmax()) + 1
    columns, rest = divmod(row - 1, width)
    if len(text) % row or rest or columns < 2 or not (text[row - 1 :: row] == NEWLINE).all():
        return None
    shape, strides = (len(text) // row, width), (row, columns)

    def before(end: int) -> np.ndarray:
        # A view: the words lie at even distances.
        return np.ndarray(shape, "<u8", _padded(text), offset=end, strides=strides).ravel()

    decoded = _decode(before, text[:columns].tobytes())
    return None if decoded is None else decoded.reshape(shape)


def _by_length(text: np.ndarray, width: int) -> np.ndarray | None:
    """Decode text of numbers of several lengths, all those of one length and sign at once."""
    inside = np.empty(len(text) + 1, dtype=bool)
    inside[0] = False
    np.greater(text, SPACE, out=inside[1:])
    edges = np.flatnonzero(inside[1:] != inside[:-1])  # the last byte is a newline, so that every number ends
    starts, lengths = edges[0::2], edges[1::2] - edges[0::2]
    in_row = np.diff(np.searchsorted(starts, np.flatnonzero(text == NEWLINE)), prepend=0)
    if not np.isin(in_row, (0, width)).all():
        return None
    values = np.empty(len(starts))
    eight = np.ndarray(len(text) + 1, "<u8", _padded(text), strides=(1,))
    kinds = lengths * 2 + (text[starts] == MINUS)
    for kind in np.flatnonzero(np.bincount(kinds)):
        chosen, length = np.flatnonzero(kinds == kind), int(kind) // 2
        places = starts[chosen]
        decoded = _decode(partial(_before, eight, places), text[places[0] : places[0] + length].tobytes())
        if decoded is None:
            return None
        values[chosen] = decoded
    return values.reshape(-1, width)


def _before(eight: np.ndarray, places: np.ndarray, end: int) -> np.ndarray:
    return eight[places + end]


def _padded(text: np.ndarray) -> np.ndarray:
    """Put eight spaces before the text, so that there are eight bytes before every place in it."""
    return np.concatenate((np.full(8, SPACE, np.uint8), text))


def _decode(before: Callable[[int], np.ndarray], first: bytes) -> np.ndarray | None:
    """Decode words of one length, if all are written as the first one is.

    The result is that of ``float``: an integer below 2⁵³ divided by, or times, an exact power of ten.

    Args:
        before: Returns of every word the eight bytes before one of its places, as an integer: one byte after another
            would be slow.
        first: The first word.
    """
    layout = LAYOUT.fullmatch(first)
    if layout is None:
        return None
    whole, fraction, exponent = (layout[name] or b"" for name in ("whole", "fraction", "exponent"))
    if len(whole + fraction) > 15:
        return None
    sign = layout.start("sign")
    pieces = [piece for name in ("whole", "fraction") for piece in _pieces(layout.end(name), len(layout[name] or b""))]
    ends = {end for end, _ in pieces} | {len(first)}
    while missed := set(range(len(first))) - {at for end in ends for at in range(end - 8, end)}:
        ends.add(max(missed) + 1)
    eights: dict[int, np.ndarray] = {}
    for end in ends:
        digits = _digits(before(end), first, end, sign)
        if digits is None:
            return None
        eights[end] = digits
    value = np.zeros(1, dtype=np.uint64)
    for end, n in pieces:
        value = value * np.uint64(10**n) + _integer(eights[end], n)
    result = value.astype(np.float64)
    if exponent:
        signs = before(sign + 1) >> np.uint64(56)
        if not ((signs == PLUS) | (signs == MINUS)).all():
            return None
        power = _integer(eights[len(first)], len(exponent))
        if power.max() > 22 - len(fraction):
            return None
        power = np.where(signs == MINUS, power + np.uint64(len(fraction)), np.uint64(len(fraction)) - power)
        small = power.astype(np.int64)
        result /= POWERS[np.maximum(small, 0)]
        if small.min() < 0:
            result *= POWERS[np.maximum(-small, 0)]
    elif fraction:
        result /= POWERS[len(fraction)]
    return -result if layout["minus"] else result


def _pieces(end: int, n: int) -> list[tuple[int, int]]:
    """Cut the ``n`` digits before ``end`` into pieces of at most eight, the most significant first."""
    return [*_pieces(end - 8, n - 8), (end, 8)] if n > 8 else [(end, n)] if n else []


def _digits(eight: np.ndarray, first: bytes, end: int, sign: int) -> np.ndarray | None:
    """Turn digits into their values and every other byte into 0, or return None where a word differs from the first.

    Args:
        eight: The eight bytes before ``end`` of every word.
        first: The first word, which has digits where all have digits, and the bytes that all have elsewhere.
        end: Place in the word.
        sign: Place of the exponent's sign, in which words may differ, or −1.
    """
    pattern = keep = raise_ = 0
    for place, at in enumerate(range(end - 8, end)):  # the first of the eight bytes is the integer's lowest
        if at < 0 or at == sign:
            continue
        digit = chr(first[at]).isdigit()
        pattern |= (ord("0") if digit else first[at]) << 8 * place
        keep |= 0xFF << 8 * place
        # Added to a byte, it sets the highest bit of all but 0 to 9 where a digit should be, of all but 0 elsewhere.
        raise_ |= (0x76 if digit else 0x7F) << 8 * place
    digits = (eight & np.uint64(keep)) ^ np.uint64(pattern)
    wrong = np.bitwise_or.reduce((digits + np.uint64(raise_)) | digits)
    return None if int(wrong) & 0x8080808080808080 else digits


def _integer(digits: np.ndarray, n: int) -> np.ndarray:
    """Return the integers of the last ``n`` of eight digits, each of which is a byte."""
    if n == 1:
        return digits >> np.uint64(56)
    if n == 2:
        return (digits >> np.uint64(48) & np.uint64(15)) * np.uint64(10) + (digits >> np.uint64(56))
    digits = digits & np.uint64(((1 << 8 * n) - 1) << 8 * (8 - n))
    for shift, mask in ((8, 0x00FF00FF00FF00FF), (16, 0x0000FFFF0000FFFF), (32, 0xFFFFFFFF)):
        # Of neighbours a and b, the first the more significant, make 10 a + b; then of pairs, then of fours.
        digits = (digits * np.uint64(10 ** (shift // 8)) + (digits >> np.uint64(shift))) & np.uint64(mask)
    return digits


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
