"""Recovers grey levels of 0 to 255, a byte each, from files that hold them divided by a number."""

import numpy as np

SCALES = (1.0, 255.0, 256.0)  # 1 for pixels of 0 and 1
ROUNDING = 4e-6  # tolerance for the written quotient; six decimals or seven digits of text are more precise


class NotGrey(ValueError):
    """The numbers are not grey levels."""


def grey_levels(x: np.ndarray, scale: float) -> np.ndarray:
    """Return the grey levels of pixels, of the shape of ``x``, uint8.

    Args:
        x: Grey levels divided by ``scale``, any shape.
        scale: One of ``SCALES``.

    Raises:
        NotGrey: If a number is not a grey level.
    """
    exact = x if scale == 1 else x * scale
    with np.errstate(invalid="ignore"):  # NaN and numbers that a byte cannot hold fail the comparison below
        levels = (exact + 0.5).astype(np.uint8)
    if not np.abs(exact - levels).max() <= ROUNDING * scale:
        raise NotGrey(f"not grey levels divided by {scale:g}")
    return levels
