"""Other readings of the recipes, where the sources leave them open: what fingerprints.py sets beside the defaults."""

from unittest.mock import patch

import numpy as np

from sdae.data import BgImg, BgImgRot, BgRand, Convex, Problem, RectImg, Rot
from sdae.data.cache import Arrays
from sdae.data.generated.convex import Kind, geometric, half_planes
from sdae.data.generated.directions import directions
from sdae.data.generated.rectangles import draw_boxes, insides
from sdae.data.generated.variations import SIDE, turned


class Uncached(Problem):
    """A variant, which is generated every time rather than kept in the data folder."""

    def _generated(self) -> Arrays:
        return self.generate()


def digit_over(digits: np.ndarray, background: np.ndarray) -> np.ndarray:
    """Show the digit wherever it is not black, however dark; the default shows the brighter of the two."""
    return np.where(digits > 0, digits, background)


class NearestRot(Uncached, Rot):
    """Angles in whole steps of pixels: nearest neighbour instead of bilinear."""

    def vary(self, x: np.ndarray, random: np.random.Generator) -> np.ndarray:
        """Turn each digit."""
        cosines, sines = directions(len(x), random)
        middle = (SIDE - 1) / 2
        down, right = (a.ravel() - middle for a in np.mgrid[:SIDE, :SIDE])
        row = np.rint(cosines[:, None] * down - sines[:, None] * right + middle).astype(np.int64)
        column = np.rint(sines[:, None] * down + cosines[:, None] * right + middle).astype(np.int64)
        inside = (row >= 0) & (row < SIDE) & (column >= 0) & (column < SIDE)
        return np.where(inside, np.take_along_axis(x, np.where(inside, row * SIDE + column, 0), 1), 0)


class BgRandOver(Uncached, BgRand):
    """The digit over the noise."""

    def vary(self, x: np.ndarray, random: np.random.Generator) -> np.ndarray:
        """Put noise behind each digit."""
        return digit_over(x, random.integers(0, 256, x.shape, dtype=np.uint8))


class BgImgOver(Uncached, BgImg):
    """The digit over the patch."""

    def vary(self, x: np.ndarray, random: np.random.Generator) -> np.ndarray:
        """Put a patch behind each digit."""
        return digit_over(x, self.patches(len(x), random))


class BgImgRotOver(Uncached, BgImgRot):
    """The turned digit over the patch."""

    def vary(self, x: np.ndarray, random: np.random.Generator) -> np.ndarray:
        """Turn each digit, then put a patch behind it."""
        return digit_over(turned(x, *directions(len(x), random)), self.patches(len(x), random))


class RectImgAnySize(Uncached, RectImg):
    """The sides of rect, at least 4 and differing by 3, without a bound on the area."""

    def block(self, split: str, number: int, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Draw filled rectangles."""
        boxes = draw_boxes(self.block_size, 4, random, lambda height, width: np.abs(height - width) >= 3)
        front, back = (self.patches(self.block_size, random) for _ in range(2))
        return np.where(insides(boxes), front, back), boxes.tall


class ConvexAsTheyCome(Uncached, Convex):
    """Half-planes that face any way; a set with too few pixels is drawn again, its number of half-planes too."""

    def generate(self) -> Arrays:
        """Draw every split with other intersections."""
        with patch("sdae.data.generated.convex.intersections", _as_they_come):
            return super().generate()


class ConvexOnePoint(Uncached, Convex):
    """All parts of a non-convex image contain one point."""

    def generate(self) -> Arrays:
        """Draw every split with the parts' points together."""
        with patch("sdae.data.generated.convex.APART", 0.0):
            return super().generate()


def _as_they_come(points: np.ndarray, kind: Kind, random: np.random.Generator) -> np.ndarray:
    sets = np.empty((len(points), SIDE * SIDE), dtype=bool)
    todo = np.arange(len(points))
    while len(todo):
        drawn = np.ones((len(todo), SIDE * SIDE), dtype=bool)
        missing = geometric(len(todo), kind.p, random)
        while len(cut := np.flatnonzero(missing)):
            either = half_planes(points[todo[cut]], random) ^ (random.random(len(cut)) < 0.5)[:, None]
            drawn[cut] &= either
            missing[cut] -= 1
            missing[cut[drawn[cut].sum(1) < kind.fewest]] = 0
        sets[todo] = drawn
        todo = todo[drawn.sum(1) < kind.fewest]
    return sets


def _deviating(base: type[Problem], least: float) -> type[Problem]:
    """Return a problem that drops patches whose grey levels deviate less than this."""
    return type(f"{base.__name__}{least:g}", (base,), {"least_deviation": least, "_generated": Uncached._generated})


# By problem and name of the variant; "over 10" drops patches with a standard deviation under 10, of 0 to 255.
VARIANTS: dict[str, dict[str, type[Problem]]] = {
    "rot": {"nearest": NearestRot},
    "bg-rand": {"over": BgRandOver},
    "bg-img": {
        "maximum 10": _deviating(BgImg, 10),
        "maximum 30": _deviating(BgImg, 30),
        "over 10": _deviating(BgImgOver, 10),
        "over 50": BgImgOver,
    },
    "bg-img-rot": {"maximum 10": _deviating(BgImgRot, 10), "over 50": BgImgRotOver},
    "rect-img": {"deviation 10": _deviating(RectImg, 10), "any size": RectImgAnySize},
    "convex": {"as they come": ConvexAsTheyCome, "one point": ConvexOnePoint},
}
