"""The archives of Larochelle et al. (2007): where they are published, and what is in them.

Each zip holds two ``.amat`` files, training + validation and test. The last rows of the first are the validation set.
"""

import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sdae.data.amat import read_amat
from sdae.data.archive import Archive
from sdae.data.cache import Arrays
from sdae.data.problem import Sizes
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


def read_zip(path: Path, sizes: Sizes, n_features: int, sideways: bool = False) -> Arrays:
    """Read a zip with a training and a test ``.amat``, split as in Table 1. Nothing is unpacked to disk.

    Args:
        path: The zip.
        sizes: Expected numbers of examples.
        n_features: Number of pixels in a row, before its class.
        sideways: Whether to turn images upright.

    Raises:
        SdaeError: If the zip is damaged, holds other files or other numbers of rows, or a row is not as it should be.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                if info.filename.startswith("/") or ".." in Path(info.filename).parts:
                    raise SdaeError(f"{path}: its member {info.filename} would escape the folder; do not use this zip")
            members = [_member(archive, path, part) for part in ("train", "test")]
            parts = []
            for info, n in zip(members, (sizes.train + sizes.valid, sizes.test), strict=True):
                with archive.open(info) as file:
                    parts.append(read_amat(file, info.file_size, f"{path}: {info.filename}", n, n_features + 1))
    except (zipfile.BadZipFile, EOFError, OSError) as error:
        raise SdaeError(f"{path}: cannot be read to its end ({error}); remove it to fetch it again") from None
    return _split(parts[0], parts[1], sizes.train, sideways)


def unpacked(name: str, root: Path) -> tuple[Path, Path] | None:
    """Find the two ``.amat`` files of a problem, unpacked by the user anywhere in the data folder's ``icml2007/``."""
    published = ICML2007[name]
    found = [
        next(iter(sorted((root / FOLDER).rglob(f"{stem}.amat"))), None) for stem in (published.train, published.test)
    ]
    return (found[0], found[1]) if found[0] and found[1] else None


def read_unpacked(train: Path, test: Path, sizes: Sizes, n_features: int, sideways: bool = False) -> Arrays:
    """Read an unpacked pair as :func:`read_zip` does the zip. Of these no hash is known, only how many rows there are.

    Raises:
        SdaeError: If a file has other numbers of rows, or a row is not as it should be.
    """
    parts = []
    for path, n in ((train, sizes.train + sizes.valid), (test, sizes.test)):
        with path.open("rb") as file:
            parts.append(read_amat(file, path.stat().st_size, str(path), n, n_features + 1))
    return _split(parts[0], parts[1], sizes.train, sideways)


def _split(
    first: tuple[np.ndarray, np.ndarray], test: tuple[np.ndarray, np.ndarray], n_train: int, sideways: bool
) -> Arrays:
    (x, t), (test_x, test_t) = first, test
    scale = next((s for s in (1.0, 255.0, 256.0) if all(_whole(a, s) for a in (x, test_x))), None)
    if scale is not None:  # 0/1 pixels and grey levels fit in a byte each
        x, test_x = _bytes(x, scale), _bytes(test_x, scale)
    if sideways:
        side = round(x.shape[1] ** 0.5)
        x, test_x = (a.reshape(-1, side, side).transpose(0, 2, 1).reshape(len(a), -1) for a in (x, test_x))
    return Arrays(x[:n_train], t[:n_train], x[n_train:], t[n_train:], test_x, test_t, scale or 1.0)


def _whole(a: np.ndarray, scale: float) -> bool:
    """Tell whether all values are grey levels at this scale, a thousand rows at a time to save memory."""
    for start in range(0, len(a), 1000):
        levels = a[start : start + 1000] * np.float32(scale)
        if levels.min() < 0 or levels.max() > 255.5 or np.abs(levels - np.rint(levels)).max() > 1e-3:
            return False
    return True


def _bytes(a: np.ndarray, scale: float) -> np.ndarray:
    levels = np.empty(a.shape, dtype=np.uint8)
    for start in range(0, len(a), 1000):
        levels[start : start + 1000] = np.rint(a[start : start + 1000] * np.float32(scale))
    return levels


def _member(archive: zipfile.ZipFile, path: Path, part: str) -> zipfile.ZipInfo:
    found = [info for info in archive.infolist() if info.filename.endswith(".amat") and part in info.filename.lower()]
    if len(found) != 1:
        raise SdaeError(f"{path}: should hold one {part} .amat file, not {len(found)}")
    return found[0]
