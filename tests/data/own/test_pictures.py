"""Pictures are read as a person sees them."""

import numpy as np
import pytest
from PIL import Image

from sdae.data.own.pictures import grey
from sdae.errors import SdaeError

INK = np.zeros((4, 6), dtype=np.uint8)
INK[1, 2:5] = 255  # opaque where there is ink


def drawn(mode):
    """A black stroke on a transparent ground: every pixel is black, and only some are seen."""
    black = Image.new("L", (6, 4), 0)
    both = Image.merge("LA", (black, Image.fromarray(INK)))
    if mode == "P":
        return both.convert("RGBA").convert("P", palette=Image.Palette.ADAPTIVE)
    return both.convert(mode)


@pytest.mark.parametrize("mode", ["LA", "RGBA", "PA"])
def test_what_is_transparent_is_white(tmp_path, mode):
    image = drawn("LA" if mode == "PA" else mode)
    image.save(tmp_path / "stroke.png")
    assert np.array_equal(grey(tmp_path / "stroke.png"), 255 - INK)


def test_a_palettes_transparent_colour_is_white(tmp_path):
    image = Image.new("P", (6, 4), 0)
    image.putpalette([0, 0, 0, 0, 0, 0])
    image.paste(1, (2, 1, 5, 2))
    for name in ("stroke.gif", "stroke.png"):
        image.save(tmp_path / name, transparency=0)
        assert np.array_equal(grey(tmp_path / name), 255 - INK), name


def test_half_transparent_ink_is_grey(tmp_path):
    Image.merge("LA", (Image.new("L", (6, 4), 0), Image.new("L", (6, 4), 128))).save(tmp_path / "haze.png")
    assert abs(int(grey(tmp_path / "haze.png")[0, 0]) - 127) <= 1


def test_white_on_transparent_is_refused_by_name(tmp_path):
    Image.merge("LA", (Image.new("L", (6, 4), 255), Image.fromarray(INK))).save(tmp_path / "ghost.png")
    with pytest.raises(SdaeError, match=r"ghost.png: is white on a transparent background"):
        grey(tmp_path / "ghost.png")


def test_a_photograph_is_turned_as_the_camera_says(tmp_path):
    image = Image.fromarray(INK)
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise by a quarter
    image.save(tmp_path / "turned.png", exif=exif)
    assert np.array_equal(grey(tmp_path / "turned.png"), np.rot90(INK, -1))
