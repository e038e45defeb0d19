"""The representation of every example at one layer, computed once and memory-mapped: many processes share it."""

import hashlib
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from threadpoolctl import threadpool_limits

from sdae.errors import SdaeError

BLOCK = 1000  # rows at a time

Part = Literal["train", "train and valid", "valid", "test", "sample"]
LARGE = 16_000  # training examples above which a search begins with a sample of them
SAMPLE = 10_000


@dataclass(frozen=True)
class Features:
    """A representation on disk: training, validation and test examples, in this order, in one array.

    Each component is centred on its mean over the training examples: for an SVM with a bias, linear or RBF, the
    origin makes no difference, but it matters for distances in float32 if units hardly vary around one half.

    Attributes:
        folder: Folder of its files: ``x.npy`` (n, d) float32, ``t.npy`` (n,), and ``products.npy``.
        key: A hash of everything that determines it.
        ends: Number of rows up to the end of the training, the validation and the test examples.
        variance: Mean over the components of their variance over the training examples.
    """

    folder: Path
    key: str
    ends: tuple[int, int, int]
    variance: float

    @property
    def x(self) -> np.ndarray:
        """The examples, memory-mapped."""
        return np.load(self.folder / "x.npy", mmap_mode="r")

    @property
    def t(self) -> np.ndarray:
        """Their classes."""
        return np.load(self.folder / "t.npy")

    @property
    def products(self) -> np.ndarray:
        """Inner products of the first examples with one another, (n, n) float32, once they are computed."""
        return np.load(self.folder / "products.npy", mmap_mode="r")

    @property
    def unit(self) -> float:
        """γ's unit, 1 / (d · variance).

        It is scikit-learn's ``scale``, but with the variance around each component's own mean, so that it does not
        depend on the origin. Two examples lie at a mean squared distance of 2 / unit.
        """
        return 1 / (self.x.shape[1] * self.variance) if self.variance > 0 else 1.0

    def rows(self, part: Part) -> slice:
        """Return the rows of a part; those that an SVM may be trained on begin at 0."""
        train, valid, test = self.ends
        return {
            "train": slice(0, train),
            "train and valid": slice(0, valid),
            "valid": slice(train, valid),
            "test": slice(valid, test),
            "sample": slice(0, min(SAMPLE, train)),
        }[part]

    @property
    def large(self) -> bool:
        """Whether there are so many training examples that a search begins with a sample of them."""
        return self.ends[0] > LARGE

    def multiply(self, n: int) -> None:
        """Compute the inner products of the first n examples, block by block, if not done yet."""
        path = self.folder / "products.npy"
        if path.exists() and len(self.products) >= n:
            return
        x = np.ascontiguousarray(self.x[:n])
        products = np.lib.format.open_memmap(path, mode="w+", dtype=np.float32, shape=(n, n))
        with threadpool_limits(1):  # the same bits on any number of cores
            for start in range(0, n, BLOCK):
                np.matmul(x[start : start + BLOCK], x.T, out=products[start : start + BLOCK])


Splits = Mapping[str, tuple[np.ndarray, np.ndarray]]
Encode = Callable[[np.ndarray], np.ndarray]


def digest(*parts: np.ndarray | str | int | float) -> str:
    """Hash arrays and plain values."""
    sha = hashlib.sha256()
    for part in parts:
        if isinstance(part, np.ndarray):
            sha.update(repr((part.dtype.str, part.shape)).encode())
            sha.update(np.ascontiguousarray(part).data.cast("B"))
        else:
            sha.update(repr(part).encode())
    return sha.hexdigest()


@contextmanager
def computed(folder: Path, splits: Splits, encode: Encode, key: str, name: str) -> Iterator[Features]:
    """Compute a representation, and delete its files at the end: a layer's are a few hundred MB.

    Args:
        folder: Folder of its files; files of a killed process are removed.
        splits: Examples x (n, d) and classes t (n,) of ``train``, ``valid`` and ``test``.
        encode: The representation of examples.
        key: A hash of the examples and of what encodes them.
        name: Name of the representation, for an error.

    Raises:
        SdaeError: If it holds NaN or infinity, or the files cannot be written.
    """
    shutil.rmtree(folder, ignore_errors=True)
    try:
        try:
            folder.mkdir(parents=True)
            features = _written(folder, splits, encode, key, name)
        except OSError as error:
            raise SdaeError(f"{folder}: cannot be written ({error.strerror or error})") from None
        yield features
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _written(folder: Path, splits: Splits, encode: Encode, key: str, name: str) -> Features:
    if len(splits["train"][0]) > LARGE:
        order = stratified_order(splits["train"][1])
        splits = {**splits, "train": (splits["train"][0][order], splits["train"][1][order])}
    sizes = [len(splits[split][0]) for split in ("train", "valid", "test")]
    train, valid, test = np.cumsum(sizes).tolist()
    width = encode(splits["train"][0][:1]).shape[1]
    x = np.lib.format.open_memmap(folder / "x.npy", mode="w+", dtype=np.float32, shape=(test, width))
    row = 0
    for split in ("train", "valid", "test"):
        examples, _ = splits[split]
        for start in range(0, len(examples), BLOCK):
            y = encode(examples[start : start + BLOCK])
            if not np.isfinite(y).all():
                worst = start + int(np.flatnonzero(~np.isfinite(y).all(1))[0])
                raise SdaeError(f"{name}: {split} example {worst + 1} is NaN or infinity there; are the weights whole?")
            x[row : row + len(y)] = y
            row += len(y)
    mean = _mean(x[:train], np.asarray).astype(np.float32)
    for start in range(0, test, BLOCK):
        x[start : start + BLOCK] -= mean
    variance = float(_mean(x[:train], np.square).mean())
    x.flush()
    np.save(folder / "t.npy", np.concatenate([splits[split][1] for split in ("train", "valid", "test")]))
    return Features(folder, key, (train, valid, test), variance)


def stratified_order(t: np.ndarray) -> np.ndarray:
    """Return an order of examples in which any first n have the classes in the proportions of all.

    Args:
        t: Classes, (n,). Within a class the examples keep their order.
    """
    place = np.empty(len(t))
    for label in np.unique(t):
        rows = np.flatnonzero(t == label)
        place[rows] = (np.arange(len(rows)) + 0.5) / len(rows)
    return np.argsort(place, kind="stable")


def _mean(x: np.ndarray, of: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    blocks = (x[start : start + BLOCK] for start in range(0, len(x), BLOCK))
    return sum(of(block.astype(np.float64)).sum(0) for block in blocks) / len(x)
