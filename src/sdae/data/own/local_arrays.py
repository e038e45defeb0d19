"""The user's arrays as a problem: examples and classes in .npy or .npz files."""

import logging
import math
from pathlib import Path

import numpy as np

from sdae.data.cache import Arrays
from sdae.data.own.arrays import check_classes, check_examples, read_array
from sdae.data.own.local import UNLABELLED, Local, deal, refuse_twice, sizes_of, split_arrays
from sdae.data.own.scale import BRIGHT, Scale, ScaleChoice, choose_scale, in_unit_interval
from sdae.data.preprocessing import scaled
from sdae.data.scaling import Scaling, settled
from sdae.errors import SdaeError

log = logging.getLogger(__name__)

# In this order: a configuration is written with the first type that fits, and Path fits every value.
File = tuple[Path, Path] | Path


class LocalArrays(Local):
    """Examples x (n, d) or pictures (n, height, width), and classes t (n,), from files.

    A file is an .npz with the arrays x and t, or two .npy files, [x.npy, t.npy]. Values in [0, 1], up to rounding
    (1e-5), are reconstructed with cross-entropy, others with the squared error, unless pretraining.reconstruction is
    set. Numbers are scaled in the precision of the file, then cast to float32. The files are read when the problem is
    built, because the network's shape depends on them.

    Args:
        path: File with the training examples, and with those of each split that has no file of its own.
        valid: File with the validation examples.
        test: File with the test examples.
        unlabelled: File with further training examples, without classes, which only pretraining uses: a .npy, or an
            .npz with the array x.
        valid_fraction: Fraction of path for validation where it has no file.
        test_fraction: Fraction of path for the test where it has no file.
        scale: Scaling of the numbers: none; 255, divided by 255; minmax, to [0, 1] by the least and greatest value, of
            pictures over all pixels, else of each component over the training examples, beyond which other examples are
            clipped; standardise, each component to mean 0 and standard deviation 1 over the training examples. auto:
            none for values in [0, 1]; 255 for whole numbers of 0 to 255, and for any numbers in that range where
            examples are pictures, if the greatest is at least 128; other whole numbers of 0 to 127 by the least and
            greatest of all; otherwise none. A warning says what was done where that could be wrong.
        name: The problem's name; default: the file's.
        value_range: Least and greatest possible value after scaling; default: [0, 1] where all values lie there, else
            the extremes of the data. Standardised values have none.
        image_shape: Height and width, where rows of the array are pictures.
        train_size: Number of training examples; default: all.
        seed: Seed of the splits, independent of a run's own seed.

    Raises:
        SdaeError: If a file cannot be used; names it, and the row. If settings contradict one another.
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
        given = {"train": path, "valid": valid, "test": test}
        pairs = {split: _pair(file) for split, file in given.items() if file is not None}
        main, _ = pairs["train"]
        x: dict[str, np.ndarray] = {}
        t: dict[str, np.ndarray] = {}
        for split, (x_file, t_file) in pairs.items():
            x[split], shape = _read_examples(x_file, x["train"].shape[1] if x else None)
            image_shape = image_shape or shape
            n_classes = int(t["train"].max()) + 1 if t else None
            t[split] = check_classes(read_array(t_file, "t"), t_file, len(x[split]), n_classes)
        self.n_features, self.n_classes = x["train"].shape[1], int(t["train"].max()) + 1
        if image_shape is not None and math.prod(image_shape) != self.n_features:
            raise SdaeError(f"data.image_shape: {image_shape} is not {self.n_features} components ({main})")
        self.image_shape = image_shape
        rows = deal(t, valid_fraction, test_fraction, main, seed)
        files = {split: x_file for split, (x_file, _) in pairs.items()}
        if unlabelled is not None:
            files[UNLABELLED] = Path(unlabelled).expanduser()
            x[UNLABELLED], _ = _read_examples(files[UNLABELLED], self.n_features)
        refuse_twice(files)
        sizes = sizes_of(rows, len(x.get(UNLABELLED, ())))
        super().__init__(name, main.stem, sizes, train_size, seed)
        self._files, self._rows, self._x, self._t = files, rows, x, t
        if scale == "auto":
            _check_alike(x, files)
        self._scale = choose_scale(list(x.values()), scale, pictures=image_shape is not None)
        self.value_range, self.observed = _range(self._scale, value_range)
        for split, values in x.items():  # before anything is trained, and with the row in its file
            scaled(values, self._scale.common, self.value_range, str(files[split]))

    def read(self) -> Arrays:
        """Return the splits, not scaled."""
        return split_arrays(self._rows, self._x, self._t)

    def scaling_by(self, train_x: np.ndarray, divisor: float) -> Scaling:
        """Return the scaling by this file's own numbers, with a warning where it is in doubt.

        A run that has a scaling already never asks for another, so the warning is given only where it is true.
        """
        if self._scale.doubt:
            log.warning("%s: %s", self._files["train"], self._scale.doubt)
        return self._scale.scaling(train_x)


def _range(choice: ScaleChoice, given: tuple[float, float] | None) -> tuple[tuple[float, float], bool]:
    """Return the range of the inputs after scaling, and whether it is only that of the values in the data.

    Raises:
        SdaeError: If a range is given for standardised values.
    """
    if choice.kind == "standardise":
        if given is not None:
            raise SdaeError(
                "data.value_range: standardised values have no least and greatest value; leave it out, or use "
                "data.scale: minmax, whose values lie in [0, 1]"
            )
        return (-math.inf, math.inf), False
    if choice.kind in (255, "minmax"):
        return given or (0.0, 1.0), False
    extremes = settled(choice.low, choice.high)
    return given or extremes, given is None and extremes != (0.0, 1.0)


def _check_alike(x: dict[str, np.ndarray], files: dict[str, Path]) -> None:
    """Refuse files of which some hold bytes, or fractions of 1, and others do not: no one scale fits them.

    Raises:
        SdaeError: If there are such files; names two.
    """
    main = x["train"]
    for split, values in x.items():
        if (values.dtype == np.uint8) != (main.dtype == np.uint8):
            raise SdaeError(f"{files[split]}: only this file or {files['train']} holds bytes")
        if in_unit_interval(values) != in_unit_interval(main) and max(values.max(), main.max()) >= BRIGHT:
            raise SdaeError(f"{files[split]}: only this file or {files['train']} lies in [0, 1]; scale both alike")


def _pair(file: File) -> tuple[Path, Path]:
    x, t = (Path(path) for path in (file if isinstance(file, tuple | list) else (file, file)))
    if x == t and x.suffix == ".npy":
        raise SdaeError(f"{x}: holds one array; name two files, [{x}, LABELS.npy]")
    return x.expanduser(), t.expanduser()


def _read_examples(path: Path, n_features: int | None) -> tuple[np.ndarray, tuple[int, int] | None]:
    """Return examples (n, d), and the shape of a picture where the file holds pictures (n, height, width)."""
    x, shape = read_array(path, "x"), None
    if x.ndim == 3 and x.size:
        shape = (x.shape[1], x.shape[2])
        x = x.reshape(len(x), -1)
    return check_examples(x, path, n_features), shape
