"""Trials that share their layers: the study of trials that do not, and workers that wait for one another."""

import json
import signal
import time
from pathlib import Path

import psutil
import pytest
from optuna.trial import TrialState

from sdae.sweeps.outcomes import RETRIES
from sdae.sweeps.studies import SAVED
from sdae.tracking.metrics_file import read_metrics
from small_sweep import GRID, changed, study_of

TWO_BY_THREE = changed(
    space={"nHLay": [1, 2, 3], "nHUnit": [20], "lRate": [0.05], "lRateSup": [0.002, 0.05], "nEpoq": [3], "ν": [0.25]},
    settings={**GRID["settings"], "fine_tuning": {"max_epochs": 4, "patience": 4}},
)


def logged(folder: Path) -> list[tuple[str, int, float]]:
    return [row for row in read_metrics(folder / "metrics.csv") if not row[0].endswith("/seconds")]


def ended(process: psutil.Process) -> bool:
    """Tell whether a process is over, also where its parent has not asked for its status yet."""
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


@pytest.mark.slow
def test_a_grid_that_shares_is_the_grid_that_does_not(door, sweep_file, tmp_path):
    said = {}
    for name, gigabytes in (("shared", 1), ("alone", 0)):
        file = sweep_file({**TWO_BY_THREE, "cache": gigabytes}, name)
        answer = door("sweep", "--config", file, "--workers", 1)
        assert answer.returncode == 0, answer.stderr
        said[name] = answer.stdout
    shared, alone = (study_of(f"sqlite:///{tmp_path / 'runs' / name / 'study.db'}") for name in ("shared", "alone"))
    assert len(shared.trials(TrialState.COMPLETE)) == 6
    for ours, theirs in zip(shared.trials(), alone.trials(), strict=True):
        assert (ours.params, ours.value, ours.intermediate_values) == (
            theirs.params,
            theirs.value,
            theirs.intermediate_values,
        )
        assert ours.user_attrs["valid_loss"] == theirs.user_attrs["valid_loss"]
        folders = [tmp_path / "runs" / name / ours.user_attrs["folder"] for name in ("shared", "alone")]
        assert logged(folders[0]) == logged(folders[1])

    # 12 layers in 6 trials, of which 3 are trained.
    layers = [(trial.params["nHLay"], len(trial.user_attrs.get(SAVED, {}))) for trial in shared.trials()]
    assert layers == [(n, n - 1 if i % 2 == 0 else n) for i, (n, _) in enumerate(layers)]
    assert len(shared.saved) == 9
    assert not alone.saved
    assert "the cache saved the training of 9 layers: " in said["shared"]
    assert "cache" not in said["alone"]
    assert "9 layers" in door("sweep", "--status", "--folder", tmp_path / "runs/shared").stdout
    [row] = json.loads((tmp_path / "runs/shared/results.json").read_text())
    assert row["saved"] == {"layers": 9, "seconds": sum(shared.saved)}
    assert not list((tmp_path / "runs").glob("*/cache"))


@pytest.mark.slow
def test_a_worker_that_waits_lives_and_can_be_told_to_stop(sweep_file, sweep, tmp_path):
    long = {"nHUnit": [600], "lRate": [0.001], "lRateSup": [0.005, 0.05], "nEpoq": [800], "ν": [0.25]}
    settings = {**GRID["settings"], "fine_tuning": {"max_epochs": 2}}
    running = sweep("--config", sweep_file(changed(space=long, settings=settings)), "--workers", 2)  # heartbeat: 2 s
    root = tmp_path / "runs/small/rect/sdae-1"
    folders = [root / f"trial-{i:04d}" for i in range(2)]
    running.until(lambda: all((folder / "config.yaml").exists() for folder in folders))
    running.until(lambda: any((folder / "metrics.csv").exists() for folder in folders))
    time.sleep(7)  # longer than a heartbeat may fail to come
    study = study_of(f"sqlite:///{tmp_path / 'runs/small/study.db'}")
    assert [trial.state for trial in study.trials()] == [TrialState.RUNNING] * 2
    [holder] = [folder for folder in folders if (folder / "metrics.csv").exists()]
    waiting = min(psutil.Process(running.process.pid).children(), key=lambda child: child.cpu_times().user)
    waiting.send_signal(signal.SIGTERM)
    running.until(lambda: ended(waiting))
    assert not (holder / "layer1.ckpt").exists()
    assert sorted(trial.state for trial in study.trials()) == [TrialState.RUNNING, TrialState.WAITING]
    running.ended()
    assert [trial.state for trial in study.trials()] == [TrialState.COMPLETE] * 2
    assert not [trial for trial in study.trials() if trial.system_attrs.get(RETRIES)]
    assert len(study.saved) == 1
    trained = [[row for row in logged(folder) if row[0].startswith("pretrain")] for folder in folders]
    assert trained[0] == trained[1]
    assert len(trained[0]) == 800
