"""Which numbers are grey levels, and fit in a byte."""

import numpy as np
import pytest

from sdae.data.own.grey_levels import SCALES, NotGrey, grey_levels

LEVELS = np.arange(256).reshape(8, 32)


@pytest.mark.parametrize("form", ["{:.6f}", "{:.7g}", "{:.7e}", "{:.17g}"])
@pytest.mark.parametrize("scale", SCALES)
def test_every_grey_level_is_known_however_it_was_written(scale: float, form: str) -> None:
    written = np.array([float(form.format(level / scale)) for level in LEVELS.flat]).reshape(LEVELS.shape)
    np.testing.assert_array_equal(grey_levels(written, scale), LEVELS)
    others = {1.0, 255.0, 256.0} - {scale}
    for other in others:
        with pytest.raises(NotGrey):
            grey_levels(written, other)


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("level", [-1, -0.5, 0.5, 0.01, 255.5, 256, 1e300, np.nan, np.inf])
def test_what_lies_between_or_beyond_is_none(scale: float, level: float) -> None:
    x = LEVELS / scale
    x[3, 4] = level / scale
    with pytest.raises(NotGrey):
        grey_levels(x, scale)


def test_a_small_number_is_not_black() -> None:
    with pytest.raises(NotGrey):
        grey_levels(np.array([[0.0, 0.001, 1.0]]), 1.0)
