"""Logging to Weights & Biases; :mod:`sdae.tracking.keys` has the names.

Every stage has its own epoch axis, because epochs are counted anew in each.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from lightning.pytorch.loggers import Logger, WandbLogger

from sdae.files import write_text
from sdae.tracking.keys import ENDED, EPOCH, divided, epoch_axis, in_stage
from sdae.tracking.metrics_file import MetricsFile, Row, read_metrics
from sdae.tracking.options import NAME, TAG, Tracking
from sdae.tracking.wandb_run import forgiven, open_run, shortened

log = logging.getLogger(__name__)


class StageLogger(WandbLogger):
    """Puts the stage before every key as a path, which is how W&B groups its charts.

    Args:
        run: The W&B run.
        prefix: The stage.
        lost: Rows of the stage from before it was interrupted, which are to be logged again.
    """

    LOGGER_JOIN_CHAR = "/"

    def __init__(self, run: Any, prefix: str, lost: Sequence[Row]) -> None:
        """Log nothing yet."""
        super().__init__(experiment=run, prefix=prefix)
        self.run, self.lost = run, lost

    def log_metrics(self, metrics: Mapping[str, float], step: int | None = None) -> None:
        """Log the metrics of an epoch; training continues if W&B fails."""
        with forgiven():
            super().log_metrics(metrics, step)

    def forget_from(self, epoch: int) -> None:
        """Log the lost rows again, except those from ``epoch`` on (counted from 0), which will be trained again."""
        _log_rows(self.run, [row for row in self.lost if row[1] <= epoch])
        self.lost = []


class Tracker:
    """The open record of one run.

    Args:
        metrics: Path of ``metrics.csv``; None without stages of training.
        run: The W&B run, or None where it is off.
        lost: Rows that W&B may lack, since the process that logged them was killed.
    """

    def __init__(self, metrics: Path | None, run: Any | None, lost: Sequence[Row] = ()) -> None:
        """Take over an open W&B run."""
        self.metrics, self.run = metrics, run
        self.lost = list(lost)

    def loggers(self, prefix: str) -> list[Logger]:
        """Return the loggers of one stage."""
        assert self.metrics is not None
        loggers: list[Logger] = [MetricsFile(self.metrics, prefix)]
        if self.run is not None:
            _define(self.run, prefix)
            self.replay_lost(before=prefix)
            rows, self.lost = _of(self.lost, prefix)
            loggers.append(StageLogger(self.run, prefix, rows))
        return loggers

    def rows(self, prefix: str) -> list[Row]:
        """Return a stage's rows of ``metrics.csv``, without the stage before the keys."""
        assert self.metrics is not None
        rows = read_metrics(self.metrics) if self.metrics.exists() else []
        return [(divided(key)[1], epoch, value) for key, epoch, value in rows if divided(key)[0] == prefix]

    def replay(self, prefix: str, rows: Sequence[Row]) -> None:
        """Log a stage that another run has trained as if it had been trained here, in place of its logged rows."""
        loggers = self.loggers(prefix)
        for logger in loggers:
            if isinstance(logger, MetricsFile | StageLogger):
                logger.forget_from(0)
            for epoch, together in groupby(rows, key=lambda row: row[1]):
                logger.log_metrics({key: value for key, _, value in together} | {EPOCH: epoch - 1})

    def replay_lost(self, before: str | None = None) -> None:
        """Log again the lost rows of finished stages: of all, or of those before another."""
        for stage in dict.fromkeys(_stage(row) for row in self.lost):
            if stage == before:
                return
            rows, self.lost = _of(self.lost, stage)
            _define(self.run, stage)
            _log_rows(self.run, rows)

    def image(self, key: str, image: np.ndarray | Path, caption: str) -> None:
        """Show a grey image, (height, width) of bytes, or a picture file."""
        if self.run is not None:
            import wandb  # takes most of a second; done by now, as there is a run

            shown = str(image) if isinstance(image, Path) else image
            with forgiven():
                self.run.log({key: wandb.Image(shown, caption=caption)})

    def table(self, key: str, columns: Sequence[str], rows: list[list[Any]]) -> None:
        """Show a table."""
        if self.run is not None:
            import wandb

            with forgiven():
                self.run.log({key: wandb.Table(columns=list(columns), data=rows)})

    def summary(self, values: Mapping[str, Any]) -> None:
        """Put final values on the run's page."""
        if self.run is not None:
            with forgiven():
                self.run.summary.update(dict(values))


def distinct_names(runs: Sequence[str]) -> list[str]:
    """Return keys for several runs: the names of their folders, or their paths if two have the same name."""
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
        tracking: The options of tracking.
        folder: The run folder; W&B's files go below it.
        metrics: Path of ``metrics.csv``; None without stages of training.
        wandb_id: File that keeps the W&B run's id, by which an interrupted run is resumed; None for a new one.
        config: The resolved configuration.
        tags: The problem's and the method's names.

    Raises:
        Untrackable: If W&B is not available in the mode that was requested.
    """
    mode = tracking.mode
    interrupted = wandb_id is not None and wandb_id.is_file()
    run = open_run(
        mode,
        tracking.wandb == "auto",
        folder,
        wandb_id.read_text(encoding="utf-8").strip() if wandb_id is not None and interrupted else None,
        name=shortened(tracking.name or folder.name, NAME),
        project=tracking.project,
        group=tracking.group and shortened(tracking.group, NAME),
        job_type=tracking.job_type,
        tags=[shortened(tag, TAG) for tag in [*tags, *tracking.tags]],
        config=dict(config),
    )
    if run is None:
        yield Tracker(metrics, None)
        return
    offline = run.settings._offline
    log.info("W&B: %s", f"offline; to upload, wandb sync {Path(run.dir).parent}" if offline else run.url)
    if wandb_id is not None:
        write_text(wandb_id, f"{run.id}\n")
    # The killed process of an offline run may have left nothing on disk, so all rows are logged again.
    repeated = interrupted and offline and metrics is not None and metrics.exists()
    tracker = Tracker(metrics, run, read_metrics(metrics) if metrics is not None and repeated else [])
    code = 1
    try:
        yield tracker
        code = 0
    except Exception as error:
        tracker.summary({ENDED: str(error) or type(error).__name__})
        raise
    finally:
        with forgiven():
            tracker.replay_lost()
            run.finish(exit_code=code)


def _define(run: Any, stage: str) -> None:
    with forgiven():
        run.define_metric(epoch_axis(stage), hidden=True)
        run.define_metric(in_stage(stage, "*"), step_metric=epoch_axis(stage))


def _stage(row: Row) -> str:
    return divided(row[0])[0]


def _of(rows: Sequence[Row], stage: str) -> tuple[list[Row], list[Row]]:
    """Return the rows of a stage, and the others."""
    return [row for row in rows if _stage(row) == stage], [row for row in rows if _stage(row) != stage]


def _log_rows(run: Any, rows: Sequence[Row]) -> None:
    with forgiven():
        for row in rows:
            key, epoch, value = row
            run.log({key: value, epoch_axis(_stage(row)): epoch - 1})
