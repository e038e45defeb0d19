"""What is told to Weights & Biases and to the local ``metrics.csv``, and under which keys.

A stage logs short names (``loss``, ``valid_error``); its loggers put the stage before them: ``pretrain/layer1/loss``,
``fit/valid_error``, ``test/error``. Every stage has its own epoch axis, because epochs start again in each.
"""

import csv
import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any, Literal

import numpy as np
import wandb
from lightning.pytorch.loggers import Logger, WandbLogger

from sdae.aside import write_aside
from sdae.errors import SdaeError

log = logging.getLogger(__name__)

Mode = Literal["auto", "online", "offline", "off"]
HEADER = ("key", "epoch", "value")

Row = tuple[str, int, float]  # key, epoch counted from 1, value


@dataclass
class Tracking:
    """Where a run is tracked, beside its own folder.

    Args:
        wandb: auto (online where you are logged in, else offline), online, offline or off. It never asks anything.
        project: W&B project.
        group: W&B group; a study's name.
        job_type: W&B job type.
        tags: W&B tags, beside the problem and the method.
        name: W&B run name; the run folder's where none is given.
    """

    wandb: Mode = "auto"
    project: str = "sdae"
    group: str | None = None
    job_type: str = "fit"
    tags: list[str] = field(default_factory=list)
    name: str | None = None

    @property
    def mode(self) -> Literal["online", "offline", "off"]:
        """Resolve auto, without asking and without the network."""
        if self.wandb != "auto":
            return self.wandb
        told = os.environ.get("WANDB_MODE")
        if told in ("offline", "dryrun"):
            return "offline"
        if told in ("online", "run"):
            return "online"
        if told == "disabled":
            return "off"
        return "online" if wandb.login(prompt=False) else "offline"


class MetricsFile(Logger):
    """Appends metrics to ``metrics.csv``, one row a value: key, epoch, value.

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
        epoch = int(metrics["epoch"]) + 1  # people count from 1
        new = not self.path.exists()
        with self.path.open("a", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            if new:
                writer.writerow(HEADER)
            for key, value in metrics.items():
                if key != "epoch":
                    writer.writerow((f"{self.prefix}/{key}", epoch, repr(float(value))))

    def forget_from(self, epoch: int) -> None:
        """Drop this stage's rows from ``epoch`` on (counted from 0): a resumed stage writes them again."""
        if not self.path.exists():
            return
        kept = [row for row in read_metrics(self.path) if not row[0].startswith(f"{self.prefix}/") or row[1] <= epoch]
        lines = [",".join(HEADER), *(f"{key},{number},{value!r}" for key, number, value in kept)]
        write_aside(self.path, lambda aside: Path(aside).write_text("\n".join(lines) + "\n", encoding="utf-8"))


def read_metrics(path: Path) -> list[Row]:
    """Read the rows of a ``metrics.csv``. A row cut short by a kill is left out."""
    rows = []
    with path.open(encoding="utf-8", newline="") as file:
        for line in file:
            if not line.endswith("\n") or line.startswith(HEADER[0]):
                continue
            key, epoch, value = line.rstrip("\n").split(",")
            rows.append((key, int(epoch), float(value)))
    return rows


class StageLogger(WandbLogger):
    """Puts the stage before every key as a path, which is how W&B groups its charts."""

    LOGGER_JOIN_CHAR = "/"


