"""Encodes a table's columns as numbers, categories one-hot; a run keeps the encoding for new tables."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np

from sdae.errors import SdaeError

MOST_CATEGORIES = 100  # of a text column; one with more holds names or free text, and is refused
FIGURES = re.compile(r"[-+]?\d[\d.,/:' T-]*\d")  # a date, or a number with a comma
SHOWN = 5  # names listed in an error


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes:
        name: The column's name.
        categories: The categories in order, one component each; None for a column of numbers.
        fill: Replacement for missing values; None where they are refused.
    """

    name: str
    categories: tuple[str, ...] | None = None
    fill: float | str | None = None

    @property
    def width(self) -> int:
        """Number of components."""
        return 1 if self.categories is None else len(self.categories)


@dataclass(frozen=True)
class Encoding:
    """The encoding of a table as an array.

    Attributes:
        columns: The encoded columns, in order.
        target: The column with the classes, which is not encoded.
    """

    columns: tuple[Column, ...]
    target: str

    def __call__(self, frame: Any, source: str) -> np.ndarray:
        """Encode the rows of a data frame as numbers (n, d), float64.

        Args:
            frame: A pandas data frame with the encoding's columns, in any order; others are ignored.
            source: The table's file, for errors.

        Raises:
            SdaeError: If a column or a value is missing, or a value is not a number or not a known category.
        """
        if missing := [column.name for column in self.columns if column.name not in frame.columns]:
            raise SdaeError(f"{source}: has no column {shortlist(missing)}, which the run's table has")
        if len(frame) == 0:
            raise SdaeError(f"{source}: has no rows")
        parts = [_encode(column, frame[column.name], f"{source}: column {column.name}") for column in self.columns]
        return np.concatenate(parts, axis=1)

    @property
    def one_hot(self) -> np.ndarray:
        """Whether each component is that of a category, (d,)."""
        return np.repeat([c.categories is not None for c in self.columns], [c.width for c in self.columns])

    def described(self) -> dict[str, Any]:
        """Return plain values, from which :meth:`of` rebuilds the encoding."""
        return asdict(self)

    @classmethod
    def of(cls, described: Mapping[str, Any]) -> Self:
        """Rebuild an encoding from its plain values.

        Raises:
            KeyError, TypeError: If they do not describe an encoding.
        """
        columns = []
        for column in described["columns"]:
            categories = column["categories"]
            columns.append(Column(column["name"], None if categories is None else tuple(categories), column["fill"]))
        return cls(tuple(columns), described["target"])


def learn_encoding(
    frames: Sequence[tuple[str, Any]], target: str, categories: Sequence[str], train: np.ndarray, impute: bool
) -> Encoding:
    """Determine the encoding of a table.

    Args:
        frames: All examples, those of each file with its name, for errors; the main file, with the target, first.
        target: The column with the classes.
        categories: Columns of numbers to encode as categories.
        train: Rows of the training examples in the main file, whose median or most frequent category replaces missing
            values.
        impute: Whether missing values are replaced; otherwise they are refused.

    Raises:
        SdaeError: If a column is neither numbers nor categories; names its file, and the row there.
    """
    main, frame = frames[0]
    columns = [
        _learn_column(
            [(f"{source}: column {name}", each[name]) for source, each in frames], name in categories, train, impute
        )
        for name in frame.columns
        if name != target
    ]
    if not columns:
        raise SdaeError(f"{main}: has no column besides {target}")
    return Encoding(tuple(columns), target)


def as_categories(series: Any, empty: np.ndarray, place: str) -> np.ndarray:
    """Return a column as text, (n,) of type object: whole numbers without a decimal point, None where it is empty.

    Args:
        series: The column.
        empty: Whether each row has no value, (n,).
        place: File and column, for errors.

    Raises:
        SdaeError: If a value is infinite; names its row.
    """
    names = np.empty(len(series), dtype=object)
    for row, value in enumerate(series):
        if not empty[row]:
            if isinstance(value, float) and math.isinf(value):
                raise SdaeError(f"{place}: row {row}, counted from 0, holds infinity")
            whole = isinstance(value, float) and value.is_integer()
            names[row] = str(int(value)) if whole else str(value)
    return names


