"""Filters as pictures (section 5, Figures 5 to 8).

Every filter has a range of its own around zero, which is mid-grey.
"""

from collections.abc import Sequence

import numpy as np
from PIL import Image
from torch import Tensor

from sdae.pictures.grey import around_zero, grey_bytes
from sdae.pictures.panels import LINE, MARGIN, draw_text, side_by_side, text_length
from sdae.pictures.tiles import enlarged, tiled

TILE, ZOOMED = 44, 110  # least pixels of a filter's shorter side in a panel, and where it is looked at closely
GAP = 2  # pixels between filters


def filter_grid(weight: Tensor, shape: tuple[int, int], most: int = 100, least: int = 1, gap: int = 1) -> np.ndarray:
    """Tile the first filters into a grey image, as square as may be, in the order of the units.

    Args:
        weight: W, (d', d); row j is the filter of unit j.
        shape: Height and width of an input image, whose product is d.
        most: Greatest number of filters shown.
        least: Least pixels of a filter's shorter side; a side over 400 is averaged.
        gap: Dark pixels between two filters, and around all.

    Returns:
        Bytes (height, width).
    """
    return tiled(enlarged(filter_tiles(weight[:most], shape), least), gap=gap)


def filter_tiles(weight: Tensor, shape: tuple[int, int]) -> np.ndarray:
    """Return filters (n, d) as grey bytes (n, height, width), each scaled by its own greatest magnitude."""
    rows = weight.detach().float().cpu().numpy()
    return grey_bytes(rows, shape, around_zero(rows))


def panels(weights: Sequence[Tensor], shape: tuple[int, int], captions: Sequence[Sequence[str]]) -> Image.Image:
    """Set one grid of filters for each run side by side, with the same units in the same places (Figure 8, a to c).

    Args:
        weights: The filters shown of each run, (n, d).
        shape: Height and width of an input image.
        captions: Lines under each panel; where there are several panels, a letter goes before the first.

    Returns:
        A grey picture, its panels in as many rows as they need.
    """
    grids = [Image.fromarray(filter_grid(weight, shape, len(weight), TILE, GAP)) for weight in weights]
    return side_by_side(grids, captions)


def zoom(
    weights: Sequence[Tensor], shape: tuple[int, int], names: Sequence[str], captions: Sequence[Sequence[str]]
) -> Image.Image:
    """Set a few units one below another, with a column for each run (Figure 8, d and e).

    Args:
        weights: The filters shown of each run, (n, d).
        shape: Height and width of an input image.
        names: Of the units, (n,), to the left of their rows.
        captions: Lines above each column.
    """
    height, width = enlarged(np.zeros((1, *shape), dtype=np.uint8), ZOOMED).shape[1:]
    side = max(width, *(text_length(line) for lines in captions for line in lines))
    head = MARGIN + LINE * max(map(len, captions)) + MARGIN // 2
    edge = MARGIN + max(map(text_length, names)) + MARGIN
    between = MARGIN // 2
    tall, wide = height + between, side + MARGIN
    page = Image.new("L", (edge + len(weights) * wide, head + len(names) * tall + between), 255)
    for column, (weight, lines) in enumerate(zip(weights, captions, strict=True)):
        left = edge + column * wide
        for k, line in enumerate(lines):
            draw_text(page, line, left + side // 2, MARGIN + k * LINE, "ma")
        column_of_tiles = Image.fromarray(tiled(enlarged(filter_tiles(weight, shape), ZOOMED), 1, between, 255))
        page.paste(column_of_tiles, (left + (side - width) // 2 - between, head - between))
    for row, name in enumerate(names):
        draw_text(page, name, edge - MARGIN, head + row * tall + height // 2, "rm")
    return page
