import hashlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scipy.ndimage import affine_transform

from sdae.data import mnist
from sdae.data.generated.directions import directions
from sdae.data.generated.variations import SIDE, BgImg, BgImgRot, BgRand, Rot, Variation, in_front, turned
from sdae.data.mnist import Basic, deal_digits
from sdae.data.registry import Sizes
from sdae.errors import SdaeError

SIZES = Sizes(300, 100, 200)  # of 1,000 fake digits: 700 are left to train on
ALL = (Rot, BgRand, BgImg, BgImgRot)


@pytest.fixture(autouse=True)
def fake_digits(monkeypatch: pytest.MonkeyPatch) -> np.ndarray:
    """A thousand squares of noise for digits, none like another."""
    random = np.random.default_rng(0)
    grids = np.zeros((1000, SIDE, SIDE), dtype=np.uint8)
    grids[:, 6:22, 6:22] = random.integers(1, 256, (1000, 16, 16))
    x = grids.reshape(1000, -1)
    t = random.integers(0, 10, 1000).astype(np.uint8)
    monkeypatch.setattr(mnist, "digits", lambda root, fetch: (x[:900], t[:900], x[900:], t[900:]))
    for problem in (Basic, *ALL):
        monkeypatch.setattr(problem, "sizes", SIZES)
    return x