def codes(names: np.ndarray, categories: Sequence[str], place: str) -> np.ndarray:
    """Return the index of each name (n,) among the categories: (n,), int64.

    Args:
        names: Texts, (n,).
        categories: The known ones, in order.
        place: File and column, for errors.

    Raises:
        SdaeError: If a name is not among the categories; names its row.
    """
    index = {name: k for k, name in enumerate(categories)}
    found = np.array([index.get(name, -1) for name in names], dtype=np.int64)
    if (found < 0).any():
        row = np.argmin(found)
        raise SdaeError(
            f"{place}: row {row}, counted from 0, holds {str(names[row])!r}, not one of {shortlist(categories)}"
        )
    return found


def shortlist(names: Sequence[str]) -> str:
    """List the first few names, and count the others."""
    return ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")


def _encode(column: Column, series: Any, place: str) -> np.ndarray:
    empty = series.isna().to_numpy()
    if empty.any() and column.fill is None:
        raise SdaeError(
            f"{place}: row {np.argmax(empty)}, counted from 0, has no value ({empty.sum()} of {len(series)} have "
            "none); missing: impute fills them in"
        )
    if column.categories is None:
        values = _numbers(series, empty, place)
        values[empty] = column.fill
        return values[:, None]
    names = as_categories(series, empty, place)
    names[empty] = column.fill
    return np.eye(column.width)[codes(names, column.categories, place)]


def _learn_column(parts: Sequence[tuple[str, Any]], is_category: bool, train: np.ndarray, impute: bool) -> Column:
    """Determine the encoding of a column from its parts, each with its place: a file, and the column's name."""
    import pandas
    import pandas.api.types as kinds

    place, main = parts[0]
    series = pandas.concat([part for _, part in parts], ignore_index=True) if len(parts) > 1 else main
    present = train[~main.isna().to_numpy()[train]]
    if len(present) == 0:
        raise SdaeError(f"{place}: has no value in any training example; leave it out with drop")
    if kinds.is_datetime64_any_dtype(series) or kinds.is_timedelta64_dtype(series):
        raise SdaeError(f"{place}: holds dates; convert them to numbers, or leave the column out with drop")
    if not is_category and (kinds.is_numeric_dtype(series) or kinds.is_bool_dtype(series)):
        numbers = [_numbers(part, part.isna().to_numpy(), where) for where, part in parts]
        return Column(series.name, None, float(np.median(numbers[0][present])) if impute else None)
    names = [(where, as_categories(part, part.isna().to_numpy(), where)) for where, part in parts]
    if not is_category:
        _refuse_text([(where, _distinct(part)) for where, part in names])
    values, counts = np.unique(names[0][1][present].astype(str), return_counts=True)
    fill = str(values[np.argmax(counts)]) if impute else None
    return Column(series.name, tuple(_distinct(np.concatenate([part for _, part in names]))), fill)


def _distinct(names: np.ndarray) -> list[str]:
    """Return the distinct names (n,) in order; None is none."""
    found: list[str] = np.unique([name for name in names if name is not None]).tolist()
    return found


def _refuse_text(parts: Sequence[tuple[str, list[str]]]) -> None:
    """Refuse a text column by its distinct values: mostly numbers with typing errors, or too many to be categories."""
    values = sorted({value for _, part in parts for value in part})
    words = [value for value in values if not _is_number(value)]
    if len(words) <= len(values) // 2:
        place = next(where for where, part in parts if not words or words[0] in part)
        reason = f"{words[0]!r} is not a number, as others are" if words else "holds numbers that were read as text"
        raise SdaeError(f"{place}: {reason}; correct it, or list the column in categories")
    if len(figures := [value for value in words if FIGURES.fullmatch(value.strip())]) > len(values) // 2:
        raise SdaeError(
            f"{parts[0][0]}: {figures[0]!r} is a date, or a number with a comma; write numbers with a decimal "
            "point and nothing else, or list the column in categories"
        )
    if len(values) > MOST_CATEGORIES:
        raise SdaeError(
            f"{parts[0][0]}: has {len(values)} different values, such as {values[0]!r}; leave it out with drop, or "
            "list it in categories"
        )


def _numbers(series: Any, empty: np.ndarray, place: str) -> np.ndarray:
    """Return a column as float64, 0 where a value is missing."""
    values = np.zeros(len(series))
    try:
        values[~empty] = series[~empty].to_numpy(dtype=np.float64)
    except (TypeError, ValueError):
        row, value = next((k, value) for k, value in enumerate(series) if not empty[k] and not _is_number(value))
        raise SdaeError(f"{place}: row {row}, counted from 0, holds {value!r}, not a number") from None
    if not np.isfinite(values).all():
        raise SdaeError(f"{place}: row {np.argmin(np.isfinite(values))}, counted from 0, holds infinity")
    return values


def _is_number(value: Any) -> bool:
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return True
