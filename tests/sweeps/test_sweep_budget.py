"""What is no fault of a trial uses up no budget, and a sweep without a result says so with its status."""

import numpy as np
from optuna.trial import TrialState

from sdae.runs.folder import RunFolder
from sdae.sweeps import fitting
from sdae.sweeps.space import grid
from small_sweep import changed, study_of

ONE = {"nHUnit": [10], "lRate": [0.05], "lRateSup": [0.05, 0.1], "nEpoq": [1], "ν": [0.25]}


def tiny(wandb, **changes):
    data = {"source": "generated", "train_size": 200}
    settings = {"data": data, "fine_tuning": {"max_epochs": 2}, "tracking": {"wandb": wandb}}
    return changed(space=ONE, settings=settings, **changes)


def test_nodes_without_network_track_offline_with_one_line(sweep, sweep_file, tmp_path, no_network):
    said = sweep("--config", sweep_file(tiny("auto")), "--workers", 1, env=no_network).ended()
    assert said.count("tracked instead: offline") == 1
    assert [trial.state for trial in study_of(f"sqlite:///{tmp_path}/runs/small/study.db").trials()] == (
        [TrialState.COMPLETE] * 2
    )


def test_what_must_be_online_stops_the_worker_and_requeues_the_trial(sweep, sweep_file, tmp_path, no_network):
    said = sweep("--config", sweep_file(tiny("online")), "--workers", 1, env=no_network).ended(2)
    assert said.splitlines()[-1].startswith("error: tracking.wandb: ")
    study = study_of(f"sqlite:///{tmp_path}/runs/small/study.db")
    assert [trial.state for trial in study.trials()] == [TrialState.WAITING] * 2


def test_a_worker_with_a_mode_that_is_none_requeues_its_trial(door, sweep, sweep_file, tmp_path):
    assert door("sweep", "--config", sweep_file(tiny("auto")), "--workers", 0).returncode == 0
    url = f"sqlite:///{tmp_path}/runs/small/study.db"
    said = sweep("--join", "--storage", url, "--workers", 1, env={"WANDB_MODE": "bogus"}).ended(2)
    assert said.splitlines()[-1] == "error: WANDB_MODE: online, offline or disabled, not bogus"
    assert [trial.state for trial in study_of(url).trials()] == [TrialState.WAITING] * 2


def test_names_and_modes_are_checked_before_anything_starts(refused, sweep_file, monkeypatch, tmp_path):
    file = sweep_file(tiny("auto"))
    assert "name: at most 64 characters" in refused("sweep", "--config", file, "--name", "x" * 65)
    tagged = tiny("auto")
    tagged["settings"]["tracking"]["tags"] = ["x" * 65]
    assert "tracking.tags: at most 64 characters" in refused("sweep", "--config", sweep_file(tagged, "tagged"))
    monkeypatch.setenv("WANDB_MODE", "bogus")
    assert "WANDB_MODE" in refused("sweep", "--config", file)
    assert not (tmp_path / "runs").exists()


def test_a_sweep_without_a_result_ends_with_an_error(door, sweep_file):
    diverging = {**tiny("off"), "space": {**ONE, "lRate": [1e30]}}
    diverging["settings"]["pretraining"] = {"reconstruction": "squared"}
    file = sweep_file(diverging)
    answer = door("sweep", "--config", file, "--workers", "1")
    assert "none: no trial was completed" in answer.stdout
    said = "error: small/rect/SDAE-1: no result: no trial was completed: 2 pruned"
    assert answer.returncode == 2
    assert answer.stderr.splitlines()[-1].startswith(said)
    # Who joins it is told the same, whether there is work left or not; who looks at it is not at fault.
    answer = door("sweep", "--join", "--name", "small", "--workers", "1")
    assert answer.returncode == 2
    assert answer.stderr.splitlines()[-1].startswith(said)
    assert door("sweep", "--status", "--name", "small").returncode == 0


def test_several_workers_without_a_result_say_it_once(door, sweep, sweep_file, tmp_path):
    diverging = {**tiny("off"), "space": {**ONE, "lRate": [1e30]}}
    diverging["settings"]["pretraining"] = {"reconstruction": "squared"}
    assert door("sweep", "--config", sweep_file(diverging), "--workers", 0).returncode == 0
    said = sweep("--join", "--name", "small", "--workers", 2).ended(2)
    assert [line for line in said.splitlines() if line.startswith("error: ")] == said.splitlines()[-1:]
    assert said.splitlines()[-1].startswith("error: small/rect/SDAE-1: no result")


def test_data_that_change_while_a_study_runs_stop_its_workers(door, refused, sweep_file, tmp_path):
    random, t = np.random.default_rng(0), np.arange(100) % 2
    x = random.random((100, 6))
    np.savez(tmp_path / "own.npz", x=x, t=t)
    (tmp_path / "mine.yaml").write_text("class_path: sdae.data.LocalArrays\ninit_args: {path: own.npz}\n")
    settings = {"fine_tuning": {"max_epochs": 2}, "tracking": {"wandb": "off"}}
    part = {"problems": [str(tmp_path / "mine.yaml")], "methods": ["sdae-1"]}
    file = sweep_file(changed(space=ONE, settings=settings, studies=[part]))
    assert door("sweep", "--config", file, "--workers", "0").returncode == 0
    first = study_of(f"sqlite:///{tmp_path}/runs/small/study.db").plan
    fitting.fit_trial(RunFolder(tmp_path / "runs/small" / first.folder / "trial-0000"), _config(first), test=False)
    np.savez(tmp_path / "own.npz", x=x / 2, t=t)
    line = refused("sweep", "--join", "--name", "small", "--workers", "1")
    assert "own: the data have changed since" in line
    study = study_of(f"sqlite:///{tmp_path}/runs/small/study.db")
    assert [trial.state for trial in study.trials()] == [TrialState.WAITING] * 2
    np.savez(tmp_path / "own.npz", x=x, t=t)
    answer = door("sweep", "--join", "--name", "small", "--workers", "1")
    assert answer.returncode == 0, answer.stderr
    assert study_of(f"sqlite:///{tmp_path}/runs/small/study.db").result["run"]["provenance"] == "local"


def _config(plan):
    return plan.trial_config(grid(plan.axes)[0], 0)


def test_workers_started_here_use_the_storage_that_was_named(sweep, sweep_file, tmp_path):
    (tmp_path / "runs/small").mkdir(parents=True)
    (tmp_path / "runs/small/study.db").touch()  # left over, and not asked for
    url = f"sqlite:///{tmp_path}/other.db"
    sweep("--config", sweep_file(tiny("off")), "--storage", url, "--workers", 2).ended()
    assert [trial.state for trial in study_of(url).trials()] == [TrialState.COMPLETE] * 2
