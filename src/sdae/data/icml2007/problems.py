"""The archives of Larochelle et al. (2007): where they are published, and what is in them.

Each zip holds two ``.amat`` files, training + validation and test. The last rows of the first are the validation set.
"""

import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np

from sdae.data.archive import Archive
from sdae.data.cache import Arrays
from sdae.data.icml2007.amat import read_amat
from sdae.data.own.grey_levels import SCALES, NotGrey
from sdae.data.registry import Sizes
from sdae.errors import SdaeError

FOLDER = "icml2007"
MIRRORS = (
    "http://www.iro.umontreal.ca/~lisa/icml2007data",
    "https://web.archive.org/web/2019id_/http://www.iro.umontreal.ca/~lisa/icml2007data",
)


@dataclass(frozen=True)
class Published:
    """One problem of the 2007 benchmark as it was published.

    Attributes:
        archive: The zip.
        train: Name of its training and validation file, without ``.amat``; the lab's word, or recalled.
        test: Name of its test file.
        sideways: Whether images are stored on their side, as the lab's page says of two.
    """

    archive: Archive
    train: str
    test: str
    sideways: bool = False


def _published(filename: str, sha1: str, train: str, test: str, sideways: bool = False) -> Published:
    return Published(Archive(FOLDER, filename, MIRRORS, "sha1", sha1), train, test, sideways)


_ROT = "mnist_all_rotation_normalized_float"
_BG_IMG_ROT = "mnist_all_background_images_rotation_normalized"
ICML2007 = {
    "basic": _published("mnist.zip", "14ac2e9135705499b80bf7efac981377940150c8", "mnist_train", "mnist_test"),
    "rot": _published(
        "mnist_rotation_new.zip", "e67f72fa42029f62fd8eb92b0638c1b9761c9a63", f"{_ROT}_train_valid", f"{_ROT}_test"
    ),
    "bg-rand": _published(
        "mnist_background_random.zip",
        "75e11ec966459c1162979e78ab4e21f9ab7fb5cd",
        "mnist_background_random_train",
        "mnist_background_random_test",
        sideways=True,
    ),
    "bg-img": _published(
        "mnist_background_images.zip",
        "fb6fce9ed6372e0068ff7cb3e7b9e78dbda7ceae",
        "mnist_background_images_train",
        "mnist_background_images_test",
        sideways=True,
    ),
    "bg-img-rot": _published(
        "mnist_rotation_back_image_new.zip",
        "902bb7e96136dd76e9f2924d7fdb9eb832f7bc33",
        f"{_BG_IMG_ROT}_train_valid",
        f"{_BG_IMG_ROT}_test",
    ),
    "rect": _published(
        "rectangles.zip", "b8d456b1f83bea5efebe76a47a9535adc4b72586", "rectangles_train", "rectangles_test"
    ),
    "rect-img": _published(
        "rectangles_images.zip",
        "2700ba92129ae195e93070d8b27f830323573a57",
        "rectangles_im_train",
        "rectangles_im_test",
    ),
    "convex": _published("convex.zip", "61eab3c60e0e1caeaa0b82abf827f1809cfd2ef9", "convex_train", "50k_test"),
}


def read_zip(path: Path, sizes: Sizes, n_features: int, n_classes: int, sideways: bool = False) -> Arrays:
    """Read a zip with a training and a test ``.amat``, split as in Table 1. Nothing is unpacked to disk.

    Args:
        path: The zip.
        sizes: Expected numbers of examples.
        n_features: Number of pixels in a row, before its class.
        n_classes: Number of classes.
        sideways: Whether to turn images upright.

    Raises:
        SdaeError: If the zip is damaged, holds other files or other numbers of rows, or a row is not as it should be.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                if info.filename.startswith("/") or ".." in Path(info.filename).parts:
                    raise SdaeError(f"{path}: its member {info.filename} would escape the folder; do not use this zip")
            train, test = (_of_zip(archive, path, part) for part in ("train", "test"))
            return _read(train, test, sizes, n_features, n_classes, sideways)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
        raise SdaeError(f"{path}: cannot be read to its end ({error}); remove it to fetch it again") from None


def unpacked(name: str, root: Path) -> tuple[Path, Path] | None:
    """Find the two ``.amat`` files of a problem, unpacked by the user anywhere in the data folder's ``icml2007/``."""
    published = ICML2007[name]
    found = [
        next(iter(sorted((root / FOLDER).rglob(f"{stem}.amat"))), None) for stem in (published.train, published.test)
    ]
    return (found[0], found[1]) if found[0] and found[1] else None


def read_unpacked(
    train: Path, test: Path, sizes: Sizes, n_features: int, n_classes: int, sideways: bool = False
) -> Arrays:
    """Read an unpacked pair as :func:`read_zip` does the zip. Of these no hash is known, only how many rows there are.

    Raises:
        SdaeError: If a file has other numbers of rows, or a row is not as it should be.
    """
    return _read(_of_file(train), _of_file(test), sizes, n_features, n_classes, sideways)


class Text(NamedTuple):
    """A text file: what opens it, its length in bytes, and what to call it in errors."""

    open: Callable[[], IO[bytes]]
    n_bytes: int
    name: str

    def read(self, n_rows: int, width: int, n_classes: int, scale: float | None) -> tuple[np.ndarray, np.ndarray]:
        """Read it as :func:`read_amat` does."""
        with self.open() as file:
            return read_amat(file, self.n_bytes, self.name, n_rows, width, n_classes, scale)


def _of_file(path: Path) -> Text:
    return Text(lambda: path.open("rb"), path.stat().st_size, str(path))


def _of_zip(archive: zipfile.ZipFile, path: Path, part: str) -> Text:
    found = [info for info in archive.infolist() if info.filename.endswith(".amat") and part in info.filename.lower()]
    if len(found) != 1:
        raise SdaeError(f"{path}: should hold one {part} .amat file, not {len(found)}")
    return Text(lambda: archive.open(found[0]), found[0].file_size, f"{path}: {found[0].filename}")


def _read(train: Text, test: Text, sizes: Sizes, n_features: int, n_classes: int, sideways: bool) -> Arrays:
    """Read both texts, grey levels as bytes: 62,000 images are 195 MB of floats.

    Whether they are, and divided by what, the first rows say in nearly every case; where a later one says otherwise,
    both are read again.
    """
    for scale in (*SCALES, None):
        try:
            x, t = train.read(sizes.train + sizes.valid, n_features + 1, n_classes, scale)
            test_x, test_t = test.read(sizes.test, n_features + 1, n_classes, scale)
        except NotGrey:
            continue
        break
    if sideways:
        _turn_upright(x)
        _turn_upright(test_x)
    n = sizes.train
    return Arrays(x[:n], t[:n], x[n:], t[n:], test_x, test_t, scale or 1.0)


def _turn_upright(x: np.ndarray) -> None:
    """Transpose every image in place, a thousand at a time to save memory."""
    side = round(x.shape[1] ** 0.5)
    for start in range(0, len(x), 1000):
        some = x[start : start + 1000]
        some[:] = some.reshape(-1, side, side).transpose(0, 2, 1).reshape(some.shape)
