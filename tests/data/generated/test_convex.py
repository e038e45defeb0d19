import hashlib

import numpy as np
import pytest
from scipy.spatial import ConvexHull, QhullError

from sdae.data.generated.convex import PART, SIDE, WHOLE, Convex, geometric, half_planes, intersections, is_convex


@pytest.fixture(scope="module")
def drawn() -> tuple[np.ndarray, np.ndarray]:
    return Convex(seed=1).draw(6000, "test")


def brute_force(image: np.ndarray) -> bool:
    """Tell by Qhull's facets, in floating point, whether a black pixel lies in the hull of the white ones."""
    white = np.argwhere(image.reshape(SIDE, SIDE)).astype(float)
    black = np.argwhere(~image.reshape(SIDE, SIDE)).astype(float)
    try:
        facets = ConvexHull(white).equations
    except QhullError:  # all on one line, or fewer than three
        ends = white[[0, -1]]
        along = ends[1] - ends[0]
        across = black - ends[0]
        on_line = along[0] * across[:, 1] == along[1] * across[:, 0]
        reach = across @ along
        return not (on_line & (reach > 0) & (reach < along @ along)).any()
    return not (black @ facets[:, :2].T + facets[:, 2] <= 1e-9).all(1).any()


def test_convexity_agrees_with_brute_force_on_what_is_drawn(drawn: tuple[np.ndarray, np.ndarray]) -> None:
    x, t = drawn
    assert [brute_force(image) for image in x[:1500].astype(bool)] == list(t[:1500] == 1)


def test_convexity_agrees_with_brute_force_on_hard_cases() -> None:
    """Convex sets with one pixel flipped at their edge, thin slivers, and a few scattered pixels."""
    random = np.random.default_rng(0)
    points = np.full((600, 2), 13.5)
    flipped = intersections(points, WHOLE, random)
    for image in flipped:
        grid = image.reshape(SIDE, SIDE)
        near = grid ^ np.roll(grid, 1, 0) | grid ^ np.roll(grid, 1, 1)
        places = np.flatnonzero(near) if near.any() else np.arange(SIDE * SIDE)
        image[random.choice(places)] ^= True
    scattered = np.zeros((600, SIDE * SIDE), dtype=bool)
    for image in scattered:
        image[random.choice(SIDE * SIDE, random.integers(1, 5), replace=False)] = True
    lines = np.zeros((300, SIDE, SIDE), dtype=bool)
    for image in lines:
        (row, column), (down, right) = random.integers(0, 8, 2), random.integers(0, 3, 2)
        for k in range(random.integers(2, 7)):
            if random.random() < 0.8:
                image[row + k * down, column + k * right] = True
        image[row, column] = True
    cases = np.concatenate((flipped, scattered, lines.reshape(300, -1)))
    found = is_convex(cases)
    assert list(found) == [brute_force(image) for image in cases]
    assert 0.1 < found.mean() < 0.9


def test_classes_are_balanced_and_so_are_their_areas(drawn: tuple[np.ndarray, np.ndarray]) -> None:
    """The original test set's: 301.4 and 303.4 pixels, the smallest 20 and 18."""
    x, t = drawn
    area = x.sum(1, dtype=int)
    assert t.mean() == 0.5
    assert abs(area[t == 1].mean() - 301.4) < 15  # four standard errors of 3,000 images
    assert abs(area[t == 0].mean() - 303.4) < 15
    assert area[t == 1].min() >= 20
    assert area[t == 0].min() > 10


def test_a_set_contains_its_point_and_no_fewer_pixels_than_it_must() -> None:
    random = np.random.default_rng(2)
    points = random.integers(3, 25, (2000, 2))
    for kind in (WHOLE, PART):
        sets = intersections(points, kind, random)
        assert sets[np.arange(2000), points[:, 0] * SIDE + points[:, 1]].all()
        assert sets.sum(1).min() >= kind.fewest
        assert is_convex(sets).all()


def test_half_planes_face_their_point_from_every_side() -> None:
    planes = half_planes(np.full((40_000, 2), 13.5), np.random.default_rng(3)).reshape(-1, SIDE, SIDE)
    assert planes[:, 13:15, 13:15].any((1, 2)).all()
    corners = planes[:, [0, 0, -1, -1], [0, -1, 0, -1]].mean(0)
    assert np.ptp(corners) < 0.015  # no direction is preferred: the standard error is 0.0025
    sides = planes[:, [0, 13, 27, 13], [13, 0, 13, 27]].mean(0)
    assert np.ptp(sides) < 0.015


@pytest.mark.parametrize("p", [0.195, 0.07])
def test_numbers_of_half_planes_are_geometric(p: float) -> None:
    n = 50_000
    counts = np.bincount(geometric(n, p, np.random.default_rng(4)), minlength=16)[:16]
    expected = n * p * (1 - p) ** (np.arange(16) - 1.0)
    assert counts[0] == 0
    assert ((counts - expected) ** 2 / expected)[1:].sum() < 50  # chi-squared of 15 degrees: p = 1e-5


def test_a_larger_set_begins_with_the_smaller_one() -> None:
    x, t = Convex(seed=5).draw(300, "train")
    more_x, more_t = Convex(seed=5).draw(1100, "train")
    assert (x == more_x[:300]).all()
    assert (t == more_t[:300]).all()


def test_seeds_and_splits_differ_and_the_same_seed_repeats() -> None:
    one = Convex(seed=5).draw(200, "train")[0]
    assert (one == Convex(seed=5).draw(200, "train")[0]).all()
    assert (one != Convex(seed=6).draw(200, "train")[0]).any()
    assert (one != Convex(seed=5).draw(200, "valid")[0]).any()


def test_the_bytes_are_the_same_on_every_machine() -> None:
    x, t = Convex().draw(1000, "train")
    assert hashlib.sha256(x.tobytes() + t.tobytes()).hexdigest()[:16] == "8e1850ebde17d6ad"
