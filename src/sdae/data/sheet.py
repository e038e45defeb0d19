"""A sheet of examples with their labels, as in the paper's Figure 9."""

import math
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from sdae.aside import write_aside

SCALE, GAP, TEXT = 3, 6, 12  # pixels on the sheet: of one pixel of an example, between examples, under each


def sheet(x: np.ndarray, t: np.ndarray | None, shape: tuple[int, int], value_range: tuple[float, float]) -> Image.Image:
    """Draw examples in rows, each with its class under it.

    Args:
        x: Examples, (n, d).
        t: Their classes, (n,), or None.
        shape: Height and width of an example, whose product is d.
        value_range: What is drawn black and white where it lies in [0, 1]; of other data, whose extremes are rare, it
            is the 1st and 99th percentile of ``x``.

    Returns:
        A grey picture.
    """
    low, high = value_range
    if low < 0 or high > 1:
        low, high = (float(p) for p in np.percentile(x, (1, 99)))
    grey = (np.clip((x - low) / max(high - low, 1e-12), 0, 1) * 255).round().astype(np.uint8).reshape(-1, *shape)
    columns = math.ceil(math.sqrt(len(x)))
    width, height = shape[1] * SCALE + GAP, shape[0] * SCALE + GAP + (TEXT if t is not None else 0)
    picture = Image.new("L", (columns * width + GAP, -(-len(x) // columns) * height + GAP), 255)
    draw = ImageDraw.Draw(picture)
    for number, example in enumerate(grey):
        left, top = GAP + number % columns * width, GAP + number // columns * height
        tile = Image.fromarray(example).resize((shape[1] * SCALE, shape[0] * SCALE), Image.Resampling.NEAREST)
        picture.paste(tile, (left, top))
        if t is not None:
            draw.text((left, top + tile.height), str(t[number]), fill=0)
    return picture


def write_picture(picture: Image.Image, path: Path) -> None:
    """Write a picture whole, in the format its name says.

    Raises:
        SdaeError: If its folder is missing or cannot be written.
    """
    format_ = Image.registered_extensions().get(path.suffix.lower(), "PNG")
    write_aside(path, lambda aside: picture.save(aside, format=format_))
