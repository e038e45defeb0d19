"""convex: tell convex white regions from others (section 6.1)."""

from typing import NamedTuple

import numpy as np

from sdae.data.generated.directions import directions
from sdae.data.generated.endless import Endless
from sdae.data.registry import REGISTRY

SIDE = 28
FAR = 1_000  # the extent of a row without white pixels; 27 × FAR still fits in 16 bits

SPREAD = 0.4  # an image's point is uniform in a square around the middle, this much of the image's side
APART = 0.7  # the points of its parts are uniform in a square around that, this much of the side


class Kind(NamedTuple):
    """The distribution of a kind of convex set: geometric(p) half-planes, and a minimum number of pixels."""

    p: float
    fewest: int


WHOLE = Kind(0.195, 20)  # a convex image
PART = Kind(0.07, 11)  # one of the sets that a non-convex image unites


class Convex(Endless):
    """White regions on black; class 1 where the region is convex.

    A convex image is an intersection of half-planes. A non-convex one is a union of two to four such intersections
    that turned out not to be convex. The numbers are the lab's; its "less than 19" and "less than 10" pixels are read
    as 19 and 10 or less, because the smallest images of the original test set have 20 and 18.

    Where the half-planes lie is open. Taken as they come, through uniform places and facing uniform directions, they
    make white areas of 270 (convex) and 470 pixels (non-convex), which give the class away: an RBF SVM's error is then
    10.9 %, where the paper prints 19.13 %. The original areas are 301 and 303. So here each set contains a point of its
    own, which every half-plane faces. How far the points lie from the image's middle and from each other (SPREAD and
    APART) was chosen for the areas and the SVM's error to agree: they are 301 and 304 pixels and 19.5 %. With one point
    for all parts of an image the SVM is at 35 %, with independent points the areas are 293 and 315 pixels. See
    benchmarks/fingerprints.py.

    Which class is 1 in the original is not known.
    """

    name = "convex"
    sizes, n_classes = REGISTRY[name][:2]
    recipe = 1

    def block(self, split: str, number: int, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Draw as many convex as non-convex images, in random order."""
        half = self.block_size // 2
        convex = intersections(image_points(half, random), WHOLE, random)
        x = np.concatenate((non_convex_images(half, random), convex))
        t = np.repeat(np.array([0, 1], dtype=np.uint8), half)
        order = random.permutation(2 * half)
        return x[order].astype(np.uint8), t[order]


def image_points(n: int, random: np.random.Generator) -> np.ndarray:
    """Draw a point for each image: (n, 2), row and column."""
    return (SIDE - 1) / 2 + SPREAD * SIDE * (random.random((n, 2)) - 0.5)


def intersections(points: np.ndarray, kind: Kind, random: np.random.Generator) -> np.ndarray:
    """Draw convex sets of pixels, each an intersection of half-planes that contain its point: (n, 784), bool.

    A half-plane that would leave too few pixels is drawn again.
    """
    sets = np.ones((len(points), SIDE * SIDE), dtype=bool)
    missing = geometric(len(points), kind.p, random)
    while len(todo := np.flatnonzero(missing)):
        smaller = sets[todo] & half_planes(points[todo], random)
        enough = smaller.sum(1) >= kind.fewest
        sets[todo[enough]] = smaller[enough]
        missing[todo[enough]] -= 1
    return sets


def half_planes(points: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Draw a half-plane for each of some points, which it contains: (n, 784), bool.

    Its edge has a uniform direction and goes through a uniform place in the image.

    Args:
        points: Rows and columns, (n, 2).
        random: Generator of the draws.
    """
    n = len(points)
    down, right = directions(n, random)
    row, column = SIDE * random.random((2, n)) - 0.5
    behind = (points[:, 0] - row) * down + (points[:, 1] - column) * right < 0
    down, right = (np.where(behind, -a, a)[:, None] for a in (down, right))
    rows = columns = np.arange(SIDE)
    inward = ((rows - row[:, None]) * down)[:, :, None] + ((columns - column[:, None]) * right)[:, None, :]
    return (inward >= 0).reshape(n, -1)


def geometric(n: int, p: float, random: np.random.Generator) -> np.ndarray:
    """Draw from 1, 2, 3… with probabilities p (1 − p)^(k − 1), by products alone: the same on every machine."""
    more = np.cumprod(np.full(1000, 1 - p))  # the probability of more than k
    return 1 + np.searchsorted(-more, -random.random(n))


def non_convex_images(n: int, random: np.random.Generator) -> np.ndarray:
    """Draw unions of two to four convex sets that are not convex: (n, 784), bool."""
    images = np.empty((n, SIDE * SIDE), dtype=bool)
    n_parts = random.integers(2, 4, n, endpoint=True)
    todo = np.arange(n)
    while len(todo):
        image = np.repeat(np.arange(len(todo)), n_parts[todo])  # of each part
        points = image_points(len(todo), random)[image] + APART * SIDE * (random.random((len(image), 2)) - 0.5)
        parts = intersections(points.clip(-0.5, SIDE - 0.5), PART, random)
        images[todo] = np.logical_or.reduceat(parts, np.searchsorted(image, np.arange(len(todo))))
        todo = todo[is_convex(images[todo])]
    return images


def is_convex(images: np.ndarray) -> np.ndarray:
    """Tell whether no black pixel's centre lies in the convex hull of the white pixels' centres.

    Exact, in whole numbers. In every row the hull reaches as far as the chord between some row above and some row below
    does, or as the row's own outermost pixels; it may hold as many pixel centres as the row has white ones.

    Args:
        images: (n, 784), bool.

    Returns:
        (n,), bool.
    """
    white = images.reshape(-1, SIDE, SIDE)
    lit = white.any(2)
    left = np.where(lit, white.argmax(2), FAR).astype(np.int16).T
    right = np.where(lit, SIDE - 1 - white[:, :, ::-1].argmax(2), -FAR).astype(np.int16).T
    hull_left, hull_right = left.copy(), right.copy()
    for above in range(SIDE - 2):
        for below in range(above + 2, SIDE):
            gap = np.int16(below - above)
            down = np.arange(1, gap, dtype=np.int16)[:, None]
            between = slice(above + 1, below)
            chord = (right[above] * (gap - down) + right[below] * down) // gap
            np.maximum(hull_right[between], chord, out=hull_right[between])
            chord = -(-(left[above] * (gap - down) + left[below] * down) // gap)
            np.minimum(hull_left[between], chord, out=hull_left[between])
    in_hull = np.maximum(hull_right - hull_left + 1, 0).sum(0)
    return in_hull == white.sum((1, 2))
