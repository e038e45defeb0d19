"""Grey photographs, and patches cut from them at random: the backgrounds of bg-img, bg-img-rot and rect-img."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from PIL import Image

from sdae.data.problem import Problem
from sdae.errors import SdaeError

SIDE = 28  # of a patch, and the least of a photograph

# Real scenes and textures out of the two packages' wheels, which pip has already put on this machine; their drawings,
# scanned pages, microscopy and second views of one scene are left out.
SHIPPED = {
    "sklearn.datasets": "images/china.jpg images/flower.jpg",
    "skimage.data": "astronaut.png brick.png camera.png chelsea.png coffee.png coins.png grass.png gravel.png "
    "hubble_deep_field.jpg moon.png motorcycle_left.png retina.jpg rocket.jpg",
}


@dataclass(frozen=True)
class Photographs:
    """Grey pictures of any sizes.

    Attributes:
        greys: Each (height, width); bytes, unless they were whitened.
        place: Their source, for messages.
    """

    greys: tuple[np.ndarray, ...]
    place: str

    @property
    def digest(self) -> str:
        """Hash of every pixel, eight hexadecimal digits: it tells one collection from another."""
        digest = hashlib.sha256()
        for grey in self.greys:
            digest.update(repr(grey.shape).encode() + grey.tobytes())
        return digest.hexdigest()[:8]

    def patches(self, n: int, least_deviation: float, random: np.random.Generator) -> np.ndarray:
        """Cut patches of 28 × 28 at random: any photograph, then any place in it, each as likely.

        Patches of low variance are drawn again, photograph and place.

        Args:
            n: Number of patches.
            least_deviation: The least standard deviation of a patch's grey levels, of 0 to 255.
            random: Generator of the draws.

        Returns:
            Patches (n, 784), bytes.

        Raises:
            SdaeError: If hardly a patch varies that much.
        """
        patches = np.empty((n, SIDE * SIDE), dtype=np.uint8)
        todo = np.arange(n)
        for _ in range(1000):
            patches[todo] = self.cut(len(todo), SIDE, random)
            todo = todo[_variance(patches[todo]) < least_deviation**2]
            if not len(todo):
                return patches
        raise SdaeError(
            f"{self.place}: hardly a patch of the pictures varies enough (standard deviation {least_deviation:g} of "
            "255); give others as data.images"
        )

    def cut(self, n: int, side: int, random: np.random.Generator) -> np.ndarray:
        """Cut squares of ``side`` pixels at random: any picture, then any place in it; (n, side²)."""
        heights, widths = np.array([grey.shape for grey in self.greys]).T
        starts = np.cumsum(heights * widths) - heights * widths
        which = random.integers(0, len(self.greys), n)
        top = random.integers(0, heights[which] - side, endpoint=True)
        left = random.integers(0, widths[which] - side, endpoint=True)
        rows, columns = (a.ravel() for a in np.mgrid[:side, :side])
        first = starts[which] + top * widths[which] + left
        return self._pixels[first[:, None] + rows * widths[which][:, None] + columns]

    @cached_property
    def _pixels(self) -> np.ndarray:
        return np.concatenate([grey.ravel() for grey in self.greys])


def _variance(patches: np.ndarray) -> np.ndarray:
    """Return each row's variance: exact, because sums of whole numbers are."""
    d = patches.shape[1]
    total, squares = patches.sum(1, dtype=np.int64), np.square(patches, dtype=np.int64).sum(1)
    return (d * squares - total**2) / d**2


def photographs(folder: Path | None = None, without: Collection[str] = ()) -> Photographs:
    """Read every picture of a folder, in the order of their names, or those that scikit-learn and scikit-image ship.

    Args:
        folder: A folder of pictures and nothing else; hidden files are ignored.
        without: Names of shipped ones to leave out.

    Raises:
        SdaeError: If the folder holds none, or a file that is not a picture or is smaller than 28 × 28.
    """
    if folder is None:
        paths = [Path(str(files(package))) / name for package, names in SHIPPED.items() for name in names.split()]
        greys = tuple(read_grey(path) for path in paths if path.name not in without)
        return Photographs(greys, "the photographs of scikit-learn and scikit-image")
    folder = Path(folder).expanduser()
    if not folder.is_dir():
        raise SdaeError(f"data.images: {folder} is not a folder")
    paths = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    if not paths:
        raise SdaeError(f"data.images: {folder} holds no pictures")
    return Photographs(tuple(read_grey(path) for path in paths), str(folder))


def read_grey(path: Path) -> np.ndarray:
    """Read a picture's luminance, (height, width), bytes, the same on every machine.

    A colour JPEG stores the luminance itself. Other colours are weighed with ITU-R 601's weights in whole numbers:
    (19595 R + 38470 G + 7471 B) / 65536, rounded.

    Raises:
        SdaeError: If the file is not a picture, has more than 8 bits per channel, or is smaller than 28 × 28.
    """
    try:
        with Image.open(path) as picture:
            if picture.mode[0] in "IF":
                raise SdaeError(f"{path}: has more than 8 bits per channel; save it with 8, or remove it")
            picture.draft("L", None)  # a JPEG is decoded to its luminance; other formats ignore this
            if picture.mode in ("L", "LA", "1"):
                grey = np.asarray(picture.convert("L"))
            else:
                red, green, blue = np.moveaxis(np.asarray(picture.convert("RGB"), dtype=np.int64), 2, 0)
                grey = ((19595 * red + 38470 * green + 7471 * blue + 32768) >> 16).astype(np.uint8)
    except SdaeError:
        raise
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise SdaeError(f"{path}: cannot be read as a picture ({type(error).__name__}); remove it") from None
    if min(grey.shape) < SIDE:
        raise SdaeError(f"{path}: is {grey.shape[0]} × {grey.shape[1]} pixels, at least {SIDE} × {SIDE} are needed")
    return grey.copy()


class PhotographProblem(Problem):
    """A problem whose recipe takes patches from photographs.

    The lab drops patches of low variance, and does not say how low. At a least standard deviation of 50 grey levels an
    RBF SVM's error is near the paper's for the three who take patches: 22.9 % for bg-img (22.61), 26.4 % for rect-img
    (24.04), 56.8 % for bg-img-rot (55.18). At 10 bg-img's is 14.6 and rect-img's 24.0 % (benchmarks/fingerprints.py).

    Args:
        *args: Of :class:`Problem`.
        images: Folder of pictures to cut patches from, all of them; default: those that scikit-learn and scikit-image
            contain. The problem is then generated, not taken from its original archive.
        **kwargs: Of :class:`Problem`.

    Raises:
        SdaeError: If ``images`` is given where the original is insisted on.
    """

    least_deviation: ClassVar[float] = 50.0  # of a patch's grey levels, of 0 to 255

    def __init__(self, *args: Any, images: Path | None = None, **kwargs: Any) -> None:
        """Load nothing yet."""
        super().__init__(*args, **kwargs)
        self.images = images
        if images is not None:
            if self.source == "original":
                raise SdaeError("data.images: the original is made of other pictures; set data.source to generated")
            self.source = "generated"

    @cached_property
    def photographs(self) -> Photographs:
        """The pictures, read once."""
        return photographs(self.images)

    def patches(self, n: int, random: np.random.Generator) -> np.ndarray:
        """Cut patches, (n, 784), bytes."""
        return self.photographs.patches(n, self.least_deviation, random)

    @property
    def ingredients(self) -> str:
        """Everything that determines the generated bytes beside recipe, seed and size: every pixel of the pictures."""
        return f"-photographs{self.photographs.digest}"
