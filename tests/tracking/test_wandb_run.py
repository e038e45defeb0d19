"""W&B that fails: training goes on, and what cannot be used is refused before anything starts."""

import pytest
import wandb

from sdae.errors import SdaeError
from sdae.tracking import wandb_run
from sdae.tracking.options import Tracking
from sdae.tracking.tracking import tracked
from sdae.tracking.wandb_run import Untrackable, shortened

QUICK = ("--pretraining.epochs", "1", "--fine_tuning.max_epochs", "2")


@pytest.fixture(autouse=True)
def new_process(monkeypatch):
    """Forget what failed in tests before, and the environment that W&B read in its first."""
    monkeypatch.setattr(wandb_run, "_failed", set())
    wandb.teardown()
    yield
    wandb.teardown()


@pytest.fixture
def quick(small):
    return (*small[:-2], *QUICK, "--run", "mine")  # small without --tracking.wandb off


def test_without_a_network_who_is_logged_in_tracks_offline_and_is_told_in_one_line(sdae, quick, tmp_path, no_network):
    answer = sdae("fit", *quick, cwd=tmp_path, env=no_network)
    assert answer.returncode == 0, answer.stderr
    assert "Traceback" not in answer.stderr
    [line] = [line for line in answer.stderr.splitlines() if "online fails" in line]
    assert line.startswith("W&B: ")
    assert line.endswith("tracked instead: offline")
    [_] = (tmp_path / "mine/wandb").glob("offline-run-*")
    assert (tmp_path / "mine/result.json").exists()


@pytest.mark.parametrize(("environment", "seconds"), [({}, 30), ({"WANDB_INIT_TIMEOUT": "7"}, 7)])
def test_the_environment_says_how_long_to_wait_for_wandb(environment, seconds, tmp_path, monkeypatch):
    monkeypatch.delenv("WANDB_INIT_TIMEOUT", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with tracked(Tracking("offline"), tmp_path, None, None, {}, []) as tracker:
        assert tracker.run.settings.init_timeout == seconds


def test_a_mode_that_wandb_does_not_know_is_refused_before_there_is_a_folder(refused, quick, monkeypatch, tmp_path):
    monkeypatch.setenv("WANDB_MODE", "bogus")
    assert "WANDB_MODE: online, offline or disabled, not bogus" in refused("fit", *quick)
    assert not (tmp_path / "mine").exists()


@pytest.mark.parametrize("tag", ["x" * 65, ""], ids=["65 characters", "empty"])
def test_a_tag_that_wandb_does_not_take_is_refused_before_there_is_a_folder(refused, quick, tmp_path, tag):
    line = refused("fit", *quick, f"--tracking.tags=['{tag}']")
    assert "tracking.tags: at most 64 characters" in line
    assert not (tmp_path / "mine").exists()


def test_a_tag_of_64_characters_is_taken_and_a_problems_long_name_is_cut(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    with tracked(Tracking("offline", tags=["x" * 64]), tmp_path, None, None, {}, ["p" * 80]) as tracker:
        assert set(tracker.run.tags) == {"x" * 64, "p" * 63 + "…"}


def test_runs_have_their_own_ids_whatever_the_environment_says(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("WANDB_RUN_ID", "mine")
    ids = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        with tracked(Tracking("offline"), folder, None, folder / "wandb_id", {}, []) as tracker:
            ids.append(tracker.run.id)
        with tracked(Tracking("offline"), folder, None, folder / "wandb_id", {}, []) as tracker:
            assert tracker.run.id == ids[-1]  # resumed
    assert len({*ids, "mine"}) == 3


def test_a_setting_that_wandb_refuses_costs_the_tracking_alone(tmp_path, monkeypatch, caplog):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("WANDB_MODE", "offline")

    def refuse(**options):
        wandb.Settings(label_disable="perhaps")  # pydantic's error, of several lines

    monkeypatch.setattr("wandb.init", refuse)
    with tracked(Tracking(), tmp_path, None, None, {}, []) as tracker:
        assert tracker.run is None
    [record] = [record for record in caplog.records if "offline fails" in record.message]
    assert "\n" not in record.message
    with pytest.raises(Untrackable), tracked(Tracking("offline"), tmp_path, None, None, {}, []):
        pass


def test_what_wandb_does_not_take_while_training_is_forgiven(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))

    class Gone:
        """A run whose service has died."""

        def __getattr__(self, name):
            raise BrokenPipeError("the service is gone")

    with tracked(Tracking("offline"), tmp_path, None, None, {}, []) as tracker:
        run, tracker.run = tracker.run, Gone()
        tracker.summary({"test_error": 0.1})
        tracker.table("table", ["a"], [[1]])
        tracker.run = run


def test_a_short_text_is_left_and_a_long_one_cut():
    assert shortened("short", 5) == "short"
    assert shortened("longer", 5) == "long…"


def test_tags_are_checked_from_python_too():
    with pytest.raises(SdaeError, match=r"tracking.tags"):
        Tracking(tags=["x" * 65])
