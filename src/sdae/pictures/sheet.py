"""A sheet of examples with their labels, as in the paper's Figure 9."""

import math
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

from sdae.pictures.grey import black_and_white, grey_bytes
from sdae.pictures.tiles import enlarged, tiled

SCALE, GAP, TEXT = 3, 6, 12  # pixels on the sheet: of one pixel of an example, between examples, under each


def sheet(
    x: np.ndarray, names: Sequence[str] | None, shape: tuple[int, int], value_range: tuple[float, float]
) -> Image.Image:
    """Draw examples in rows, each with its class under it.

    Args:
        x: Examples, (n, d).
        names: The names of their classes, or None.
        shape: Height and width of an example, whose product is d.
        value_range: Minimum and maximum of the problem's components; see :func:`black_and_white`.

    Returns:
        A grey picture.
    """
    tiles = enlarged(grey_bytes(x, shape, black_and_white(x, value_range)), SCALE * min(shape))
    height, width = tiles.shape[1:]
    below = 0 if names is None else TEXT
    columns = math.ceil(math.sqrt(len(x)))
    labelled = np.pad(tiles, ((0, 0), (0, below), (0, 0)), constant_values=255)
    picture = Image.fromarray(tiled(labelled, columns, GAP, background=255))
    draw = ImageDraw.Draw(picture)
    for number, name in enumerate(names or ()):
        left, top = GAP + number % columns * (width + GAP), GAP + number // columns * (height + below + GAP)
        draw.text((left, top + height), name, fill=0)
    return picture
