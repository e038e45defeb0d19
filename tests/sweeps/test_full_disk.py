"""A worker on a disk that runs full: a real one, of twelve megabytes."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from optuna.trial import TrialState

from small_sweep import GRID, changed, study_of

SPACE = {"nHUnit": [300], "lRate": [0.005], "lRateSup": [0.005, 0.05], "nEpoq": [5], "ν": [0.1]}


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of our own."""
    path = tmp_path / "disk"
    path.mkdir()
    try:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", path], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"no disk of our own can be mounted here: {error}")
    yield path
    subprocess.run(["umount", "--lazy", path], check=True)


@pytest.mark.slow
def test_a_full_disk_stops_the_worker_with_one_line_and_the_same_command_goes_on(
    disk: Path, sweep_file: Callable[..., Path], sweep: Callable
):
    studies = [{"problems": ["rect"], "methods": ["sdae-3"]}]
    settings = GRID["settings"] | {"fine_tuning": {"max_epochs": 5}}
    file = sweep_file(changed(space=SPACE, studies=studies, settings=settings))
    asked = ("--config", file, "--folder", disk / "runs", "--workers", "1")
    running = sweep(*asked)
    running.ended(2)
    assert running.said.splitlines()[-1] == (
        f"error: {disk}/runs: no space left; free some, and run the same command to resume"
    )
    url = f"sqlite:///{disk / 'runs/study.db'}"
    assert not study_of(url).trials(TrialState.FAIL)
    assert study_of(url).result is None
    subprocess.run(["mount", "-o", "remount,size=100m", disk], check=True)
    sweep(*asked).ended()
    study = study_of(url)
    assert sorted(trial.user_attrs["cell"] for trial in study.trials(TrialState.COMPLETE)) == [0, 1]
    assert study.result is not None
