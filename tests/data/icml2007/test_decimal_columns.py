"""Numbers in columns of one width, each what ``float`` makes of it."""

import numpy as np
import pytest

from sdae.data.icml2007.decimal_columns import decode_columns


def decoded(text: str, width: int) -> np.ndarray | None:
    return decode_columns(np.frombuffer(text.encode(), np.uint8), width)


@pytest.mark.parametrize("form", ["{:16.7e}", "{:12.5f}", "{:5.1f}"])
def test_every_number_is_what_float_makes_of_it(form: str) -> None:
    numbers = np.random.default_rng(0).uniform(10, 99, (40, 6))
    words = [[form.format(number) for number in row] for row in numbers]
    values = decoded("".join("".join(row) + "\n" for row in words), 6)
    assert values is not None
    np.testing.assert_array_equal(values, [[float(word) for word in row] for row in words])


@pytest.mark.parametrize("text", ["1.5 2.5\n1.5 25.\n", " 1 2\n 3 x\n", " 1 2\n 3 4 5\n", " 1 2\n 3 4"])
def test_text_in_another_layout_is_left_to_others(text: str) -> None:
    assert decoded(text, 2) is None
