"""Small pictures of one size in rows and columns, and pictures written to files."""

import math
from pathlib import Path

import numpy as np
from PIL import Image

from sdae.files import write_aside


def enlarged(tiles: np.ndarray, scale: int) -> np.ndarray:
    """Return tiles (n, height, width) with ``scale`` pixels to a side of one."""
    return tiles.repeat(scale, axis=1).repeat(scale, axis=2)


def tiled(tiles: np.ndarray, columns: int | None = None, gap: int = 1, background: int = 0) -> np.ndarray:
    """Set tiles into one picture, row by row.

    Args:
        tiles: Grey bytes (n, height, width).
        columns: Tiles in a row; as many as make the picture as square as may be where None.
        gap: Pixels between two tiles, and around all.
        background: Grey level of the gaps, and of places without a tile.

    Returns:
        Grey bytes.
    """
    n, height, width = tiles.shape
    columns = columns or math.ceil(math.sqrt(n))
    height, width = height + gap, width + gap
    picture = np.full((math.ceil(n / columns) * height + gap, columns * width + gap), background, dtype=np.uint8)
    for number, tile in enumerate(tiles):
        top, left = number // columns * height + gap, number % columns * width + gap
        picture[top : top + height - gap, left : left + width - gap] = tile
    return picture


def write_picture(picture: Image.Image, path: Path) -> None:
    """Write a picture whole, in the format its name says.

    Raises:
        SdaeError: If its folder is missing or cannot be written.
    """
    format_ = Image.registered_extensions().get(path.suffix.lower(), "PNG")
    write_aside(path, lambda aside: picture.save(aside, format=format_))
