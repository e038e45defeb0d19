"""Reads tables, .csv, .tsv and .parquet files, as data frames."""

import csv
import importlib
import warnings
from pathlib import Path
from typing import Any

from sdae.errors import MissingData, SdaeError

SUFFIXES = (".csv", ".tsv", ".parquet")
SEPARATORS = (",", ";", "\t")


def is_table(path: Path) -> bool:
    """Whether a file's name is that of a table."""
    return path.suffix.lower() in SUFFIXES


def read_frame(path: Path) -> Any:
    """Read a table.

    The separator of a .csv is the comma, semicolon or tab, whichever is most frequent in its first line.

    Args:
        path: A .csv or .tsv with column names in its first line, or a .parquet.

    Returns:
        A pandas data frame, its rows numbered from 0.

    Raises:
        SdaeError: If the file is missing or not a table, two columns have the same name or one has none, or pandas is
            not installed.
    """
    try:
        pandas = importlib.import_module("pandas")
    except ImportError:
        raise SdaeError(f"{path}: reading tables needs pandas; pip install 'sdae[tables]'") from None
    names: list[str] = []  # of a .csv, where pandas renames a repeated one
    try:
        if path.suffix.lower() == ".parquet":
            frame = pandas.read_parquet(path)
        else:
            with path.open(encoding="utf-8-sig") as file:
                head = file.readline()
            separator = max(SEPARATORS, key=head.count)
            names = next(csv.reader([head], delimiter=separator, skipinitialspace=True), [])
            with warnings.catch_warnings(action="error", category=pandas.errors.ParserWarning):
                # Else pandas takes a first column without a name for an index, and shifts the names of the others.
                frame = pandas.read_csv(
                    path, sep=separator, encoding="utf-8-sig", skipinitialspace=True, index_col=False
                )
    except pandas.errors.ParserWarning:
        raise SdaeError(f"{path}: its rows have more values than its first line has names") from None
    except UnicodeDecodeError:
        raise SdaeError(f"{path}: is not UTF-8; save it in this encoding") from None
    except ImportError:
        raise SdaeError(f"{path}: reading .parquet needs pyarrow; pip install 'sdae[tables]'") from None
    except FileNotFoundError:
        raise MissingData(f"{path}: no such file") from None
    except (OSError, ValueError, LookupError, csv.Error) as error:  # base classes of pandas' and Arrow's, too
        reason = getattr(error, "strerror", None) or str(error).splitlines()[0]
        raise SdaeError(f"{path}: cannot be read as a table ({reason})") from None
    frame = frame.reset_index(drop=True)
    frame.columns = [str(name) for name in frame.columns]
    if repeated := [name for name in names if name and names.count(name) > 1]:
        raise SdaeError(f"{path}: has two columns named {repeated[0]}")
    return frame
