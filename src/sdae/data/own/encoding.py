"""A table's columns become numbers: numbers as they are, categories one-hot; kept with a run, for new tables."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np

from sdae.errors import SdaeError

MOST = 100  # categories of a column; with more it is a name or a text
COLUMNS = 5  # named in an error


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes:
        name: Its name.
        categories: Its categories in order, each a component of its own; None where it holds numbers.
        fill: What a missing value is taken for; None where it is refused.
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
    """What makes an array of a table.

    Attributes:
        columns: The columns that enter, in order.
        target: The column with the classes.
    """

    columns: tuple[Column, ...]
    target: str

    def __call__(self, frame: Any, what: str) -> np.ndarray:
        """Return the rows of a data frame as numbers (n, d), float64; columns are found by name, others left alone.

        Args:
            frame: A pandas data frame.
            what: Where it comes from, for errors.

        Raises:
            SdaeError: If a column is missing, or a value is missing, no number, or none of the known categories.
        """
        if missing := [column.name for column in self.columns if column.name not in frame.columns]:
            raise SdaeError(f"{what}: has no column {listed(missing)}; the run's table has it")
        if len(frame) == 0:
            raise SdaeError(f"{what}: holds no rows")
        parts = [self._encode(column, frame[column.name], what) for column in self.columns]
        return np.concatenate(parts, axis=1)

    def _encode(self, column: Column, series: Any, what: str) -> np.ndarray:
        empty = series.isna().to_numpy()
        if empty.any() and column.fill is None:
            row = int(np.flatnonzero(empty)[0])
            raise SdaeError(
                f"{what}: column {column.name}: row {row}, counted from 0, has no value ({int(empty.sum())} of "
                f"{len(series)} have none); missing: impute fills them in"
            )
        if column.categories is None:
            values = numbers(series, empty, what)
            values[empty] = np.nan if column.fill is None else float(column.fill)
            return values[:, None]
        names = as_categories(series, empty)
        names[empty] = column.fill
        place = {name: k for k, name in enumerate(column.categories)}
        codes = np.array([place.get(name, -1) for name in names])
        if (codes < 0).any():
            row = int(np.flatnonzero(codes < 0)[0])
            raise SdaeError(
                f"{what}: column {column.name}: row {row}, counted from 0, holds {names[row]!r}, which is none of "
                f"{listed(column.categories)}"
            )
        return np.eye(len(column.categories))[codes]

    @property
    def of_categories(self) -> np.ndarray:
        """Which components are those of categories, (d,)."""
        return np.repeat([c.categories is not None for c in self.columns], [c.width for c in self.columns])

    def described(self) -> dict[str, Any]:
        """Return plain values, from which :meth:`of` makes the same again."""
        return asdict(self)

    @classmethod
    def of(cls, described: Mapping[str, Any]) -> Self:
        """Return the encoding that was described.

        Raises:
            KeyError, TypeError: If that is none.
        """
        columns = []
        for column in described["columns"]:
            categories = column["categories"]
            columns.append(Column(column["name"], None if categories is None else tuple(categories), column["fill"]))
        return cls(tuple(columns), described["target"])


def learnt(frame: Any, target: str, categories: Sequence[str], train: np.ndarray, impute: bool, what: str) -> Encoding:
    """Return the encoding of a table.

    Args:
        frame: All examples, with their target.
        target: The column with the classes.
        categories: Columns of numbers that are categories all the same.
        train: Rows of the training examples, by whose median and most frequent category missing values are filled.
        impute: Whether missing values are filled in; they are refused otherwise.
        what: Where the table comes from, for errors.

    Raises:
        SdaeError: If a column can be neither; names it.
    """
    import pandas.api.types as kinds

    columns = []
    for name in frame.columns:
        if name == target:
            continue
        series = frame[name]
        empty = series.isna().to_numpy()
        if empty[train].all():
            raise SdaeError(f"{what}: column {name}: has no value in any training example; leave it out with drop")
        if kinds.is_datetime64_any_dtype(series) or kinds.is_timedelta64_dtype(series):
            raise SdaeError(f"{what}: column {name}: holds dates; make numbers of them, or leave it out with drop")
        if name not in categories and (kinds.is_numeric_dtype(series) or kinds.is_bool_dtype(series)):
            fill = float(np.median(numbers(series, empty, what)[train][~empty[train]])) if impute else None
            columns.append(Column(name, None, fill))
            continue
        names = as_categories(series, empty)
        there, counts = np.unique(names[train][~empty[train]].astype(str), return_counts=True)
        known = tuple(np.unique(names[~empty].astype(str)).tolist())
        if name not in categories:
            refuse_text(name, known, what)
        columns.append(Column(name, known, str(there[np.argmax(counts)]) if impute else None))
    if not columns:
        raise SdaeError(f"{what}: has no column beside {target}")
    return Encoding(tuple(columns), target)


def refuse_text(name: str, known: Sequence[str], what: str) -> None:
    """Refuse a column of text that is no category: one of numbers with a slip in it, or one of names.

    Raises:
        SdaeError: If it is.
    """
    odd = [text for text in known if not _is_number(text)]
    if len(odd) <= len(known) // 2:
        slip = f"{odd[0]!r} is not a number, as others are" if odd else "holds numbers that were read as text"
        raise SdaeError(f"{what}: column {name}: {slip}; mend it, or name the column in categories")
    if len(known) > MOST:
        raise SdaeError(
            f"{what}: column {name}: has {len(known)} different values, such as {known[0]!r}; leave it out with "
            "drop, or name it in categories"
        )


def numbers(series: Any, empty: np.ndarray, what: str) -> np.ndarray:
    """Return a column as float64, missing values as 0.

    Raises:
        SdaeError: If a value is none.
    """
    try:
        values = series[~empty].to_numpy(dtype=np.float64)
    except (TypeError, ValueError):
        odd = next((row, v) for row, v in enumerate(series) if not empty[row] and not _is_number(v))
        raise SdaeError(
            f"{what}: column {series.name}: row {odd[0]}, counted from 0, holds {odd[1]!r}, not a number"
        ) from None
    if not np.isfinite(values).all():
        row = int(np.flatnonzero(~empty)[np.flatnonzero(~np.isfinite(values))[0]])
        raise SdaeError(f"{what}: column {series.name}: row {row}, counted from 0, holds infinity")
    whole = np.zeros(len(series))
    whole[~empty] = values
    return whole


def as_categories(series: Any, empty: np.ndarray) -> np.ndarray:
    """Return a column as text, (n,) of type object, whole numbers without a decimal point; None where it is empty."""
    names = np.empty(len(series), dtype=object)
    for row, value in enumerate(series):
        if not empty[row]:
            whole = isinstance(value, float) and value == int(value)
            names[row] = str(int(value)) if whole else str(value)
    return names


def listed(names: Sequence[str]) -> str:
    """Name the first few."""
    return ", ".join(names[:COLUMNS]) + (f" and {len(names) - COLUMNS} more" if len(names) > COLUMNS else "")


def _is_number(value: Any) -> bool:
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return True
