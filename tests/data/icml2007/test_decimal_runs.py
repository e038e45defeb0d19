"""Numbers of any lengths, put together from their runs of digits to what ``float`` makes of each."""

import numpy as np
import pytest

from sdae.data.icml2007.decimal_runs import decode_runs


def decoded(text: str, width: int) -> np.ndarray | None:
    return decode_runs(np.frombuffer(text.encode(), np.uint8), width)


NUMBERS = (
    "0 7 10 12345678 123456789 123456789012345 0.5 10.25 0.123456789 1234567.12345678 0.00000000000001 007 "
    "-1 +2 -0.5 -0 5e-05 5E-05 5e05 5e+05 1.5e-05 -1.25e-10 1.5e22 -3e-22 0e0 12e3 123456789.5e10"
)


def test_every_number_is_what_float_makes_of_it_to_the_last_bit() -> None:
    words = NUMBERS.split()
    values = decoded(NUMBERS + "\n", len(words))
    assert values is not None
    expected = np.array([float(word) for word in words])
    np.testing.assert_array_equal(values[0], expected)
    np.testing.assert_array_equal(np.signbit(values[0]), np.signbit(expected))


def test_random_numbers_of_every_form_in_one_text() -> None:
    random = np.random.default_rng(0)
    forms = ["{:.0f}", "{:.3f}", "{:.7g}", "{:g}", "{:.12e}", "{:+.5E}"]
    numbers = random.standard_normal(6000) * 10.0 ** random.integers(-8, 8, 6000)
    words = [random.choice(forms).format(number) for number in numbers]
    text = "".join(word + random.choice([" ", "  ", "\t"]) + "\n" * (i % 60 == 59) for i, word in enumerate(words))
    values = decoded(text, 60)
    assert values is not None
    np.testing.assert_array_equal(values.ravel(), [float(word) for word in words])


@pytest.mark.parametrize(
    "word",
    ["1.2.3", "1..2", "1:5", "--1", "1-5", "1e", "1e+", "e5", "1e5.3", "1e2e3", "0x10", "1_0", "nan", "5x", "x5", "1 -"]
    + ["1 .e5", "- 1", "5.", ".5", "1.-5", "1e.5", "e-5", "1+e5"],
)
def test_what_is_no_number_or_written_in_another_way_is_left_to_others(word: str) -> None:
    for text in (f"{word} 1 2\n", f"1 {word} 2\n", f"1 2 {word}\n"):
        for width in (2, 3, 4):
            assert decoded(text, width) is None


@pytest.mark.parametrize("word", ["1234567890123456", "0.1234567890123456", "1e23", "1.5e-22", "1e999999999999999"])
def test_what_could_not_be_exact_is_left_to_others(word: str) -> None:
    assert decoded(f"1 {word} 2\n", 3) is None


def test_rows_have_the_width_they_must_have() -> None:
    assert decoded("1 2\n3 4\n", 2) is not None
    assert decoded("1 2\n\n3 4\n\n", 2) is not None
    for text in ("1 2 3\n4\n", "1\n2 3 4\n", "1 2 3 4\n", "", "\n"):
        assert decoded(text, 2) is None
