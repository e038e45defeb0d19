"""What is told to W&B, read back from its file."""

import json
import shutil

import pytest
import wandb
import yaml

from sdae.tracking.metrics_file import read_metrics
from sdae.tracking.options import Tracking
from sdae.tracking.tracking import distinct_names
from wandb_file import files_of, history, records, series, summary_of


@pytest.fixture(scope="module")
def quick(small):
    return (*small[:-2], "--pretraining.epochs", "2", "--fine_tuning.max_epochs", "3")


@pytest.fixture(scope="module")
def offline(sdae, quick, tmp_path_factory):
    """A fit that says nothing of W&B, by somebody who is not logged in, with nobody to ask."""
    cwd = tmp_path_factory.mktemp("offline")
    answer = sdae("fit", *quick, "--tracking.tags", "[mine]", "--run", "mine", cwd=cwd)
    assert answer.returncode == 0, answer.stderr
    return cwd / "mine", answer


@pytest.fixture(scope="module")
def file(offline):
    (path,) = files_of(offline[0])  # one run for the whole experiment
    return path


@pytest.fixture(scope="module")
def told(file, environment):
    return records(file, environment)


@pytest.fixture(scope="module")
def summary(file, environment):
    return summary_of(file, environment)


def logged(folder, key):
    return [value for name, _, value in read_metrics(folder / "metrics.csv") if name == key]


def test_who_is_not_logged_in_tracks_offline_and_is_told_how_to_upload(offline):
    folder, answer = offline
    (line,) = [line for line in answer.stderr.splitlines() if line.startswith("W&B")]
    assert "wandb sync mine/wandb/offline-run-" in line
    assert line.endswith((folder / "wandb_id").read_text().strip())


def test_the_run_knows_its_whole_configuration(offline, summary):
    resolved = yaml.safe_load((offline[0] / "config.yaml").read_text())
    assert summary["config"] == {**resolved, "problem": "rect", "method": "SDAE-2"}
    assert summary["config"]["pretraining"]["noise_level"] == 0.25


def test_the_run_is_found_by_problem_method_and_tags(summary):
    assert summary["project"] == "sdae"
    assert summary["tags"] == ["rect", "SDAE-2", "mine"]
    assert (summary["name"], summary["state"], summary["exit_code"]) == ("mine", "finished", 0)


@pytest.mark.parametrize(
    "key", ["pretrain/layer1/loss", "pretrain/layer2/loss", "fit/loss", "fit/valid_error", "test/error"]
)
def test_every_metric_is_there_under_its_own_name(offline, told, key):
    values = logged(offline[0], key)
    assert values
    assert series(told, key) == values


@pytest.mark.parametrize("stage", ["pretrain/layer1", "pretrain/layer2", "fit"])
def test_every_stage_is_drawn_over_its_own_epochs(told, stage):
    metrics = [record["metric"] for record in told if record["type"] == "metric"]
    (axis,) = [metric["step_metric"] for metric in metrics if metric.get("glob_name") == f"{stage}/*"]
    epochs = [item[axis] for item in history(told) if f"{stage}/loss" in item]
    assert epochs == list(range(len(epochs)))
    assert len(epochs) > 1


def test_the_errors_stand_in_the_summary(offline, summary):
    result = json.loads((offline[0] / "result.json").read_text())
    for key in ("valid_error", "test_error", "test_interval", "provenance"):
        assert summary["summary"][key] == result[key]


def test_the_first_layers_filters_are_a_picture(offline, file, summary):
    image = summary["summary"]["pretrain/layer1/filters"]
    assert image["_type"] == "image-file"
    assert (file.parent / "files" / image["path"]).read_bytes().startswith(b"\x89PNG")
    assert min(image["width"], image["height"]) > 28 * 6  # 40 filters of 28 × 28 pixels


def test_wandb_writes_nowhere_else(offline):
    assert [path.name for path in offline[0].parent.iterdir()] == ["mine"]


def test_a_run_that_was_interrupted_is_taken_up_under_its_own_id(offline, sdae, quick, environment, tmp_path):
    """The first file may be lost with the kill, so the second has the whole history."""
    shutil.copytree(offline[0], tmp_path / "mine", symlinks=True)
    for name in ("result.json", "fine_tuned.json"):
        (tmp_path / "mine" / name).unlink()
    answer = sdae("fit", *quick, "--tracking.tags", "[mine]", "--run", "mine", cwd=tmp_path)
    assert answer.returncode == 0, answer.stderr
    first, second = files_of(tmp_path / "mine")
    assert first.name == second.name
    again = records(second, environment)
    for key in ("pretrain/layer1/loss", "pretrain/layer2/loss", "fit/valid_error", "test/error"):
        assert series(again, key) == logged(offline[0], key)


def test_online_without_an_account_is_said_in_one_line(sdae, quick, tmp_path):
    answer = sdae("fit", *quick, "--tracking.wandb", "online", "--run", "mine", cwd=tmp_path)
    assert answer.returncode == 2
    assert "Traceback" not in answer.stderr
    line = answer.stderr.splitlines()[-1]
    assert line.startswith("error: tracking.wandb: ")
    assert "set it to offline, or off" in line


def test_off_writes_nothing(fitted):
    assert not (fitted.folder / "wandb").exists()
    assert not (fitted.folder / "wandb_id").exists()
    assert "W&B" not in fitted.process.stderr


@pytest.mark.parametrize(("told", "mode"), [("offline", "offline"), ("online", "online"), ("disabled", "off")])
def test_auto_follows_wandbs_own_variable(monkeypatch, told, mode):
    monkeypatch.setenv("WANDB_MODE", told)
    assert Tracking("auto").mode == mode


def test_who_is_logged_in_tracks_online_and_nobody_is_asked(monkeypatch, tmp_path):
    monkeypatch.setenv("WANDB_API_KEY", "0" * 40)
    monkeypatch.setenv("WANDB_BASE_URL", "http://127.0.0.1:1")  # where no server is
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("WANDB_MODE", raising=False)
    assert Tracking("auto").mode == "online"
    assert not wandb.setup().settings.silent  # also of the caller's own runs


def test_a_flag_goes_before_the_variable(monkeypatch):
    monkeypatch.setenv("WANDB_MODE", "online")
    assert Tracking("off").mode == "off"


def test_runs_are_named_by_their_folders_or_where_two_have_one_name_by_their_paths():
    assert distinct_names(["runs/one", "runs/two"]) == ["one", "two"]
    assert distinct_names(["a/one", "b/one", "b/two"]) == ["a/one", "b/one", "b/two"]
