"""The local ``metrics.csv`` of a run: one row per metric and epoch."""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lightning.pytorch.loggers import Logger

from sdae.errors import SdaeError
from sdae.files import write_text
from sdae.tracking.keys import EPOCH, divided, in_stage

HEADER = ("key", EPOCH, "value")
Row = tuple[str, int, float]  # key, epoch counted from 1, value


class MetricsFile(Logger):
    """Appends metrics to ``metrics.csv``, one row per value: key, epoch, value.

    Args:
        path: The file, shared by the stages of a run.
        prefix: The stage, put before every key.
    """

    def __init__(self, path: Path, prefix: str) -> None:
        """Write nothing yet."""
        super().__init__()
        self.path, self.prefix = path, prefix

    @property
    def name(self) -> str:
        """Lightning's name of the logger."""
        return "metrics"

    @property
    def version(self) -> str:
        """Lightning's version of the log: there is one."""
        return ""

    def log_hyperparams(self, *args: Any, **kwargs: Any) -> None:
        """Keep none: ``config.yaml`` has them."""

    def log_metrics(self, metrics: Mapping[str, float], step: int | None = None) -> None:
        """Append one row for each metric."""
        epoch = int(metrics[EPOCH]) + 1  # people count from 1
        new = not self.path.exists()
        with self.path.open("a", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            if new:
                writer.writerow(HEADER)
            for key, value in metrics.items():
                if key != EPOCH:
                    writer.writerow((in_stage(self.prefix, key), epoch, repr(float(value))))

    def forget_from(self, epoch: int) -> None:
        """Drop this stage's rows from ``epoch`` on (counted from 0): a resumed stage writes them again."""
        if not self.path.exists():
            return
        kept = [row for row in read_metrics(self.path) if divided(row[0])[0] != self.prefix or row[1] <= epoch]
        lines = [",".join(HEADER), *(f"{key},{number},{value!r}" for key, number, value in kept)]
        write_text(self.path, "\n".join(lines) + "\n")


def read_metrics(path: Path) -> list[Row]:
    """Read the rows of a ``metrics.csv``: key, epoch counted from 1, value. A row cut short by a kill is left out.

    Raises:
        SdaeError: If another row is damaged; names its line.
    """
    rows = []
    with path.open(encoding="utf-8", newline="") as file:
        for n, line in enumerate(file, 1):
            if not line.endswith("\n") or line.startswith(HEADER[0]):
                continue
            try:
                key, epoch, value = line.rstrip("\n").split(",")
                rows.append((key, int(epoch), float(value)))
            except ValueError:
                raise SdaeError(f"{path}: line {n} is damaged; remove it") from None
    return rows
