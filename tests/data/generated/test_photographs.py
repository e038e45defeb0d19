from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from sdae.data.generated.photographs import SIDE, Photographs, photographs, read_grey
from sdae.errors import SdaeError


@pytest.fixture(scope="module")
def shipped() -> Photographs:
    return photographs()


def random(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def noise(shape: tuple[int, ...], seed: int = 0) -> np.ndarray:
    return random(seed).integers(0, 256, shape, dtype=np.uint8)


def test_the_shipped_photographs_are_those_the_recipes_were_measured_with(shipped: Photographs) -> None:
    assert len(shipped.greys) == 15
    assert all(min(grey.shape) >= 300 and grey.dtype == np.uint8 for grey in shipped.greys)
    assert shipped.digest == "8e7810aa"


def test_the_digest_tells_pixels_and_shapes_apart() -> None:
    grey = noise((28, 56))
    other = grey.copy()
    other[3, 4] ^= 1
    digests = {Photographs((g,), "").digest for g in (grey, other, grey.reshape(56, 28))}
    assert len(digests) == 3


def test_patches_lie_in_the_photographs_uniformly() -> None:
    """Every pixel knows its place: a patch is a window, and windows are equally likely, at the borders too."""
    rows, columns = 40, 31
    places = np.add.outer(np.arange(rows) * 6, np.arange(columns)).astype(np.uint8)  # 6 · 12 + 3 differ
    cut = Photographs((places[:, :31],), "").cut(20_000, SIDE, random())
    window = np.add.outer(np.arange(SIDE) * 6, np.arange(SIDE)).ravel()
    first = cut[:, 0].astype(int)
    assert (cut == (first[:, None] + window) % 256).all()
    top, left = first // 6, first % 6
    counts = np.bincount(top * 4 + left, minlength=13 * 4)
    assert counts.size == 13 * 4
    expected = 20_000 / 52
    assert ((counts - expected) ** 2 / expected).sum() < 100  # chi-squared of 51 degrees: p = 5e-5


def test_any_photograph_is_as_likely_whatever_its_size() -> None:
    pictures = Photographs((np.zeros((28, 28), np.uint8), np.full((200, 300), 1, np.uint8)), "")
    assert abs(pictures.cut(10_000, SIDE, random())[:, 0].mean() - 0.5) < 0.02


def test_dull_patches_are_dropped(shipped: Photographs) -> None:
    for least in (5.0, 20.0):
        patches = shipped.patches(3000, least, random())
        assert patches.astype(float).std(1).min() >= least
    assert shipped.patches(3000, 0.0, random()).astype(float).std(1).min() < 5


def test_pictures_that_do_not_vary_are_refused_rather_than_cut_forever() -> None:
    with pytest.raises(SdaeError, match="somewhere: hardly a patch"):
        Photographs((np.full((30, 30), 7, np.uint8),), "somewhere").patches(3, 10.0, random())


def test_the_same_stream_cuts_the_same_patches(shipped: Photographs) -> None:
    assert (shipped.patches(50, 10.0, random(3)) == shipped.patches(50, 10.0, random(3))).all()
    assert (shipped.patches(50, 10.0, random(3)) != shipped.patches(50, 10.0, random(4))).any()


def test_colours_are_weighed_in_whole_numbers(tmp_path: Path) -> None:
    colours = noise((40, 50, 3))
    Image.fromarray(colours).save(tmp_path / "a.png")
    grey = read_grey(tmp_path / "a.png")
    assert np.abs(grey - colours @ np.array([0.299, 0.587, 0.114])).max() <= 0.51
    assert (grey == np.asarray(Image.fromarray(colours).convert("L"))).all()


def test_a_colour_jpeg_gives_its_luminance(tmp_path: Path) -> None:
    smooth = np.add.outer(np.arange(64) * 2, np.arange(48)).astype(np.uint8)
    Image.fromarray(np.stack([smooth, smooth // 2, 255 - smooth], 2)).save(tmp_path / "a.jpg", quality=95)
    grey = read_grey(tmp_path / "a.jpg")
    expected = 0.299 * smooth + 0.587 * (smooth // 2) + 0.114 * (255.0 - smooth)
    assert grey.shape == (64, 48)
    assert np.abs(grey - expected).mean() < 2


@pytest.mark.parametrize("mode", ["L", "LA", "RGBA", "P", "1", "CMYK"])
def test_every_kind_of_eight_bit_picture_is_read(tmp_path: Path, mode: str) -> None:
    path = tmp_path / ("a.tif" if mode == "CMYK" else "a.png")
    Image.fromarray(noise((30, 33, 3))).convert(mode).save(path)
    assert read_grey(path).shape == (30, 33)


def test_a_folder_is_read_in_the_order_of_names(tmp_path: Path) -> None:
    for seed, name in enumerate(("b.png", "a.png", "c.bmp")):
        Image.fromarray(noise((30, 30), seed)).save(tmp_path / name)
    (tmp_path / ".hidden").write_text("passed over")
    for folder in (tmp_path, str(tmp_path)):
        greys = photographs(folder).greys  # type: ignore[arg-type]
        assert [int(grey[0, 0]) for grey in greys] == [int(noise((30, 30), seed)[0, 0]) for seed in (1, 0, 2)]


def spoil_text(path: Path) -> None:
    path.write_text("no picture")


def spoil_truncated(path: Path) -> None:
    Image.fromarray(noise((200, 200))).save(path, format="PNG")
    path.write_bytes(path.read_bytes()[:5000])


def spoil_small(path: Path) -> None:
    Image.fromarray(noise((27, 90))).save(path, format="PNG")


def spoil_deep(path: Path) -> None:
    Image.fromarray(noise((60, 60)).astype(np.uint16) * 200).save(path, format="PNG")


@pytest.mark.parametrize("spoil", [spoil_text, spoil_truncated, spoil_small, spoil_deep])
def test_a_file_that_will_not_do_is_named_in_one_line(tmp_path: Path, spoil) -> None:  # type: ignore[no-untyped-def]
    Image.fromarray(noise((60, 60))).save(tmp_path / "good.png")
    spoil(tmp_path / "wrong.png")
    with pytest.raises(SdaeError, match="wrong.png: ") as caught:
        photographs(tmp_path)
    assert "\n" not in str(caught.value)


def test_a_folder_that_is_missing_or_empty_is_named(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(SdaeError, match=str(folder)):
            photographs(folder)
