"""The claims of the paper's text and captions about its figures, which print no numbers."""

import csv
from functools import cache
from pathlib import Path


@cache
def _rows() -> tuple[tuple[str, str], ...]:
    with (Path(__file__).parent / "claims.csv").open(encoding="utf-8", newline="") as file:
        return tuple((row["figure"], f"{row['claim']} ({row['where']})") for row in csv.DictReader(file))


def claims(figure: str) -> tuple[str, ...]:
    """Return the claims of a figure, ``figure10``, each with where it stands."""
    return tuple(claim for name, claim in _rows() if name == figure)