class Tracker:
    """The open record of one run.

    Args:
        metrics: Path of ``metrics.csv``; None where nothing is trained in stages.
        run: The W&B run, or None where it is off.
    """

    def __init__(self, metrics: Path | None, run: Any | None) -> None:
        """Take over an open W&B run."""
        self.metrics, self.run = metrics, run

    def loggers(self, prefix: str) -> list[Logger]:
        """Return the loggers of one stage."""
        assert self.metrics is not None
        loggers: list[Logger] = [MetricsFile(self.metrics, prefix)]
        if self.run is not None:
            self.run.define_metric(f"{prefix}/epoch", hidden=True)
            self.run.define_metric(f"{prefix}/*", step_metric=f"{prefix}/epoch")
            loggers.append(StageLogger(experiment=self.run, prefix=prefix))
        return loggers

    def rows(self, prefix: str) -> list[Row]:
        """Return what ``metrics.csv`` has of a stage, without the stage before the keys."""
        assert self.metrics is not None
        rows = read_metrics(self.metrics) if self.metrics.exists() else []
        return [
            (key.removeprefix(f"{prefix}/"), epoch, value) for key, epoch, value in rows if key.startswith(f"{prefix}/")
        ]

    def tell(self, prefix: str, rows: Sequence[Row]) -> None:
        """Log a stage that another run has trained as if it had been trained here, in place of what is known of it."""
        loggers = self.loggers(prefix)
        for logger in loggers:
            if isinstance(logger, MetricsFile):
                logger.forget_from(0)
            for epoch, together in groupby(rows, key=lambda row: row[1]):
                logger.log_metrics({key: value for key, _, value in together} | {"epoch": epoch - 1})

    def image(self, key: str, image: np.ndarray | Path, caption: str) -> None:
        """Show a grey image, (height, width) of bytes, or a picture file."""
        if self.run is not None:
            shown = str(image) if isinstance(image, Path) else image
            self.run.log({key: wandb.Image(shown, caption=caption)})

    def table(self, key: str, columns: Sequence[str], rows: list[list[Any]]) -> None:
        """Show a table."""
        if self.run is not None:
            self.run.log({key: wandb.Table(columns=list(columns), data=rows)})

    def summary(self, values: Mapping[str, Any]) -> None:
        """Put final values on the run's page."""
        if self.run is not None:
            self.run.summary.update(dict(values))


def told_apart(runs: Sequence[str]) -> list[str]:
    """Return keys for several runs: the names of their folders, or their paths where two have one name."""
    names = [Path(run).name for run in runs]
    return names if len(set(names)) == len(names) else list(runs)


@contextmanager
def tracked(
    tracking: Tracking,
    folder: Path,
    metrics: Path | None,
    wandb_id: Path | None,
    config: Mapping[str, Any],
    tags: list[str],
) -> Iterator[Tracker]:
    """Open the record of a run, and close it whatever happens.

    Args:
        tracking: Where to.
        folder: The run folder; W&B's files go below it.
        metrics: Path of ``metrics.csv``; None where nothing is trained in stages.
        wandb_id: File that keeps the W&B run's id, by which an interrupted run is taken up again; None for a new one
            every time.
        config: The resolved configuration.
        tags: The problem's and the method's names.
    """
    mode = tracking.mode
    if mode == "off":
        yield Tracker(metrics, None)
        return
    interrupted = wandb_id is not None and wandb_id.is_file()
    try:
        # Not through WandbLogger, which passes on an option that W&B only warns of.
        run = wandb.init(
            name=tracking.name or folder.name,
            id=wandb_id.read_text().strip() if wandb_id is not None and interrupted else None,
            resume="allow",
            project=tracking.project,
            group=tracking.group,
            job_type=tracking.job_type,
            tags=[*tags, *tracking.tags],
            config=dict(config),
            dir=folder,
            mode=mode,
            settings=wandb.Settings(silent=True, console="off", init_timeout=30),
        )
    except wandb.Error as error:
        raise SdaeError(f"tracking.wandb: {error}; use --tracking.wandb offline, or off") from None
    log.info("W&B: %s", run.url if mode == "online" else f"offline; to upload, wandb sync {Path(run.dir).parent}")
    if wandb_id is not None:
        write_aside(wandb_id, lambda aside: Path(aside).write_text(f"{run.id}\n"))
    if interrupted and mode == "offline" and metrics is not None:
        _tell_again(run, metrics)
    code = 1
    try:
        yield Tracker(metrics, run)
        code = 0
    finally:
        run.finish(exit_code=code)


def _tell_again(run: Any, metrics: Path) -> None:
    """Write the history of an interrupted offline run again: a killed process may have left none on disk."""
    for key, epoch, value in read_metrics(metrics) if metrics.exists() else []:
        prefix = key.rpartition("/")[0]
        run.define_metric(f"{prefix}/*", step_metric=f"{prefix}/epoch")
        run.log({key: value, f"{prefix}/epoch": epoch - 1})
