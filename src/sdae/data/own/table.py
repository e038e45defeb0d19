"""The user's tables as problems: .csv, .tsv or .parquet files with columns of numbers and categories."""

import logging
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np

from sdae.data.cache import Arrays
from sdae.data.own.encoding import Encoding, as_categories, codes, learn_encoding, shortlist
from sdae.data.own.frames import read_frame
from sdae.data.own.local import UNLABELLED, Local, deal, refuse_twice, sizes_of, split_arrays
from sdae.data.own.scale import SCALINGS
from sdae.data.scaling import Scaling
from sdae.errors import SdaeError

log = logging.getLogger(__name__)


class LocalTable(Local):
    """A table, .csv, .tsv or .parquet, with a row for each example and a column with its class.

    Columns of numbers are scaled; columns of text become categories, one component each (one-hot). The classes are the
    distinct values of the target, in order. A run keeps the columns, their categories and their scale, and encodes new
    tables by them; there, a category that the table does not have is refused. Needs pandas: pip install 'sdae[tables]'.

    Args:
        path: File with the training examples, and with those of each split that has no file of its own.
        target: The column with the classes.
        valid: File with the validation examples.
        test: File with the test examples.
        unlabelled: File with further training examples, with or without the target's column, which only pretraining
            uses.
        valid_fraction: Fraction of path for validation where it has no file.
        test_fraction: Fraction of path for the test where it has no file.
        drop: Columns to leave out, such as names.
        categories: Columns of numbers to encode as categories, such as codes.
        missing: refuse: a missing value is an error; impute: missing numbers are replaced by the median of the training
            examples, missing categories by their most frequent one.
        scale: Scaling of the numbers: standardise, to mean 0 and standard deviation 1 over the training examples;
            minmax, to [0, 1] by their least and greatest value there, beyond which other examples are clipped; none;
            auto is standardise. Categories stay 0 and 1.
        name: The problem's name; default: the file's.
        train_size: Number of training examples; default: all.
        seed: Seed of the splits, independent of a run's own seed.

    Raises:
        SdaeError: If a file cannot be used; names it, and the column and the row.
    """

    encoding: Encoding

    def __init__(
        self,
        path: Path,
        target: str,
        valid: Path | None = None,
        test: Path | None = None,
        unlabelled: Path | None = None,
        valid_fraction: float = 0.1,
        test_fraction: float = 0.1,
        drop: list[str] | None = None,
        categories: list[str] | None = None,
        missing: Literal["refuse", "impute"] = "refuse",
        scale: Literal["auto", "none", "minmax", "standardise"] = "auto",
        name: str | None = None,
        train_size: int | None = None,
        seed: int = 1,
    ) -> None:
        """Read the files."""
        given = {"train": path, "valid": valid, "test": test, UNLABELLED: unlabelled}
        files = {split: Path(file).expanduser() for split, file in given.items() if file is not None}
        refuse_twice(files)
        drop, categories, main = drop or [], categories or [], files["train"]
        if target in drop:
            raise SdaeError(f"drop: {target} is the target")
        frames = {
            split: _read(file, [*drop, *categories] if split == UNLABELLED else [target, *drop, *categories], drop)
            for split, file in files.items()
        }
        if unlabelled is not None:
            frames[UNLABELLED] = frames[UNLABELLED].drop(columns=target, errors="ignore")
        labelled = {split: f"{file}: column {target}" for split, file in files.items() if split != UNLABELLED}
        labels = {split: _labels(frames[split][target], place) for split, place in labelled.items()}
        self.class_names, n = tuple(np.unique(labels["train"]).tolist()), len(labels["train"])
        if not 2 <= len(self.class_names) <= max(2, n // 2):
            raise SdaeError(
                f"{labelled['train']}: has {len(self.class_names)} different values in {n} rows; a target has at least "
                "two classes, with several examples of each"
            )
        self._t = {split: codes(labels[split], self.class_names, place) for split, place in labelled.items()}
        rows = deal(self._t, valid_fraction, test_fraction, main, seed)
        super().__init__(name, main.stem, sizes_of(rows, len(frames.get(UNLABELLED, ()))), train_size, seed)
        self._files, self._rows, self._frames, self._scale = files, rows, frames, scale
        train = rows["train"][1][: self.train_size]
        _check_columns(frames, files, target)
        sources = [(str(files[split]), frame) for split, frame in frames.items()]
        self.encoding = learn_encoding(sources, target, categories, train, missing == "impute")
        self._log_columns()
        self.n_features = sum(column.width for column in self.encoding.columns)
        self.n_classes, self.image_shape = len(self.class_names), None
        self.value_range = (0.0, 1.0) if scale == "minmax" else (-math.inf, math.inf)

    def read(self) -> Arrays:
        """Return the splits, encoded."""
        encoding = self.encoding if self.kept is None else self.kept.encoding
        assert encoding is not None
        x = {split: encoding(frame, str(self._files[split])) for split, frame in self._frames.items()}
        return split_arrays(self._rows, x, self._t)

    def scaling_by(self, train_x: np.ndarray, divisor: float) -> Scaling:
        """Return the scaling of the columns of numbers."""
        if self._scale == "none":
            return Scaling()
        found = SCALINGS["standardise" if self._scale == "auto" else self._scale](train_x)
        one_hot = self.encoding.one_hot
        return Scaling(np.where(one_hot, 0, found.offset), np.where(one_hot, 1, found.divisor), found.clips)

    def _log_columns(self) -> None:
        columns = self.encoding.columns
        coded = [f"{column.name} ({column.width})" for column in columns if column.categories is not None]
        log.info(
            "%s: %d columns of numbers, %s; %d classes",
            self.name,
            len(columns) - len(coded),
            f"categories: {shortlist(coded)}" if coded else "no categories",
            len(self.class_names),
        )


def _read(path: Path, required: Sequence[str], drop: list[str]) -> Any:
    frame = read_frame(path)
    for name in required:
        if name not in frame.columns:
            raise SdaeError(f"{path}: has no column {name}; it has {shortlist(list(frame.columns))}")
    return frame.drop(columns=drop)


def _labels(series: Any, place: str) -> np.ndarray:
    empty = series.isna().to_numpy()
    if empty.any():
        raise SdaeError(
            f"{place}: row {np.argmax(empty)}, counted from 0, has no class ({empty.sum()} of {len(series)} have "
            "none); put such rows into a file of their own, and name it under unlabelled, or leave them out"
        )
    return as_categories(series, empty, place).astype(str)


def _check_columns(frames: dict[str, Any], files: dict[str, Path], target: str) -> None:
    """Refuse files with other columns than the main file."""
    main = frames["train"]
    for split, frame in frames.items():
        if strange := sorted(({*frame.columns} ^ {*main.columns}) - ({target} if split == UNLABELLED else set())):
            raise SdaeError(f"{files[split]}: only this file or {files['train']} has the column {strange[0]}")
