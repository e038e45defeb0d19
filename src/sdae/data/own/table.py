"""Your own tables: a .csv or .parquet file becomes a problem, its columns numbers and categories."""

import logging
import math
from pathlib import Path
from typing import Any, Literal

import numpy as np

from sdae.data.cache import Arrays
from sdae.data.own.encoding import as_categories, learnt, listed
from sdae.data.own.frames import read_frame
from sdae.data.own.local import UNLABELLED, Local, arrays_of, deal, sizes_of, with_unlabelled
from sdae.data.scaling import Scaling
from sdae.errors import SdaeError

log = logging.getLogger(__name__)


class LocalTable(Local):
    """A table, .csv or .parquet, with a row for each example and a column with its class.

    Columns of numbers are scaled, columns of text are categories, one component each (one-hot). The classes are the
    target's different values in order. A run keeps the columns, their categories and their scale, so that new tables
    are predicted as they are; a category that the table does not have is refused there. Needs pandas: pip install
    'sdae[tables]'.

    Args:
        path: The file with the training examples, and with those of each split that has no file of its own.
        target: The column with the classes.
        valid: A file with the validation examples.
        test: A file with the test examples.
        unlabelled: A file with further training examples, with or without the target's column, which pretraining alone
            sees.
        valid_fraction: Fraction of path for validation where it has no file.
        test_fraction: Fraction of path for the test where it has no file.
        drop: Columns to leave out, such as names.
        categories: Columns of numbers that are categories all the same, such as codes.
        missing: refuse: a missing value is an error; impute: numbers are filled in by the median of the training
            examples, categories by their most frequent one.
        scale: What is done to numbers: standardise, to mean 0 and standard deviation 1 over the training examples;
            minmax, to [0, 1] by their least and greatest value there, as whose ends values beyond are taken; none; auto
            is standardise. Categories stay 0 and 1.
        name: The problem's name; default: the file's.
        train_size: Number of training examples; default: all.
        seed: Seed of the splits. It is no part of a run's own seed.

    Raises:
        SdaeError: If a file cannot be used; names it, and the column and the row.
    """

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
        files = {"train": path, "valid": valid, "test": test}
        given = {split: file.expanduser() for split, file in files.items() if file is not None}
        self._frames = {split: self._read(file, target, drop or [], categories or []) for split, file in given.items()}
        if unlabelled is not None:
            more = self._read(unlabelled.expanduser(), None, drop or [], categories or [])
            self._frames[UNLABELLED] = more.drop(columns=target, errors="ignore")
        labels = {split: _labels(self._frames[split][target], path) for split, path in given.items()}
        self.class_names = tuple(np.unique(labels["train"]).tolist())
        main, n = given["train"], len(labels["train"])
        if not 2 <= len(self.class_names) <= max(2, n // 2):
            raise SdaeError(
                f"{main}: column {target}: has {len(self.class_names)} different values in {n} rows; a target has two "
                "classes at least, with some examples of each"
            )
        t = {split: self._classes(values, given[split], target) for split, values in labels.items()}
        rows = deal(t, valid_fraction, test_fraction, main, seed)
        super().__init__(name, main.stem, sizes_of(rows, len(self._frames.get(UNLABELLED, ()))), train_size, seed)
        self._files = {**given, **({UNLABELLED: unlabelled.expanduser()} if unlabelled is not None else {})}
        self._rows, self._t, self.scale = rows, t, scale
        frame = self._frames["train"]
        train = rows["train"][1][: self.train_size]
        self.encoding = learnt(self._joined(target), target, categories or [], train, missing == "impute", str(main))
        self._report(frame)
        self.n_features = sum(column.width for column in self.encoding.columns)
        self.n_classes, self.image_shape = len(self.class_names), None
        self.value_range = (0.0, 1.0) if scale == "minmax" else (-math.inf, math.inf)

    def read(self) -> Arrays:
        """Return the splits, encoded."""
        encoding = self.encoding if self.kept is None else self.kept.encoding
        assert encoding is not None
        x = {split: encoding(frame, str(self._files[split])) for split, frame in self._frames.items()}
        splits = {split: (x[file][part], self._t[file][part]) for split, (file, part) in self._rows.items()}
        return arrays_of(splits | {"train": with_unlabelled(splits["train"], x.get(UNLABELLED))})

    def scaling_by(self, train_x: np.ndarray, divisor: float) -> Scaling:
        """Scale the columns of numbers."""
        if self.scale == "none":
            return Scaling()
        found = Scaling.by_extremes(train_x) if self.scale == "minmax" else Scaling.by_deviation(train_x)
        assert self.encoding is not None
        categories = self.encoding.of_categories
        return Scaling(np.where(categories, 0, found.offset), np.where(categories, 1, found.divisor), found.clips)

    def _read(self, path: Path, target: str | None, drop: list[str], categories: list[str]) -> Any:
        frame = read_frame(path)
        for name in (*([] if target is None else [target]), *drop, *categories):
            if name not in frame.columns:
                raise SdaeError(f"{path}: has no column {name}; it has {listed(list(frame.columns))}")
        return frame.drop(columns=drop)

    def _joined(self, target: str) -> Any:
        import pandas

        first, main = self._frames["train"], self._files["train"]
        for split, frame in self._frames.items():
            if strange := sorted(({*frame.columns} ^ {*first.columns}) - ({target} if split == UNLABELLED else set())):
                raise SdaeError(f"{self._files[split]}: {strange[0]} is a column in only one of it and {main}")
        return pandas.concat(list(self._frames.values()), ignore_index=True) if len(self._frames) > 1 else first

    def _classes(self, labels: np.ndarray, path: Path, target: str) -> np.ndarray:
        place = {name: k for k, name in enumerate(self.class_names)}
        t = np.array([place.get(name, -1) for name in labels], dtype=np.int64)
        if (t < 0).any():
            row = int(np.flatnonzero(t < 0)[0])
            raise SdaeError(
                f"{path}: column {target}: row {row}, counted from 0, is of class {labels[row]}, which is none of "
                f"{listed(self.class_names)}"
            )
        return t

    def _report(self, frame: Any) -> None:
        assert self.encoding is not None
        coded = [f"{column.name} ({column.width})" for column in self.encoding.columns if column.categories is not None]
        count = len(self.encoding.columns) - len(coded)
        log.info(
            "%s: %d columns of numbers%s; %d classes",
            self.name,
            count,
            f", categories: {listed(coded)}" if coded else ", none of categories",
            len(self.class_names),
        )


def _labels(series: Any, path: Path) -> np.ndarray:
    empty = series.isna().to_numpy()
    if empty.any():
        row = int(np.flatnonzero(empty)[0])
        raise SdaeError(f"{path}: column {series.name}: row {row}, counted from 0, has no class")
    return as_categories(series, empty).astype(str)
