"""A sheet of examples with their labels, as in the paper's Figure 9."""

import math
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from sdae.files import write_aside

SCALE, GAP, TEXT = 3, 6, 12  # pixels on the sheet: of one pixel of an example, between examples, under each


def sheet(x: np.ndarray, t: np.ndarray | None, shape: tuple[int, int], value_range: tuple[float, float]) -> Image.Image:
    """Draw examples in rows, each with its class under it.

    Args:
        x: Examples, (n, d).
        t: Their classes, (n,), or None.
        shape: Height and width of an example, whose product is d.
        value_range: Minimum and maximum of the problem's components; see :func:`black_and_white`.

    Returns:
        A grey picture.
    """
    columns = math.ceil(math.sqrt(len(x)))
    width, height = shape[1] * SCALE + GAP, shape[0] * SCALE + GAP + (TEXT if t is not None else 0)
    picture = Image.new("L", (columns * width + GAP, -(-len(x) // columns) * height + GAP), 255)
    draw = ImageDraw.Draw(picture)
    for number, example in enumerate(grey(x, shape, black_and_white(x, value_range))):
        left, top = GAP + number % columns * width, GAP + number // columns * height
        tile = Image.fromarray(example).resize((shape[1] * SCALE, shape[0] * SCALE), Image.Resampling.NEAREST)
        picture.paste(tile, (left, top))
        if t is not None:
            draw.text((left, top + tile.height), str(t[number]), fill=0)
    return picture


def black_and_white(x: np.ndarray, value_range: tuple[float, float]) -> tuple[float, float]:
    """Return what is drawn black and what white.

    It is the range of the data where that lies in [0, 1]; of other data, whose extremes are rare, the 1st and 99th
    percentile of ``x``.
    """
    low, high = value_range
    return (float(np.percentile(x, 1)), float(np.percentile(x, 99))) if low < 0 or high > 1 else (low, high)


def grey(x: np.ndarray, shape: tuple[int, int], ends: tuple[float, float]) -> np.ndarray:
    """Return examples (n, d) as grey bytes (n, height, width), black at one end and white at the other."""
    low, high = ends
    return (np.clip((x - low) / max(high - low, 1e-12), 0, 1) * 255).round().astype(np.uint8).reshape(-1, *shape)


def write_picture(picture: Image.Image, path: Path) -> None:
    """Write a picture whole, in the format its name says.

    Raises:
        SdaeError: If its folder is missing or cannot be written.
    """
    format_ = Image.registered_extensions().get(path.suffix.lower(), "PNG")
    write_aside(path, lambda aside: picture.save(aside, format=format_))
