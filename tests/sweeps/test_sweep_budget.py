"""What is no fault of a trial uses up no budget, and a sweep without a result says so with its status."""

from optuna.trial import TrialState

from small_sweep import changed, study_of

ONE = {"nHUnit": [10], "lRate": [0.05], "lRateSup": [0.05, 0.1], "nEpoq": [1], "ν": [0.25]}
NO_NETWORK = {"WANDB_API_KEY": "0" * 40, "WANDB_BASE_URL": "http://127.0.0.1:1"}


def tiny(wandb, **changes):
    data = {"source": "generated", "train_size": 200}
    settings = {"data": data, "fine_tuning": {"max_epochs": 2}, "tracking": {"wandb": wandb}}
    return changed(space=ONE, settings=settings, **changes)


def test_nodes_without_network_track_offline_with_one_line(sweep, sweep_file, tmp_path):
    said = sweep("--config", sweep_file(tiny("auto")), "--workers", 1, env=NO_NETWORK).ended()
    assert said.count("tracked instead: offline") == 1
    assert [trial.state for trial in study_of(f"sqlite:///{tmp_path}/runs/small/study.db").trials()] == (
        [TrialState.COMPLETE] * 2
    )


def test_what_must_be_online_stops_the_worker_and_requeues_the_trial(sweep, sweep_file, tmp_path):
    said = sweep("--config", sweep_file(tiny("online")), "--workers", 1, env=NO_NETWORK).ended(2)
    assert said.splitlines()[-1].startswith("error: tracking.wandb: ")
    study = study_of(f"sqlite:///{tmp_path}/runs/small/study.db")
    assert [trial.state for trial in study.trials()] == [TrialState.WAITING] * 2


def test_a_worker_with_a_mode_that_is_none_requeues_its_trial(sweep, sweep_file, tmp_path):
    sweep("--config", sweep_file(tiny("auto")), "--workers", 0).ended()
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
    assert answer.returncode == 2
    assert answer.stderr.splitlines()[-1].startswith("error: small/rect/SDAE-1: no result")


def test_workers_started_here_use_the_storage_that_was_named(sweep, sweep_file, tmp_path):
    (tmp_path / "runs/small").mkdir(parents=True)
    (tmp_path / "runs/small/study.db").touch()  # left over, and not asked for
    url = f"sqlite:///{tmp_path}/other.db"
    sweep("--config", sweep_file(tiny("off")), "--storage", url, "--workers", 2).ended()
    assert [trial.state for trial in study_of(url).trials()] == [TrialState.COMPLETE] * 2
