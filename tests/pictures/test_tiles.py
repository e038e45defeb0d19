"""Tiles in rows and columns."""

import numpy as np
from PIL import Image

from sdae.pictures.tiles import LONGEST, averaged, enlarged, tiled, write_picture


def test_every_tile_is_in_its_place():
    tiles = np.arange(1, 6, dtype=np.uint8)[:, None, None].repeat(2, 1).repeat(3, 2)
    page = tiled(tiles, columns=2, gap=1, background=9)
    assert page.shape == (3 * 3 + 1, 2 * 4 + 1)
    assert page[1::3, 1::4].tolist() == [[1, 2], [3, 4], [5, 9]]
    assert (page[::3] == 9).all()
    assert tiled(tiles).shape == (2 * 3 + 1, 3 * 4 + 1)  # as square as may be


def test_a_pixel_becomes_a_square():
    assert enlarged(np.array([[[1, 2]]]), 2).tolist() == [[[1, 1, 2, 2], [1, 1, 2, 2]]]


def test_long_thin_tiles_are_bounded():
    """100 filters of 1 × 10,000 were a picture of 440,000 × 44 pixels each."""
    ramp = np.linspace(0, 255, 10_000).astype(np.uint8).reshape(1, 1, -1)
    drawn = enlarged(ramp, 44)
    assert drawn.shape == (1, 8, LONGEST)
    assert (np.diff(drawn[0, 0].astype(int)) >= 0).all()
    assert abs(float(drawn.mean()) - float(ramp.mean())) < 1
    assert max(enlarged(np.zeros((1, 2, 300), dtype=np.uint8), 110).shape) <= LONGEST
    assert averaged(np.ones((3, 28, 28))).shape == (3, 28, 28)
    np.testing.assert_allclose(averaged(np.arange(801.0).reshape(1, 801, 1)).mean(), 400, atol=0.5)


def test_a_picture_has_the_format_of_its_name(tmp_path):
    for name, format_ in (("a.png", "PNG"), ("a.jpg", "JPEG"), ("a.strange", "PNG")):
        write_picture(Image.new("L", (4, 4)), tmp_path / name)
        assert Image.open(tmp_path / name).format == format_
