"""Captioned panels side by side."""

import numpy as np
from PIL import Image

from sdae.pictures.panels import A4, LINE, MARGIN, side_by_side, text_length


def test_a_panel_has_its_caption_under_it():
    page = np.asarray(side_by_side([Image.new("L", (100, 50), 128)], [["ν"]]))
    assert page.shape == (MARGIN + 50 + MARGIN // 2 + LINE + MARGIN, 100 + 2 * MARGIN)
    assert (page[MARGIN : MARGIN + 50, MARGIN : MARGIN + 100] == 128).all()
    assert (page[MARGIN + 50 + MARGIN // 2 :, :] < 100).any()


def test_a_long_caption_makes_room_and_many_panels_begin_a_new_row():
    line = "a caption that is longer than its picture"
    narrow = Image.new("L", (10, 10), 0)
    assert side_by_side([narrow], [[line]]).width == text_length(line) + 2 * MARGIN
    many = side_by_side([Image.new("L", (600, 10), 0)] * 4, [["c"]] * 4)
    assert many.width <= A4
    assert many.height == 2 * (10 + MARGIN // 2 + LINE + MARGIN) + MARGIN