def random(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def plain(problem: Variation) -> Variation:
    """Take the variation out: what is left is the drawing of the digits."""
    problem.vary = lambda x, random: x  # type: ignore[method-assign]
    return problem


def test_directions_are_uniform_and_of_length_one() -> None:
    cosines, sines = directions(100_000, random())
    assert np.abs(cosines**2 + sines**2 - 1).max() < 1e-15
    counts, _ = np.histogram(np.arctan2(sines, cosines), bins=36, range=(-np.pi, np.pi))
    assert ((counts - 100_000 / 36) ** 2 / (100_000 / 36)).sum() < 85  # chi-squared of 35 degrees: p = 5e-6


def test_every_digit_is_dealt_once(fake_digits: np.ndarray, tmp_path: Path) -> None:
    dealt = deal_digits(tmp_path, 1, "rot", SIZES)
    assert [len(dealt[split][1]) for split in ("train", "valid", "test")] == [700, 100, 200]
    together = np.concatenate([x for x, _ in dealt.values()])
    assert (np.unique(together, axis=0) == np.unique(fake_digits, axis=0)).all()
    other = deal_digits(tmp_path, 2, "rot", SIZES)
    assert (other["test"][0] != dealt["test"][0]).any()


def test_a_variation_deals_as_basic_does(tmp_path: Path) -> None:
    basic = Basic(tmp_path, "generated", seed=4).generate()
    dealt = deal_digits(tmp_path, 4, "basic", SIZES)
    assert (basic.train_x == dealt["train"][0][:300]).all()
    assert (basic.test_t == dealt["test"][1]).all()
    arrays = plain(Rot(tmp_path, "generated", seed=4)).generate()
    dealt = deal_digits(tmp_path, 4, "rot", SIZES)
    assert (arrays.train_x == dealt["train"][0][:300]).all()
    assert (arrays.valid_x == dealt["valid"][0]).all()
    assert (arrays.test_t == dealt["test"][1]).all()


def test_basic_has_no_more_than_the_digits_there_are(tmp_path: Path) -> None:
    with pytest.raises(SdaeError, match="basic can have 700 training digits"):
        Basic(tmp_path, "generated", train_size=701).generate()


def test_more_than_the_digits_allow_begins_them_again(tmp_path: Path) -> None:
    x, t = plain(Rot(tmp_path, "generated")).draw(2500, "train")
    assert (x[700:1400] == x[:700]).all()
    assert (t[1400:2100] == t[:700]).all()
    x, _ = Rot(tmp_path, "generated").draw(2500, "train")
    assert (x[700:1400] != x[:700]).any(1).all()  # each with another angle


@pytest.mark.parametrize("problem", ALL)
def test_same_seed_same_bytes_and_a_larger_set_begins_with_the_smaller(
    problem: type[Variation], tmp_path: Path
) -> None:
    arrays = problem(tmp_path, "generated", seed=3).generate()
    again = problem(tmp_path, "generated", seed=3, train_size=1234).generate()
    assert arrays.train_x.dtype == np.uint8
    assert arrays.scale == 255
    assert (again.train_x[:300] == arrays.train_x).all()
    assert (again.train_t[:300] == arrays.train_t).all()
    assert (again.valid_x == arrays.valid_x).all()
    assert (again.test_x == arrays.test_x).all()
    other = problem(tmp_path, "generated", seed=4).generate()
    assert (other.test_x != arrays.test_x).any()


def test_generating_keeps_no_digits(tmp_path: Path) -> None:
    problem = Rot(tmp_path, "generated")
    problem.generate()
    assert "digits" not in vars(problem)


def test_quarter_turns_are_exact(fake_digits: np.ndarray) -> None:
    grids = fake_digits[:5].reshape(-1, SIDE, SIDE)
    for quarters, (cosine, sine) in enumerate(((1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0))):
        found = turned(fake_digits[:5], np.full(5, cosine), np.full(5, sine)).reshape(-1, SIDE, SIDE)
        assert (found == np.rot90(grids, quarters, (1, 2))).all() or (found == np.rot90(grids, -quarters, (1, 2))).all()


def test_turning_agrees_with_an_independent_bilinear_rotation() -> None:
    x = random(1).integers(0, 256, (20, SIDE * SIDE), dtype=np.uint8)
    cosines, sines = directions(20, random(2))
    found = turned(x, cosines, sines).reshape(-1, SIDE, SIDE)
    for image, cosine, sine, ours in zip(x.reshape(-1, SIDE, SIDE), cosines, sines, found, strict=True):
        matrix = np.array([[cosine, -sine], [sine, cosine]])
        middle = np.full(2, (SIDE - 1) / 2)
        padded = np.pad(image.astype(float), 1)  # SciPy cuts off at the outermost centres, not a pixel beyond
        offset = middle - matrix @ middle + 1
        expected = affine_transform(padded, matrix, offset, output_shape=(SIDE, SIDE), order=1)
        assert np.abs(expected - ours).max() <= 0.5 + 1e-9


def test_angles_are_uniform_and_recovered_from_the_images(tmp_path: Path) -> None:
    """A bright spot right of the middle ends up on a circle around it, anywhere as likely."""
    spot = np.zeros((4000, SIDE, SIDE), dtype=np.uint8)
    spot[:, 13:15, 21:23] = 255
    found = Rot(tmp_path).vary(spot.reshape(4000, -1), random(3)).reshape(-1, SIDE, SIDE).astype(float)
    rows, columns = (a.ravel() - (SIDE - 1) / 2 for a in np.mgrid[:SIDE, :SIDE])
    weights = found.reshape(4000, -1) / found.sum((1, 2))[:, None]
    down, right = (weights * rows).sum(1), (weights * columns).sum(1)
    assert np.abs(np.hypot(down, right) - 8).max() < 0.25
    counts, _ = np.histogram(np.arctan2(down, right), bins=24, range=(-np.pi, np.pi))
    assert ((counts - 4000 / 24) ** 2 / (4000 / 24)).sum() < 65  # chi-squared of 23 degrees: p = 1e-5


def test_noise_is_uniform_and_the_digit_stands_before_it(fake_digits: np.ndarray, tmp_path: Path) -> None:
    found = BgRand(tmp_path).vary(fake_digits, random(4))
    assert (found >= fake_digits).all()
    background = found[:, (fake_digits == 0).all(0)]
    counts = np.bincount(background.ravel(), minlength=256)
    expected = background.size / 256
    assert ((counts - expected) ** 2 / expected).sum() < 380  # chi-squared of 255 degrees: p = 5e-7
    assert abs(np.corrcoef(background[:, 0], background[:, 1])[0, 1]) < 0.15


def test_the_background_is_a_patch_of_a_photograph(fake_digits: np.ndarray, tmp_path: Path) -> None:
    """The user's one picture is 28 × 28, so that the patch is all of it."""
    picture = random(5).integers(0, 256, (SIDE, SIDE), dtype=np.uint8)
    Image.fromarray(picture).save(tmp_path / "a.png")
    found = BgImg(tmp_path, images=tmp_path).vary(fake_digits, random())
    assert (found == in_front(fake_digits, picture.ravel())).all()
    found = BgImgRot(tmp_path, images=tmp_path).vary(fake_digits, random(6))
    expected = in_front(turned(fake_digits, *directions(len(fake_digits), random(6))), picture.ravel())
    assert (found == expected).all()


def test_backgrounds_vary_enough(tmp_path: Path) -> None:
    empty = np.zeros((2000, SIDE * SIDE), dtype=np.uint8)
    assert BgImg(tmp_path).vary(empty, random()).astype(float).std(1).min() >= BgImg.least_deviation


def test_what_is_cached_depends_on_the_pictures(tmp_path: Path) -> None:
    Image.fromarray(random(7).integers(0, 256, (40, 40), dtype=np.uint8)).save(tmp_path / "a.png")
    root = tmp_path / "data"
    for images in (None, tmp_path):
        BgImg(root, "generated", images=images).prepare_data()
    assert len(list((root / "cache").glob("bg-img-generated-*.npz"))) == 2


@pytest.mark.parametrize(
    ("problem", "digest"),
    [
        (Rot, "2eb9d527fa31161e"),
        (BgRand, "c5793582e2468aad"),
        (BgImg, "1cd07048adbec2e6"),
        (BgImgRot, "c7ae3988aa1857b0"),
    ],
)
def test_the_bytes_are_the_same_on_every_machine(problem: type[Variation], digest: str, tmp_path: Path) -> None:
    arrays = problem(tmp_path, "generated").generate()
    assert hashlib.sha256(arrays.train_x.tobytes() + arrays.test_x.tobytes()).hexdigest()[:16] == digest
