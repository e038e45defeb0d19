"""Filters as pictures (section 5, Figures 5 to 8).

Every filter has a range of its own around zero, which is mid-grey.
"""

import math
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFont
from torch import Tensor

TILE, ZOOMED = 44, 110  # least pixels of a filter's shorter side in a panel, and where it is looked at closely
GAP, MARGIN = 2, 16  # pixels between filters, and around a panel
LINE, TEXT = 20, 15  # pixels of a line of text, and of its letters
A4 = 1800  # pixels after which the next panel begins a new row, so that a picture can be printed


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
    if len(grids) > 1:
        captions = [[f"({chr(97 + i % 26)}) {first}", *more] for i, (first, *more) in enumerate(captions)]
    width = max(*(grid.width for grid in grids), *(_length(line) for lines in captions for line in lines))
    height = grids[0].height + MARGIN // 2 + LINE * max(map(len, captions))
    columns = min(len(grids), max(1, (A4 - MARGIN) // (width + MARGIN)))
    rows = math.ceil(len(grids) / columns)
    page = Image.new("L", (columns * (width + MARGIN) + MARGIN, rows * (height + MARGIN) + MARGIN), 255)
    for i, (grid, lines) in enumerate(zip(grids, captions, strict=True)):
        left, top = MARGIN + i % columns * (width + MARGIN), MARGIN + i // columns * (height + MARGIN)
        page.paste(grid, (left + (width - grid.width) // 2, top))
        for k, line in enumerate(lines):
            _write(page, line, left + width // 2, top + grid.height + MARGIN // 2 + k * LINE, "ma")
    return page


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
    side = max(*(shape[1] * scale,), *(_length(line) for lines in captions for line in lines))
    head = MARGIN + LINE * max(map(len, captions)) + MARGIN // 2
    edge = MARGIN + max(map(_length, names)) + MARGIN
    tall, wide = shape[0] * scale + MARGIN // 2, side + MARGIN
    page = Image.new("L", (edge + len(weights) * wide, head + len(names) * tall + MARGIN // 2), 255)
    for column, (weight, lines) in enumerate(zip(weights, captions, strict=True)):
        left = edge + column * wide
        for k, line in enumerate(lines):
            _write(page, line, left + side // 2, MARGIN + k * LINE, "ma")
        tiles = grey(weight, shape).repeat(scale, axis=1).repeat(scale, axis=2)
        for row, tile in enumerate(tiles):
            page.paste(Image.fromarray(tile), (left + (side - tile.shape[1]) // 2, head + row * tall))
    for row, name in enumerate(names):
        _write(page, name, edge - MARGIN, head + row * tall + shape[0] * scale // 2, "rm")
    return page


def _write(page: Image.Image, text: str, x: int, y: int, anchor: str) -> None:
    ImageDraw.Draw(page).text((x, y), text, fill=0, font=_font(), anchor=anchor)


@cache
def _font() -> ImageFont.FreeTypeFont:
    """Return the font that matplotlib ships: Pillow's own has no Greek letters."""
    from matplotlib import get_data_path  # here, because every training run imports this module

    return ImageFont.truetype(str(Path(get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"), TEXT)


def _length(text: str) -> int:
    return math.ceil(_font().getlength(text))
