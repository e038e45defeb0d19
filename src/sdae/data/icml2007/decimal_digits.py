"""Decimal digits in text, eight to an integer: reading them one byte after another would be slow."""

import numpy as np

SPACE, NEWLINE, MINUS, PLUS, POINT = (ord(c) for c in " \n-+.")
MOST_DIGITS = 15  # of a number: as an integer it is below 2⁵³, and exact as a float
POWERS = 10.0 ** np.arange(23)  # exact too: an integer divided by, or times, one of them is what ``float`` makes of it
TENS = 10 ** np.arange(MOST_DIGITS + 1, dtype=np.uint64)


def padded(text: np.ndarray) -> np.ndarray:
    """Put eight spaces before the text, so that there are eight bytes before every place in it."""
    return np.concatenate((np.full(8, SPACE, np.uint8), text))


def integers(digits: np.ndarray) -> np.ndarray:
    """Make integers of eight digits each, in place.

    Args:
        digits: One digit's value in each byte of an unsigned 64-bit integer, the lowest the most significant, as text
            stands in memory.

    Returns:
        The same array.
    """
    for shift, mask in ((8, 0x00FF00FF00FF00FF), (16, 0x0000FFFF0000FFFF), (32, 0xFFFFFFFF)):
        # Of neighbours a and b, the first the more significant, make 10 a + b; then of pairs, then of fours.
        right = digits >> np.uint64(shift)
        digits *= TENS[shift // 8]
        digits += right
        digits &= np.uint64(mask)
    return digits
