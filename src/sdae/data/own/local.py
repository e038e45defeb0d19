"""Your own data: arrays in a file become a problem, with a config file and no code."""

import math
from abc import abstractmethod
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from sdae.data.cache import Arrays
from sdae.data.folds import deal_fractions
from sdae.data.own.arrays import check_classes, check_examples, read_array
from sdae.data.problem import Problem, Sizes
from sdae.data.standardise import standardised
from sdae.errors import SdaeError
from sdae.seeds import numpy_generator

# In this order: a configuration is written by the first type that fits, and Path takes every value.
File = tuple[Path, Path] | Path


class Local(Problem):
    """A problem of the user's own: what its kinds have in common."""

    def __init__(self, name: str, sizes: Sizes, train_size: int | None, seed: int) -> None:
        """Name the problem; its sizes are those of its files."""
        if not name or any(mark in name for mark in "/\\ \t\n"):
            raise SdaeError(f"data.name: a word without spaces and slashes, not {name!r}")
        self.name, self.sizes = name, sizes
        super().__init__(train_size=train_size, seed=seed)
        if self.train_size > sizes.train:
            raise SdaeError(f"data.train_size: {name} has {sizes.train} training examples, not {train_size}")

    @abstractmethod
    def read(self) -> Arrays:
        """Return the splits."""

    def on_disk(self) -> list[str]:
        """Say that it is there: without it there would be no problem."""
        return ["local"]

    def prepare_data(self) -> None:
        """Have the splits in memory.

        Raises:
            SdaeError: If a file cannot be used; names it.
        """
        self.provenance = "local"
        if self._arrays is None:
            self._arrays = self.read()


def deal(n: Mapping[str, int], valid: float, test: float, what: Path, seed: int) -> dict[str, tuple[str, np.ndarray]]:
    """Say where each split's examples are: in a file of its own, else a fraction of the main one's, by a seed.

    Args:
        n: Number of examples in the file ``train``, and in ``valid`` and ``test`` where they have files of their own.
        valid: Fraction for validation where it has no file.
        test: Fraction for the test where it has no file.
        what: The main file, for an error.
        seed: Of the draw.

    Returns:
        For each split the file and its rows.

    Raises:
        SdaeError: If a fraction is none, or leaves a split without examples.
    """
    fractions = {split: 0.0 if split in n else part for split, part in {"valid": valid, "test": test}.items()}
    for split, part in fractions.items():
        if split not in n and not 0 < part < 1:
            raise SdaeError(f"data.{split}_fraction: between 0 and 1, not {part:g}")
    rows = deal_fractions(n["train"], fractions["valid"], fractions["test"], numpy_generator(seed, "splits"))
    dealt = {}
    for split, part_rows in rows._asdict().items():
        dealt[split] = (split, np.arange(n[split])) if split in n and split != "train" else ("train", part_rows)
        if len(dealt[split][1]) == 0:
            raise SdaeError(f"{what}: {n['train']} examples are too few to give some to {split}")
    return dealt


