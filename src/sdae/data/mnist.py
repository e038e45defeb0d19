"""mnist and basic: handwritten digits (section 6.1)."""

import gzip
import struct
from pathlib import Path

import numpy as np

from sdae.data.archive import Archive
from sdae.data.cache import Arrays
from sdae.data.icml2007.benchmark import Benchmark
from sdae.data.problem import Problem
from sdae.data.registry import REGISTRY, Sizes
from sdae.errors import SdaeError
from sdae.seeds import numpy_generator

MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist",
    "https://storage.googleapis.com/cvdf-datasets/mnist",
    "http://yann.lecun.com/exdb/mnist",
)


def _idx(filename: str, md5: str) -> Archive:
    return Archive("mnist", f"{filename}.gz", MIRRORS, "md5", md5)


TRAIN_IMAGES = _idx("train-images-idx3-ubyte", "6bbc9ace898e44ae57da46a324031adb")
TRAIN_LABELS = _idx("train-labels-idx1-ubyte", "a25bea736e30d166cdddb491f175f624")
TEST_IMAGES = _idx("t10k-images-idx3-ubyte", "2646ac647ad5339dbf082846283269ea")
TEST_LABELS = _idx("t10k-labels-idx1-ubyte", "27ae3e4e09519cfbb04c329615203637")


def idx_files() -> tuple[Archive, ...]:
    """Return MNIST's four files: images and classes to train on, and to test on."""
    return (TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS)


class MNIST(Problem):
    """Standard MNIST: the first 50,000 of the 60,000 training digits to train on, the last 10,000 to validate."""

    name = "mnist"
    sizes, n_classes = REGISTRY[name][:2]

    @property
    def archives(self) -> tuple[Archive, ...]:
        """The four IDX files."""
        return idx_files()

    def read_original(self, fetch: bool) -> Arrays:
        """Read the four IDX files."""
        x, t, test_x, test_t = digits(self.root, fetch)
        n = self.sizes.train
        return Arrays(x[:n], t[:n], x[n:], t[n:], test_x, test_t, scale=255.0)


class Basic(Benchmark):
    """The smaller subset of MNIST.

    Which of the 70,000 digits are in the original is not known. The generated one is a draw without replacement from
    all of them, by a seed.
    """

    name = "basic"
    sizes, n_classes = REGISTRY[name][:2]
    recipe = 1

    @property
    def materials(self) -> tuple[Archive, ...]:
        """MNIST's files."""
        return idx_files()

    def generate(self) -> Arrays:
        """Deal out the 70,000 digits; a larger training set takes digits that are in no other split."""
        dealt = deal_digits(self.root, self.seed, self.name, self.sizes)
        x, t = dealt["train"]
        if self.train_size > len(x):
            raise SdaeError(
                f"data.train_size: basic can have {len(x)} training digits beside its validation and test sets, "
                f"not {self.train_size}"
            )
        return Arrays(x[: self.train_size], t[: self.train_size], *dealt["valid"], *dealt["test"], scale=255.0)


def deal_digits(root: Path, seed: int, name: str, sizes: Sizes) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Deal out all of MNIST's 70,000 digits, shuffled, each to one split.

    Args:
        root: The data folder.
        seed: Seed of the draw.
        name: The problem's, whose draw is its own.
        sizes: Numbers of digits of the validation and the test set; the training set gets the rest.

    Returns:
        Images (n, 784) and classes (n,) of each split, bytes.
    """
    x, t, test_x, test_t = digits(root, fetch=True)
    x, t = np.concatenate((x, test_x)), np.concatenate((t, test_t))
    order = numpy_generator(seed, name).permutation(len(x))
    valid, test, train = np.split(order, (sizes.valid, sizes.valid + sizes.test))
    return {"train": (x[train], t[train]), "valid": (x[valid], t[valid]), "test": (x[test], t[test])}


def digits(root: Path, fetch: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return all of MNIST: 60,000 training images (n, 784) and classes (n,), 10,000 test images and classes, bytes.

    Raises:
        Unreachable: If a file is neither in the data folder's ``mnist/`` nor to be fetched.
        SdaeError: If a file is damaged.
    """
    x, t, test_x, test_t = (read_idx(archive.find(root, fetch)) for archive in idx_files())
    return x.reshape(len(x), -1), t, test_x.reshape(len(test_x), -1), test_t


def read_idx(path: Path) -> np.ndarray:
    """Read a gzipped IDX file of bytes: a magic number 0, 0, 8, number of axes, then each axis's length and the data.

    Raises:
        SdaeError: If the file is not one, or is truncated.
    """
    try:
        with gzip.open(path) as file:
            content = file.read()
        zero, kind, n_axes = struct.unpack(">HBB", content[:4])
        shape = struct.unpack(f">{n_axes}I", content[4 : 4 + 4 * n_axes])
        if (zero, kind) != (0, 8):
            raise SdaeError(f"{path}: is not an IDX file of bytes")
        return np.frombuffer(content, np.uint8, offset=4 + 4 * n_axes).reshape(shape).copy()
    except (OSError, EOFError, struct.error, ValueError) as error:
        if isinstance(error, SdaeError):
            raise
        raise SdaeError(f"{path}: is not a whole IDX file ({error}); remove it to fetch it again") from None
