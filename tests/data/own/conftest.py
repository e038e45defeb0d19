"""Files of the user's own: arrays and tables."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from own import T, X, columns


@pytest.fixture
def npz(tmp_path: Path) -> Callable[..., Path]:
    """Write an .npz file."""

    def write(name: str = "mine.npz", **arrays: Any) -> Path:
        content: dict[str, Any] = {"x": X, "t": T, **arrays}
        np.savez(tmp_path / name, **content)
        return tmp_path / name

    return write


@pytest.fixture
def table(tmp_path: Path) -> Callable[..., Path]:
    """Write a table."""
    pandas = pytest.importorskip("pandas", reason="tables need pandas: pip install -e '.[tables]'")

    def write(name: str = "mine.csv", separator: str = ",", **changed: Any) -> Path:
        path, frame = tmp_path / name, pandas.DataFrame(columns(**changed))
        if name.endswith("parquet"):
            frame.to_parquet(path)
        else:
            frame.to_csv(path, index=False, sep=separator)
        return path

    return write
