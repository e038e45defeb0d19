"""A sheet of examples, as in Figure 9."""

import numpy as np

from sdae.pictures.sheet import GAP, SCALE, TEXT, sheet


def test_every_example_is_in_its_place_with_its_class_below():
    x = np.linspace(0, 1, 5)[:, None].repeat(6, axis=1)
    page = np.asarray(sheet(x, list("01234"), (2, 3), (0.0, 1.0)))
    height, width = 2 * SCALE + TEXT + GAP, 3 * SCALE + GAP
    assert page.shape == (2 * height + GAP, 3 * width + GAP)
    for number, level in enumerate((0, 64, 128, 191, 255)):
        top, left = GAP + number // 3 * height, GAP + number % 3 * width
        assert (page[top : top + 2 * SCALE, left : left + 3 * SCALE] == level).all()
        assert (page[top + 2 * SCALE : top + height - GAP, left : left + width] < 255).any()
    assert (page[:GAP] == 255).all()


def test_without_classes_there_is_no_room_for_them():
    assert np.asarray(sheet(np.zeros((1, 6)), None, (2, 3), (0.0, 1.0))).shape == (
        2 * SCALE + 2 * GAP,
        3 * SCALE + 2 * GAP,
    )
