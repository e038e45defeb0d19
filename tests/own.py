"""Arrays and tables of one's own, for the tests of the problems that are made of them."""

from typing import Any

import numpy as np

RANDOM = np.random.default_rng(0)
X = RANDOM.random((40, 6)).astype(np.float32)
X[:, 0] = np.arange(40) / 40  # names each example
T = np.arange(40) % 3

ROWS = 60  # of the table


def columns(**changed: Any) -> dict[str, Any]:
    """Return the columns of a table, some of them changed."""
    random = np.random.default_rng(0)
    return {
        "age": random.integers(20, 80, ROWS),
        "town": np.array(["Bern", "Aarau", "Chur"])[np.arange(ROWS) % 3],
        "weight": random.normal(70, 9, ROWS),
        "smokes": np.arange(ROWS) % 5 == 0,
        "well": np.where(np.arange(ROWS) % 2 == 0, "yes", "no"),
    } | changed


def ready(problem: Any) -> Any:
    """Load a problem, and return it."""
    problem.load()
    return problem


def examples(problem: Any) -> list[np.ndarray]:
    """Return which rows of X each split has, by their first component."""
    return [np.rint(split.x[:, 0].numpy() * 40).astype(int) for split in problem.splits.values()]


def with_one(array: np.ndarray, value: float, row: int = 11) -> np.ndarray:
    """Return an array with one value changed."""
    array = array.astype(np.float64)
    array[(row, 2) if array.ndim == 2 else row] = value
    return array
