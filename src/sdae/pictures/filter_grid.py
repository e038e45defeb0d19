"""Filters as pictures (section 5, Figures 5 to 8).

Every filter has a range of its own around zero, which is mid-grey.
"""

import math
from collections.abc import Sequence

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from sdae.tracking.panels import LINE, MARGIN, side_by_side, text_length, write_text

TILE, ZOOMED = 44, 110  # least pixels of a filter's shorter side in a panel, and where it is looked at closely
GAP = 2  # pixels between filters


def filter_grid(weight: Tensor, shape: tuple[int, int], most: int = 100, scale: int = 1, gap: int = 1) -> np.ndarray:
    """Tile the first filters into a grey image, as square as may be, in the order of the units.

    Args:
        weight: W, (d', d); row j is the filter of unit j.
        shape: Height and width of an input image, whose product is d.
        most: Greatest number of filters shown.
        scale: Pixels to one of a filter's.
        gap: Dark pixels between two filters, and around all.

    Returns:
        Bytes (height, width).
    """
    tiles = grey(weight[:most], shape).repeat(scale, axis=1).repeat(scale, axis=2)
    n, height, width = tiles.shape
    columns = math.ceil(math.sqrt(n))
    rows = math.ceil(n / columns)
    height, width = height + gap, width + gap
    image = np.zeros((rows * height + gap, columns * width + gap), dtype=np.uint8)
    for number, tile in enumerate(tiles):
        top, left = number // columns * height + gap, number % columns * width + gap
        image[top : top + height - gap, left : left + width - gap] = tile
    return image


def grey(weight: Tensor, shape: tuple[int, int]) -> np.ndarray:
    """Return filters (n, d) as grey bytes (n, height, width), each scaled by its own greatest magnitude."""
    filters = weight.detach().float().cpu()
    largest = filters.abs().amax(1, keepdim=True).clamp_min(torch.finfo(torch.float32).tiny)
    return ((filters / largest + 1) * 127.5).round().to(torch.uint8).view(-1, *shape).numpy()


def panels(weights: Sequence[Tensor], shape: tuple[int, int], captions: Sequence[Sequence[str]]) -> Image.Image:
    """Set one grid of filters for each run side by side, with the same units in the same places (Figure 8, a to c).

    Args:
        weights: The filters shown of each run, (n, d).
        shape: Height and width of an input image.
        captions: Lines under each panel; where there are several panels, a letter goes before the first.

    Returns:
        A grey picture, its panels in as many rows as they need.
    """
    scale = math.ceil(TILE / min(shape))
    grids = [Image.fromarray(filter_grid(weight, shape, len(weight), scale, GAP)) for weight in weights]
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
    scale = math.ceil(ZOOMED / min(shape))
    side = max(*(shape[1] * scale,), *(text_length(line) for lines in captions for line in lines))
    head = MARGIN + LINE * max(map(len, captions)) + MARGIN // 2
    edge = MARGIN + max(map(text_length, names)) + MARGIN
    tall, wide = shape[0] * scale + MARGIN // 2, side + MARGIN
    page = Image.new("L", (edge + len(weights) * wide, head + len(names) * tall + MARGIN // 2), 255)
    for column, (weight, lines) in enumerate(zip(weights, captions, strict=True)):
        left = edge + column * wide
        for k, line in enumerate(lines):
            write_text(page, line, left + side // 2, MARGIN + k * LINE, "ma")
        tiles = grey(weight, shape).repeat(scale, axis=1).repeat(scale, axis=2)
        for row, tile in enumerate(tiles):
            page.paste(Image.fromarray(tile), (left + (side - tile.shape[1]) // 2, head + row * tall))
    for row, name in enumerate(names):
        write_text(page, name, edge - MARGIN, head + row * tall + shape[0] * scale // 2, "rm")
    return page
