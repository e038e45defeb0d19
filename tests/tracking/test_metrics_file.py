"""What is told to ``metrics.csv``."""

from pathlib import Path

import numpy as np
import pytest

from sdae.errors import SdaeError
from sdae.tracking.metrics_file import MetricsFile, read_metrics


@pytest.fixture
def metrics(tmp_path):
    """Two stages of three epochs each."""
    path = tmp_path / "metrics.csv"
    for stage in ("pretrain/layer1", "fit"):
        for epoch in range(3):
            MetricsFile(path, stage).log_metrics({"loss": 0.1 + epoch, "epoch": epoch})
    return path


def test_metrics_come_back_as_they_were_with_epochs_counted_from_one(tmp_path):
    path, value = tmp_path / "metrics.csv", float(np.float32(0.1))
    MetricsFile(path, "fit").log_metrics({"loss": value, "valid_error": 1 / 3, "epoch": 4}, step=77)
    assert read_metrics(path) == [("fit/loss", 5, value), ("fit/valid_error", 5, 1 / 3)]
    assert path.read_text().splitlines()[0] == "key,epoch,value"


def test_a_resumed_stage_forgets_what_it_will_train_again(metrics):
    MetricsFile(metrics, "fit").forget_from(1)
    assert [(key, epoch) for key, epoch, _ in read_metrics(metrics)] == [
        *(("pretrain/layer1/loss", epoch) for epoch in (1, 2, 3)),
        ("fit/loss", 1),
    ]


def test_a_stage_whose_name_begins_like_anothers_is_left_alone(metrics):
    for epoch in range(2):
        MetricsFile(metrics, "pretrain/layer11").log_metrics({"loss": 1.0, "epoch": epoch})
    MetricsFile(metrics, "pretrain/layer1").forget_from(0)
    assert {key for key, _, _ in read_metrics(metrics)} == {"fit/loss", "pretrain/layer11/loss"}


def test_forgetting_before_the_first_row_makes_no_file(tmp_path):
    MetricsFile(tmp_path / "metrics.csv", "fit").forget_from(0)
    assert not list(Path(tmp_path).iterdir())


@pytest.mark.parametrize("cut", ["f", "fit/loss", "fit/loss,4", "fit/loss,4,", "fit/loss,4,0.2"])
def test_a_row_cut_short_by_a_kill_is_left_out(metrics, cut):
    whole = read_metrics(metrics)
    with metrics.open("a") as file:
        file.write(cut)
    assert read_metrics(metrics) == whole
    MetricsFile(metrics, "fit").forget_from(3)
    MetricsFile(metrics, "fit").log_metrics({"loss": 9.0, "epoch": 3})
    assert read_metrics(metrics) == [*whole, ("fit/loss", 4, 9.0)]


@pytest.mark.parametrize("row", ["fit/loss,x,1", "fit/loss,1", "fit/loss,1,much"])
def test_a_damaged_row_is_named(metrics, row):
    lines = metrics.read_text().splitlines()
    metrics.write_text("\n".join([*lines[:3], row, *lines[3:]]) + "\n")
    with pytest.raises(SdaeError, match="metrics.csv: line 4 is damaged; remove it"):
        read_metrics(metrics)
