"""Tables as data frames, read from .csv and .parquet files."""

import importlib
from pathlib import Path
from typing import Any

from sdae.errors import SdaeError

SUFFIXES = (".csv", ".tsv", ".parquet")
SEPARATORS = (",", ";", "\t")


def is_table(path: Path) -> bool:
    """Whether a file's name is a table's."""
    return path.suffix.lower() in SUFFIXES


def read_frame(path: Path) -> Any:
    """Read a table.

    The separator of a .csv is the comma, semicolon or tab that its first line has most of.

    Args:
        path: A .csv with column names in its first line, or a .parquet.

    Returns:
        A pandas data frame, its rows numbered from 0.

    Raises:
        SdaeError: If the file is missing or no table, or pandas is.
    """
    pandas = _pandas(path)
    try:
        if path.suffix.lower() == ".parquet":
            frame = pandas.read_parquet(path)
        else:
            with path.open(encoding="utf-8-sig") as file:
                head = file.readline()
            separator = max(SEPARATORS, key=head.count)
            frame = pandas.read_csv(path, sep=separator, encoding="utf-8-sig", skipinitialspace=True)
    except ImportError:
        raise SdaeError(f"{path}: needs pyarrow to be read; pip install 'sdae[tables]'") from None
    except (OSError, ValueError, LookupError) as error:  # pandas' and Arrow's own are among them
        reason = getattr(error, "strerror", None) or str(error).splitlines()[0]
        raise SdaeError(f"{path}: cannot be read as a table ({reason})") from None
    frame = frame.reset_index(drop=True)
    frame.columns = [str(name) for name in frame.columns]
    if repeated := [name for name in frame.columns if list(frame.columns).count(name) > 1]:
        raise SdaeError(f"{path}: has two columns named {repeated[0]}")
    return frame


def _pandas(path: Path) -> Any:
    try:
        return importlib.import_module("pandas")
    except ImportError:
        raise SdaeError(f"{path}: tables need pandas; pip install 'sdae[tables]'") from None
