"""Captioned panels side by side on one page, as in the paper's figures."""

import math
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

MARGIN = 16  # pixels around a panel
LINE, TEXT = 20, 15  # pixels of a line of text, and of its letters
A4 = 1800  # pixels after which the next panel begins a new row, so that a picture can be printed


def side_by_side(pictures: Sequence[Image.Image], captions: Sequence[Sequence[str]]) -> Image.Image:
    """Set pictures of one size side by side.

    Args:
        pictures: The panels.
        captions: Lines under each panel; where there are several panels, a letter goes before the first.

    Returns:
        A grey picture, its panels in as many rows as they need.
    """
    if len(pictures) > 1:
        captions = [[f"({chr(97 + i % 26)}) {first}", *more] for i, (first, *more) in enumerate(captions)]
    width = max(*(panel.width for panel in pictures), *(text_length(line) for lines in captions for line in lines))
    height = pictures[0].height + MARGIN // 2 + LINE * max(map(len, captions))
    columns = min(len(pictures), max(1, (A4 - MARGIN) // (width + MARGIN)))
    rows = math.ceil(len(pictures) / columns)
    page = Image.new("L", (columns * (width + MARGIN) + MARGIN, rows * (height + MARGIN) + MARGIN), 255)
    for i, (panel, lines) in enumerate(zip(pictures, captions, strict=True)):
        left, top = MARGIN + i % columns * (width + MARGIN), MARGIN + i // columns * (height + MARGIN)
        page.paste(panel, (left + (width - panel.width) // 2, top))
        for k, line in enumerate(lines):
            draw_text(page, line, left + width // 2, top + panel.height + MARGIN // 2 + k * LINE, "ma")
    return page


def draw_text(page: Image.Image, text: str, x: int, y: int, anchor: str) -> None:
    """Write a line of text in black; Pillow's anchors say which of its points lies at (x, y)."""
    ImageDraw.Draw(page).text((x, y), text, fill=0, font=_font(), anchor=anchor)


def text_length(text: str) -> int:
    """Return the pixels that a line of text takes."""
    return math.ceil(_font().getlength(text))


@cache
def _font() -> ImageFont.FreeTypeFont:
    """Return the font that matplotlib ships: Pillow's own has no Greek letters."""
    from matplotlib import get_data_path  # here, because every training run imports this module

    return ImageFont.truetype(str(Path(get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"), TEXT)
