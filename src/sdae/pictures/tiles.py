"""Small pictures of one size in rows and columns, and pictures written to files."""

import math
from pathlib import Path

import numpy as np
from PIL import Image

from sdae.files import write_aside

LONGEST = 400  # most pixels of a tile's side
THICK = 8  # least pixels of a tile's side, where the other is averaged


def enlarged(tiles: np.ndarray, least: int) -> np.ndarray:
    """Return tiles so large that their shorter side has ``least`` pixels at least, but their longer side 400 at most.

    Those that are longer are averaged, see :func:`averaged`, and their shorter side is made 8 pixels at least.

    Args:
        tiles: Grey bytes (n, height, width).
        least: Pixels wanted of the shorter side.

    Returns:
        Grey bytes, every pixel repeated equally often.
    """
    if max(tiles.shape[1:]) > LONGEST:
        tiles = averaged(tiles).round().astype(np.uint8)
        height, width = (max(1, math.ceil(THICK / side)) for side in tiles.shape[1:])
        return tiles.repeat(height, axis=1).repeat(width, axis=2)
    scale = max(1, min(math.ceil(least / min(tiles.shape[1:])), LONGEST // max(tiles.shape[1:])))
    return tiles.repeat(scale, axis=1).repeat(scale, axis=2)


def averaged(tiles: np.ndarray) -> np.ndarray:
    """Return tiles (n, height, width) with at most 400 pixels a side: longer ones are averaged over stretches."""
    for axis in (1, 2):
        if (side := tiles.shape[axis]) > LONGEST:
            edges = np.linspace(0, side, LONGEST + 1).astype(np.int64)
            sums = np.add.reduceat(tiles, edges[:-1], axis=axis, dtype=np.float64)
            tiles = sums / np.diff(edges).reshape([-1 if k == axis else 1 for k in range(3)])
    return tiles


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
