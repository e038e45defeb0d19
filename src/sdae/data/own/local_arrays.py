"""Your own arrays: examples and classes in files become a problem, with a config file and no code."""

import logging
import math
from pathlib import Path

import numpy as np

from sdae.data.cache import Arrays
from sdae.data.own.arrays import check_classes, check_examples, read_array
from sdae.data.own.local import UNLABELLED, Local, arrays_of, deal, sizes_of, with_unlabelled
from sdae.data.own.scale import BRIGHT, Look, Scale, fractions, look_at
from sdae.data.preprocessing import refusal
from sdae.data.scaling import Scaling, Unusable, settled
from sdae.errors import SdaeError

log = logging.getLogger(__name__)

# In this order: a configuration is written by the first type that fits, and Path takes every value.
File = tuple[Path, Path] | Path


class LocalArrays(Local):
    """Examples x (n, d) or pictures (n, height, width), and classes t (n,), from files.

    A file is an .npz with the arrays x and t, or two .npy files, [x.npy, t.npy]. Values in [0, 1], but for rounding
    (1e-5), are reconstructed with cross-entropy, others with the squared error, unless pretraining.reconstruction says
    otherwise. Numbers are scaled in the precision that they have, and cast to float32 last. The files are read when the
    problem is built, because the network's shape depends on them.

    Args:
        path: The file with the training examples, and with those of each split that has no file of its own.
        valid: A file with the validation examples.
        test: A file with the test examples.
        unlabelled: A file with further training examples, without classes, which pretraining alone sees: a .npy, or an
            .npz with the array x.
        valid_fraction: Fraction of path for validation where it has no file.
        test_fraction: Fraction of path for the test where it has no file.
        scale: What is done to the numbers. none; 255, divided by 255; minmax, moved and scaled to [0, 1] by the least
            and greatest value, of pictures by those of all pixels, else of each component over the training examples,
            as whose ends values beyond are taken; standardise, each component to mean 0 and standard deviation 1 over
            the training examples. auto: none in [0, 1]; 255 for whole numbers of 0 to 255, and for any numbers there
            where examples are pictures, if the greatest is 128 at least; other whole numbers of 0 to 127 by the least
            and greatest of all; none else. Where that is doubtful, a line says what was done.
        name: The problem's name; default: the file's.
        value_range: Least and greatest value possible, once scaled; default: [0, 1] where all values lie there, else
            those that occur.
        image_shape: Height and width, where an example is a picture, in rows.
        train_size: Number of training examples; default: all.
        seed: Seed of the splits. It is no part of a run's own seed.

    Raises:
        SdaeError: If a file cannot be used; names it, and the row.
    """

    def __init__(
        self,
        path: File,
        valid: File | None = None,
        test: File | None = None,
        unlabelled: Path | None = None,
        valid_fraction: float = 0.1,
        test_fraction: float = 0.1,
        scale: Scale = "auto",
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
        self.image_shape = image_shape
        rows = deal(t, valid_fraction, test_fraction, main, seed)
        self._splits = {split: (x[file][part], t[file][part]) for split, (file, part) in rows.items()}
        self._files = {split: _pair(file)[0] for split, file in given.items()}
        if unlabelled is not None:
            x[UNLABELLED], _ = _read(unlabelled.expanduser(), self.n_features)
            self._files |= {UNLABELLED: unlabelled.expanduser()}
        self._splits["train"] = with_unlabelled(self._splits["train"], x.get(UNLABELLED))
        sizes = sizes_of(rows, len(x.get(UNLABELLED, ())))
        super().__init__(name, main.stem, sizes, train_size, seed)
        self._rows = rows
        if scale == "auto":
            _check_alike(x, self._files)
        self.look = look_at(list(x.values()), scale, pictures=image_shape is not None)
        self.value_range, self.observed = _range(self.look, value_range)
        for split, values in x.items():
            _check(values, self.look, self.value_range, self._files[split])

    def read(self) -> Arrays:
        """Return the splits as they are in the files."""
        return arrays_of(self._splits)

    def scaling_by(self, train_x: np.ndarray, divisor: float) -> Scaling:
        """Return the scaling by this file's own numbers, with a warning where it is in doubt.

        A run that has a scaling already never asks for another, so the warning is given only where it is true.
        """
        if self.look.doubt:
            log.warning("%s: %s", self._files["train"], self.look.doubt)
        return self.look.scaling(train_x)


def _range(look: Look, given: tuple[float, float] | None) -> tuple[tuple[float, float], bool]:
    """Return the range of the inputs once scaled, and whether it is only what occurs."""
    if look.kind == "standardise":
        return (-math.inf, math.inf), False
    if look.kind in (255, "minmax"):
        return given or (0.0, 1.0), False
    settled_range = settled(look.low, look.high)
    return given or settled_range, given is None and settled_range != (0.0, 1.0)


def _check_alike(x: dict[str, np.ndarray], files: dict[str, Path]) -> None:
    """Refuse files whose numbers are of several kinds, bytes and fractions of 1: one scale would be wrong for either.

    Raises:
        SdaeError: If there are such.
    """
    for split, values in x.items():
        if (values.dtype == np.uint8) != (x["train"].dtype == np.uint8):
            raise SdaeError(f"{files[split]}: only one of it and {files['train']} holds bytes")
        if fractions(values) != fractions(x["train"]) and max(values.max(), x["train"].max()) >= BRIGHT:
            raise SdaeError(f"{files[split]}: only one of it and {files['train']} lies in [0, 1]; scale both alike")


def _check(x: np.ndarray, look: Look, value_range: tuple[float, float], path: Path) -> None:
    """Refuse what cannot be used before anything is trained, by its file and row.

    Raises:
        SdaeError: If there is such a number.
    """
    scaling = look.common
    try:
        scaling(x, value_range)
    except Unusable as unusable:
        place = unusable.place
        raise SdaeError(f"{path}: row {place.row}, counted from 0, {refusal(place, scaling, value_range)}") from None


def _pair(file: File) -> tuple[Path, Path]:
    x, t = file if isinstance(file, tuple) else (file, file)
    if x == t and x.suffix == ".npy":
        raise SdaeError(f"{x}: holds one array; name two files, [{x}, LABELS.npy]")
    return x.expanduser(), t.expanduser()


def _examples(file: File, n_features: int | None) -> tuple[np.ndarray, tuple[int, int] | None]:
    return _read(_pair(file)[0], n_features)


def _read(path: Path, n_features: int | None) -> tuple[np.ndarray, tuple[int, int] | None]:
    x, shape = read_array(path, "x"), None
    if x.ndim == 3 and x.size:
        shape = (x.shape[1], x.shape[2])
        x = x.reshape(len(x), -1)
    return check_examples(x, path, n_features), shape


def _classes(file: File, n: int, n_classes: int | None) -> np.ndarray:
    _, path = _pair(file)
    return check_classes(read_array(path, "t"), path, n, n_classes)
