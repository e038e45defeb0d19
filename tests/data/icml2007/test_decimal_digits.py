"""Eight decimal digits at once."""

import numpy as np
import pytest

from sdae.data.icml2007.decimal_digits import POWERS, SPACE, integers, padded


@pytest.mark.parametrize("digits", ["00000000", "00000007", "12345678", "99999999", "10000000"])
def test_eight_digits_are_their_integer(digits):
    values = np.frombuffer(bytes(int(c) for c in digits), "<u8").copy()
    assert integers(values).tolist() == [int(digits)]


def test_text_gets_eight_spaces_before_it():
    text = padded(np.frombuffer(b"12", np.uint8))
    assert text.tolist() == [SPACE] * 8 + [ord("1"), ord("2")]


def test_the_powers_are_exact():
    assert [int(power) for power in POWERS] == [10**k for k in range(23)]
