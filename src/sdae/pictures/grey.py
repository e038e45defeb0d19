"""Numbers as grey levels."""

import numpy as np

NARROWEST = 1e-12  # range that is stretched from black to white


def grey_bytes(
    x: np.ndarray, shape: tuple[int, int], ends: tuple[float | np.ndarray, float | np.ndarray]
) -> np.ndarray:
    """Return examples (n, d) as grey bytes (n, height, width).

    Args:
        x: The examples.
        shape: Height and width, whose product is d.
        ends: The values of black and white: numbers for all examples, or arrays (n, 1), a range for each.
    """
    low, high = ends
    levels = np.clip((x - low) / np.maximum(high - low, NARROWEST), 0, 1) * 255
    return levels.round().astype(np.uint8).reshape(-1, *shape)


def black_and_white(x: np.ndarray, value_range: tuple[float, float]) -> tuple[float, float]:
    """Return the values that are drawn black and white.

    It is the range of the data where that lies in [0, 1]; of other data, whose extremes are rare, the 1st and 99th
    percentile of ``x``.
    """
    low, high = value_range
    return (float(np.percentile(x, 1)), float(np.percentile(x, 99))) if low < 0 or high > 1 else (low, high)


def around_zero(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return black and white for each example (n, d), minus and plus its greatest magnitude: zero is mid-grey."""
    largest = np.maximum(np.abs(x).max(1, keepdims=True), NARROWEST)
    return -largest, largest
