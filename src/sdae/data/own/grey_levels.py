"""Grey levels: pixels of 0 to 255 that were divided by a number before they were written, and fit in a byte each."""

import numpy as np

SCALES = (1.0, 255.0, 256.0)  # 1 for pixels of 0 and 1
ROUNDING = 4e-6  # of what was divided and written: text of six decimals, or seven digits, has less


class NotGrey(ValueError):
    """Numbers that are no grey levels."""


def grey_levels(x: np.ndarray, scale: float) -> np.ndarray:
    """Return the grey levels of pixels, as bytes.

    Args:
        x: Grey levels divided by ``scale``.
        scale: One of SCALES.

    Raises:
        NotGrey: If a number is none.
    """
    exact = x if scale == 1 else x * scale
    with np.errstate(invalid="ignore"):  # what is NaN or beyond a byte becomes some byte, and is found out next
        levels = (exact + 0.5).astype(np.uint8)
    if not np.abs(exact - levels).max() <= ROUNDING * scale:
        raise NotGrey(f"no grey levels divided by {scale:g}")
    return levels
