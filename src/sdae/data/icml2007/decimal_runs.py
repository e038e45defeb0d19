"""Decimal numbers of any lengths: ``0 0.5 0.9960938 -3e-05``, by their runs of digits."""

from typing import NamedTuple

import numpy as np

from sdae.data.icml2007.decimal_digits import (
    MINUS,
    MOST_DIGITS,
    NEWLINE,
    PLUS,
    POINT,
    POWERS,
    SPACE,
    TENS,
    integers,
    padded,
)

LAST = np.array([(1 << 64) - (1 << 8 * (8 - n)) & 0x0F0F0F0F0F0F0F0F for n in range(9)], dtype=np.uint64)  # n of eight


class Parts(NamedTuple):
    """What each run of digits is; numbers of runs, but for the first.

    Attributes:
        opens: Whether it begins a number, for every run.
        minus: Those that begin a negative one.
        fraction: Those behind a point.
        exponent: Those behind an e.
        lowers: Whether a minus stands there, for each of the latter.
        marks: How many points, signs and e's that makes.
    """

    opens: np.ndarray
    minus: np.ndarray
    fraction: np.ndarray
    exponent: np.ndarray
    lowers: np.ndarray
    marks: int


def decode_runs(text: np.ndarray, width: int) -> np.ndarray | None:
    """Decode rows of ``width`` numbers.

    A run begins a number, or is the fraction or the exponent of the number that the run before it belongs to: the byte
    before it tells. The integers of all runs are made at once, then put together.

    Args:
        text: Whole lines, bytes.
        width: Numbers per row.

    Returns:
        (rows, width), float64: each what ``float`` makes of it. None where a row has another number of numbers, or one
        is written in another way, has more than fifteen digits, or takes a power of ten beyond 22.
    """
    space = padded(text)
    starts, ends = _runs(text)
    lengths = ends - starts
    if len(lengths) == 0 or lengths.max() > MOST_DIGITS:
        return None
    parts = _parts(space, starts, ends)
    if parts is None or np.count_nonzero(space > SPACE) != lengths.sum() + parts.marks:
        return None
    numbers = np.flatnonzero(parts.opens)
    runs_in_row = np.searchsorted(starts, np.flatnonzero(text == NEWLINE))
    in_row = np.diff(np.searchsorted(numbers, runs_in_row), prepend=0)
    if not ((in_row == width) | (in_row == 0)).all():  # an empty line is none
        return None
    values = _values(_integers(space, ends, lengths), lengths, parts)
    return None if values is None else values[numbers].reshape(-1, width)


def _runs(text: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the places of each run's first digit, and those behind its last one."""
    digit = np.zeros(len(text) + 1, dtype=bool)
    np.less(text - np.uint8(ord("0")), 10, out=digit[1:])  # what is below 0 wraps around
    edges = np.flatnonzero(digit[1:] != digit[:-1])  # the last byte is a newline, so that every run ends
    return edges[0::2], edges[1::2]


def _parts(space: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> Parts | None:
    """Tell what each run is, or return None where one is nothing of a number.

    Args:
        space: The text behind eight spaces.
        starts: Places in the text, of :func:`_runs`.
        ends: The same.
    """
    before = space[7:][starts]
    opens, point = before <= SPACE, before == POINT
    fraction, others = np.flatnonzero(point), np.flatnonzero(~(opens | point))
    minus = before[others] == MINUS
    signed = minus | (before[others] == PLUS)
    mark = np.where(signed, space[6:][starts[others]], before[others])  # what stands before the sign
    behind_e, number = (mark == ord("e")) | (mark == ord("E")), signed & (mark <= SPACE)
    opens[others[number]] = True
    exponent = others[behind_e]
    joined = np.concatenate((fraction, exponent))
    apart = np.concatenate((np.ones(len(fraction), dtype=int), 1 + signed[behind_e]))  # bytes between it and the last
    if not (
        (behind_e | number).all()
        and opens[:1].all()
        and (ends[joined - 1] + apart == starts[joined]).all()
        and opens[fraction - 1].all()
        and (opens | point)[exponent - 1].all()
    ):
        return None
    marks = int(apart.sum() + number.sum())
    return Parts(opens, others[number & minus], fraction, exponent, minus[behind_e], marks)


def _integers(space: np.ndarray, ends: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Return the integer that each run is, as float64, which is exact."""
    integer = (space[7:][ends] & 15).astype(np.float64)
    long = np.flatnonzero(lengths > 1)
    ends, lengths = ends[long], lengths[long]
    eight = np.ndarray(len(space) - 7, "<u8", space, strides=(1,))  # the eight bytes before every place in the text
    low = integers(eight[ends] & LAST[np.minimum(lengths, 8)])
    longer = np.flatnonzero(lengths > 8)
    low[longer] += TENS[8] * integers(eight[ends[longer] - 8] & LAST[lengths[longer] - 8])
    integer[long] = low.astype(np.float64)  # not left to the assignment, which is slower at it
    return integer


def _values(integer: np.ndarray, lengths: np.ndarray, parts: Parts) -> np.ndarray | None:
    """Return, at the run that begins it, the value of every number, or None where one is not exact in this way.

    Args:
        integer: Of each run; taken for the result.
        lengths: Of each run.
        parts: What each run is.
    """
    whole, places = parts.fraction - 1, lengths[parts.fraction]
    if (lengths[whole] + places > MOST_DIGITS).any():
        return None
    values, power = integer, POWERS[places]
    without_point = integer[whole] * power + integer[parts.fraction]
    values[whole] = without_point / power
    if len(parts.exponent):
        behind_point = ~parts.opens[parts.exponent - 1]
        number = parts.exponent - 1 - behind_point
        shift = np.where(parts.lowers, -1, 1) * integer[parts.exponent] - behind_point * lengths[parts.exponent - 1]
        if np.abs(shift).max() >= len(POWERS):
            return None
        up, down = (POWERS[np.maximum(s, 0).astype(int)] for s in (shift, -shift))
        values[whole] = without_point
        scaled = values[number] * up / down
        values[whole] = without_point / power
        values[number] = scaled
    values[parts.minus] *= -1
    return values
