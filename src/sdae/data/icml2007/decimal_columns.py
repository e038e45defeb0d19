"""Decimal numbers that stand in columns of one width, as in the lab's files: ``   0.0000000e+00   1.0000000e+00``."""

import re
from collections.abc import Callable

import numpy as np

from sdae.data.icml2007.decimal_digits import MINUS, MOST_DIGITS, NEWLINE, PLUS, POWERS, TENS, integers, padded

LAYOUT = re.compile(rb" *(?P<minus>-?)(?P<whole>\d+)(\.(?P<fraction>\d*))?([eE](?P<sign>[-+])(?P<exponent>\d\d))?")


def decode_columns(text: np.ndarray, width: int) -> np.ndarray | None:
    """Decode rows of ``width`` numbers, if all are written as the first one is: the same bytes but for the digits.

    Args:
        text: Whole lines, bytes.
        width: Numbers per row.

    Returns:
        (rows, width), float64: each what ``float`` makes of it. None where the text is not like that.
    """
    row = int((text == NEWLINE).argmax()) + 1
    columns, rest = divmod(row - 1, width)
    if len(text) % row or rest or columns < 2 or not (text[row - 1 :: row] == NEWLINE).all():
        return None
    shape, strides, space = (len(text) // row, width), (row, columns), padded(text)

    def before(end: int) -> np.ndarray:
        # A view: the words lie at even distances.
        return np.ndarray(shape, "<u8", space, offset=end, strides=strides).ravel()

    decoded = _decode(before, text[:columns].tobytes())
    return None if decoded is None else decoded.reshape(shape)


def _decode(before: Callable[[int], np.ndarray], first: bytes) -> np.ndarray | None:
    """Decode words that are written as the first one is.

    Args:
        before: Returns of every word the eight bytes before one of its places, as an integer.
        first: The first word.
    """
    layout = LAYOUT.fullmatch(first)
    if layout is None:
        return None
    whole, fraction, exponent = (layout[name] or b"" for name in ("whole", "fraction", "exponent"))
    if len(whole + fraction) > MOST_DIGITS:
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
        value = value * TENS[n] + _integer(eights[end], n)
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
    return integers(digits & np.uint64(((1 << 8 * n) - 1) << 8 * (8 - n)))
