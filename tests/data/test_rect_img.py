import hashlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from sdae.data.generated.photographs import Photographs
from sdae.data.generated.rectangles import SIDE, Boxes, RectImg, draw_boxes, insides, outlines
from sdae.errors import SdaeError


@pytest.fixture(scope="module")
def boxes() -> Boxes:
    return draw_boxes(20_000, 10, np.random.default_rng(0), RectImg.allowed)


def test_sides_and_areas_are_as_recalled(boxes: Boxes) -> None:
    area = boxes.height * boxes.width / SIDE**2
    assert boxes.height.min() == boxes.width.min() == 10
    assert boxes.height.max() == boxes.width.max() == 28
    assert np.abs(boxes.height - boxes.width).min() == 5
    assert 0.25 <= area.min() < 0.27
    assert 0.73 < area.max() <= 0.75
    assert abs(boxes.tall.mean() - 0.5) < 0.02


def test_sides_are_uniform_where_they_are_allowed(boxes: Boxes) -> None:
    height, width = np.mgrid[10:29, 10:29]
    possible = RectImg.allowed(height, width)
    counts = np.zeros((29, 29))
    np.add.at(counts, (boxes.height, boxes.width), 1)
    counts = counts[10:, 10:]
    assert counts[~possible].sum() == 0
    expected = len(boxes.height) / possible.sum()
    chi_squared = ((counts[possible] - expected) ** 2 / expected).sum()
    degrees = possible.sum() - 1
    assert abs(chi_squared - degrees) < 5 * np.sqrt(2 * degrees)


def test_places_are_uniform_where_the_rectangle_fits(boxes: Boxes) -> None:
    for first, side in ((boxes.top, boxes.height), (boxes.left, boxes.width)):
        assert (first >= 0).all()
        assert (first + side <= SIDE).all()
        room = SIDE - side
        share = (first[room > 0] + 0.5) / (room[room > 0] + 1)
        assert abs(share.mean() - 0.5) < 0.01
        assert abs(((first == 0) - 1 / (room + 1)).mean()) < 0.01


def test_insides_and_outlines_are_filled_and_one_pixel_wide(boxes: Boxes) -> None:
    some = Boxes(*(a[:50] for a in boxes))
    for k, (inside, edge) in enumerate(zip(insides(some), outlines(some), strict=True)):
        height, width, top, left = (int(a[k]) for a in some)
        expected = np.zeros((SIDE, SIDE), dtype=bool)
        expected[top : top + height, left : left + width] = True
        assert (inside.reshape(SIDE, SIDE) == expected).all()
        expected[top + 1 : top + height - 1, left + 1 : left + width - 1] = False
        assert (edge.reshape(SIDE, SIDE) == expected).all()


def test_the_inside_is_one_patch_and_the_outside_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """With patches of one grey each, an image shows a filled rectangle of one on the other."""

    def plain(self: RectImg, n: int, random: np.random.Generator) -> np.ndarray:
        return np.broadcast_to(random.integers(0, 2**16, (n, 1)) % 251, (n, SIDE * SIDE)).astype(np.uint8)

    monkeypatch.setattr(RectImg, "patches", plain)
    x, t = RectImg(seed=1).draw(500, "train")
    for image, tall in zip(x.reshape(-1, SIDE, SIDE), t, strict=True):
        greys = np.unique(image)
        if len(greys) == 1:  # both patches happened to be of the same grey
            continue
        assert len(greys) == 2
        ok = []
        for grey in greys:
            rows, columns = (np.flatnonzero((image == grey).any(axis)) for axis in (1, 0))
            full = (image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] == grey).all()
            ok.append(
                full
                and RectImg.allowed(np.array(len(rows)), np.array(len(columns)))
                and tall == (len(rows) > len(columns))
            )
        assert any(ok)


def test_same_seed_same_bytes_and_a_larger_set_begins_with_the_smaller() -> None:
    x, t = RectImg(seed=2).draw(200, "train")
    more_x, more_t = RectImg(seed=2).draw(1200, "train")
    assert (x == more_x[:200]).all()
    assert (t == more_t[:200]).all()
    assert (x != RectImg(seed=3).draw(200, "train")[0]).any()
    assert (x != RectImg(seed=2).draw(200, "valid")[0]).any()


def test_the_users_pictures_are_used_and_told_apart(tmp_path: Path) -> None:
    picture = np.random.default_rng(0).choice(np.array([60, 200], dtype=np.uint8), (64, 80))
    Image.fromarray(picture).save(tmp_path / "a.png")
    problem = RectImg(images=tmp_path)
    assert problem.source == "generated"
    x, _ = problem.draw(100, "train")
    assert set(np.unique(x)) == {60, 200}
    assert problem.ingredients == f"-photographs{Photographs((picture,), '').digest}"
    assert problem.ingredients != RectImg().ingredients


def test_the_original_has_no_other_pictures(tmp_path: Path) -> None:
    with pytest.raises(SdaeError, match="data.images"):
        RectImg(images=tmp_path, source="original")


def test_the_bytes_are_the_same_on_every_machine() -> None:
    x, t = RectImg().draw(1000, "train")
    assert hashlib.sha256(x.tobytes() + t.tobytes()).hexdigest()[:16] == "069fcd69ae3912e7"
