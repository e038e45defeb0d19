"""Workers that are killed, a database that restarts, a preemption: real processes, and nothing lost."""

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import psutil
import pytest
import yaml
from optuna.trial import FrozenTrial, TrialState

from patience import PATIENT
from sdae.sweeps.outages import patiently
from sdae.sweeps.outcomes import RETRIES
from sdae.sweeps.studies import OpenStudy
from sdae.tracking.metrics_file import read_metrics
from small_sweep import GRID, changed, study_of


def workers_of(running) -> list[psutil.Process]:
    """Return the workers that a sweep has started."""
    return [child for child in psutil.Process(running.process.pid).children() if "--workers=1" in child.cmdline()]


def complete(study: OpenStudy) -> int:
    return len(patiently(lambda: study.trials(TrialState.COMPLETE)))


def errors(study: OpenStudy) -> dict[int, tuple[float | None, float]]:
    """Return what every cell came to, each of which must be there once."""
    done = study.trials(TrialState.COMPLETE)
    assert Counter(trial.user_attrs["cell"] for trial in done) == dict.fromkeys(range(16), 1)
    return {trial.user_attrs["cell"]: (trial.value, trial.user_attrs["valid_loss"]) for trial in done}


def key(trial: FrozenTrial | None) -> tuple[int, float | None]:
    assert trial is not None
    return trial.user_attrs["cell"], trial.value


@pytest.fixture(scope="module")
def undisturbed(environment, tmp_path_factory):
    """The same grid by one worker to which nothing happens."""
    folder = tmp_path_factory.mktemp("undisturbed")
    (folder / "small.yaml").write_text(yaml.safe_dump(GRID, allow_unicode=True))
    cli = Path(__file__).parents[2] / "src" / "cli.py"
    command = [sys.executable, cli, "sweep", "--config", "small.yaml", "--workers", "1"]
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, timeout=PATIENT)
    return study_of(f"sqlite:///{folder / 'runs/small/study.db'}")


@pytest.mark.slow
def test_two_workers_killed_and_the_server_restarted(undisturbed, postgres, sweep_file, sweep):
    when = random.Random(4)
    url = postgres.get_uri()
    running = sweep("--config", sweep_file(GRID), "--storage", url, "--workers", 4)
    running.until(lambda: len(workers_of(running)) == 4)
    workers = workers_of(running)
    done = [when.randrange(1, 5), when.randrange(9, 13)]
    victims = when.sample(workers, 2)
    study: OpenStudy | None = None

    def begun() -> bool:
        nonlocal study
        try:
            study = study_of(url)
        except ValueError:
            return False
        return True

    running.until(begun)
    assert study is not None
    for number, victim in zip(done, victims, strict=True):
        running.until(lambda: complete(study) >= number)  # noqa: B023
        time.sleep(when.uniform(0, 2))
        assert victim.is_running(), running.said
        victim.kill()
        if number == done[0]:
            running.until(lambda: complete(study) >= 6)
            postgres.stop()
            time.sleep(2)
            postgres.ensure_postgres_running()
    running.ended()
    study = study_of(url)
    assert errors(study) == errors(undisturbed)
    assert len(study.trials()) == 16 + len([t for t in study.trials() if t.system_attrs.get(RETRIES)])
    assert not [trial for trial in study.trials() if not trial.state.is_finished()]
    assert key(study.chosen) == key(undisturbed.chosen)
    assert study.result is not None
    assert undisturbed.result is not None
    assert study.result["run"]["test_error"] == undisturbed.result["run"]["test_error"]


@pytest.mark.slow
def test_a_worker_killed_on_sqlite(undisturbed, sweep_file, sweep, tmp_path):
    url = f"sqlite:///{tmp_path / 'runs/small/study.db'}"
    running = sweep("--config", sweep_file(GRID), "--workers", 2)
    running.until(lambda: (tmp_path / "runs/small/study.db").exists() and len(workers_of(running)) == 2)
    study = study_of(url)
    running.until(lambda: complete(study) >= 5)
    time.sleep(random.Random(2).uniform(0, 1))
    workers_of(running)[0].kill()
    running.ended()
    study = study_of(url)
    assert errors(study) == errors(undisturbed)
    assert key(study.chosen) == key(undisturbed.chosen)


@pytest.mark.slow
def test_sigterm_checkpoints_and_gives_the_trial_back(sweep_file, sweep, tmp_path):
    # Pretraining of some fifteen seconds: long enough to be met, too short for a checkpoint of its own accord.
    epochs = 300
    space = {"nHUnit": [400], "lRate": [0.005], "lRateSup": [0.005], "nEpoq": [epochs], "ν": [0.25]}
    settings = GRID["settings"] | {"data": {"source": "generated", "train_size": 500}}
    file = sweep_file(changed(space=space, settings=settings, heartbeat=60))
    url = f"sqlite:///{tmp_path / 'runs/small/study.db'}"
    folder = tmp_path / "runs/small/rect/sdae-1/trial-0000"
    running = sweep("--config", file, "--workers", 2)
    running.until(lambda: (folder / "metrics.csv").exists() and len(read_metrics(folder / "metrics.csv")) > 20)
    running.process.send_signal(signal.SIGTERM)
    running.ended(128 + signal.SIGTERM)
    study = study_of(url)
    [trial] = study.trials()
    assert trial.state is TrialState.WAITING
    assert trial.params["nHUnit"] == 400
    assert (folder / "layer1.unfinished.ckpt").exists()
    before = [row for row in read_metrics(folder / "metrics.csv") if row[0] == "pretrain/layer1/loss"]
    assert 0 < len(before) < epochs

    sweep("--join", "--storage", url, "--workers", 1).ended()
    [trial] = study_of(url).trials()
    assert trial.state is TrialState.COMPLETE
    after = [row for row in read_metrics(folder / "metrics.csv") if row[0] == "pretrain/layer1/loss"]
    assert [epoch for _, epoch, _ in after] == list(range(1, epochs + 1))
    seconds = {e: v for k, e, v in read_metrics(folder / "metrics.csv") if k == "pretrain/layer1/seconds"}
    assert after[: len(before)] == before
    assert len(seconds) == epochs