class LocalArrays(Local):
    """Examples x (n, d) or pictures (n, height, width), and classes t (n,), from files.

    A file is an .npz with the arrays x and t, or two .npy files, [x.npy, t.npy]. Bytes (uint8) with values over 1 are
    grey levels, and divided by 255; other numbers are taken as they are. Values in [0, 1] are reconstructed with
    cross-entropy, others with the squared error, unless pretraining.reconstruction says otherwise. The files are read
    when the problem is built, because the network's shape depends on them.

    Args:
        path: The file with the training examples, and with those of each split that has no file of its own.
        valid: A file with the validation examples.
        test: A file with the test examples.
        valid_fraction: Fraction of path for validation where it has no file.
        test_fraction: Fraction of path for the test where it has no file.
        standardise: Whether each component is moved and scaled to mean 0 and standard deviation 1 over the training
            examples.
        name: What the problem is called; the file's name where none is given.
        value_range: Least and greatest value possible; [0, 1] where all values lie there, else those that occur.
        image_shape: Height and width, where an example is a picture, in rows.
        train_size: Number of training examples; all where none is given.
        seed: Seed of the splits. It is no part of a run's own seed.

    Raises:
        SdaeError: If a file cannot be used; names it, and the row.
    """

    def __init__(
        self,
        path: File,
        valid: File | None = None,
        test: File | None = None,
        valid_fraction: float = 0.1,
        test_fraction: float = 0.1,
        standardise: bool = False,
        name: str | None = None,
        value_range: tuple[float, float] | None = None,
        image_shape: tuple[int, int] | None = None,
        train_size: int | None = None,
        seed: int = 1,
    ) -> None:
        """Read the files."""
        files = {"train": path, "valid": valid, "test": test}
        given = {split: file for split, file in files.items() if file is not None}
        main, _ = _pair(path)
        x: dict[str, np.ndarray] = {}
        t: dict[str, np.ndarray] = {}
        for split, file in given.items():
            x[split], shape = _examples(file, x["train"].shape[1] if x else None)
            image_shape = image_shape or shape
            t[split] = _classes(file, len(x[split]), int(t["train"].max()) + 1 if t else None)
        self.n_features, self.n_classes = x["train"].shape[1], int(t["train"].max()) + 1
        if image_shape is not None and math.prod(image_shape) != self.n_features:
            raise SdaeError(f"data.image_shape: {image_shape} is not {self.n_features} components ({main})")
        self.image_shape, self.standardise = image_shape, standardise
        self.scale = _scale(x, given)
        rows = deal({split: len(classes) for split, classes in t.items()}, valid_fraction, test_fraction, main, seed)
        sizes = Sizes(*(len(part) for _, part in rows.values()))
        super().__init__(name or main.stem, sizes, train_size, seed)
        self._splits = {split: (x[file][part], t[file][part]) for split, (file, part) in rows.items()}
        self.value_range = value_range or _range([*x.values()], self.scale)
        for split, values in x.items():
            _check_range(values, self.scale, self.value_range, _pair(given[split])[0])
        if standardise:
            self.value_range = (-math.inf, math.inf)

    def read(self) -> Arrays:
        """Return the splits, standardised where that was asked for."""
        (train_x, train_t), (valid_x, valid_t), (test_x, test_t) = self._splits.values()
        if not self.standardise:
            return Arrays(train_x, train_t, valid_x, valid_t, test_x, test_t, self.scale)
        train_x, train_t = train_x[: self.train_size], train_t[: self.train_size]
        train_x, valid_x, test_x = standardised(train_x, valid_x, test_x)
        return Arrays(train_x, train_t, valid_x, valid_t, test_x, test_t)


def _pair(file: File) -> tuple[Path, Path]:
    x, t = file if isinstance(file, tuple) else (file, file)
    if x == t and x.suffix == ".npy":
        raise SdaeError(f"{x}: holds one array; name two files, [{x}, LABELS.npy]")
    return x.expanduser(), t.expanduser()


def _examples(file: File, n_features: int | None) -> tuple[np.ndarray, tuple[int, int] | None]:
    path, _ = _pair(file)
    x, shape = read_array(path, "x"), None
    if x.ndim == 3 and x.size:
        shape = (x.shape[1], x.shape[2])
        x = x.reshape(len(x), -1)
    return check_examples(x, path, n_features), shape


def _classes(file: File, n: int, n_classes: int | None) -> np.ndarray:
    _, path = _pair(file)
    return check_classes(read_array(path, "t"), path, n, n_classes)


def _scale(x: Mapping[str, np.ndarray], files: Mapping[str, File]) -> float:
    """Return what x is divided by."""
    for split, values in x.items():
        if (values.dtype == np.uint8) != (x["train"].dtype == np.uint8):
            raise SdaeError(f"{_pair(files[split])[0]}: only one of it and {_pair(files['train'])[0]} holds bytes")
    return 255.0 if x["train"].dtype == np.uint8 and max(values.max() for values in x.values()) > 1 else 1.0


def _range(x: list[np.ndarray], scale: float) -> tuple[float, float]:
    low, high = float(min(part.min() for part in x)) / scale, float(max(part.max() for part in x)) / scale
    return (0.0, 1.0) if low >= 0 and high <= 1 else (low, high)


def _check_range(x: np.ndarray, scale: float, value_range: tuple[float, float], path: Path) -> None:
    low, high = (np.float32(bound * scale) for bound in value_range)
    if x.min() < low or x.max() > high:
        row = int(np.flatnonzero(((x < low) | (x > high)).any(1))[0])
        raise SdaeError(f"{path}: row {row}, counted from 0, holds a value outside data.value_range, {value_range}")
