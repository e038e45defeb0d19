"""What is told to W&B, read back from its file, and to ``metrics.csv``."""

import json
import sys
from pathlib import Path
from subprocess import run

import numpy as np
import pytest
import yaml

from sdae.tracking import MetricsFile, Tracking, read_metrics, told_apart


def inspect(path, environment, *options):
    """Return what ``wandb leet inspect`` reads in a run's file."""
    command = [sys.executable, "-m", "wandb", "leet", "inspect", "--json", *options, str(path)]
    return run(command, env=environment, capture_output=True, text=True, check=True, timeout=300).stdout


def files_of(folder):
    return sorted(path for path in folder.glob("wandb/*/*.wandb") if not path.parent.is_symlink())


def records(path, environment):
    return [json.loads(line) for line in inspect(path, environment).splitlines()]


def history(told):
    return [record["history"]["item"] for record in told if record["type"] == "history"]


def series(told, key):
    return [item[key] for item in history(told) if key in item]


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
    return json.loads(inspect(file, environment, "--summary"))


def logged(folder, key):
    return [value for name, _, value in read_metrics(folder / "metrics.csv") if name == key]


def test_who_is_not_logged_in_tracks_offline_and_is_told_how_to_upload(offline):
    folder, answer = offline
    (line,) = [line for line in answer.stderr.splitlines() if line.startswith("W&B")]
    assert "wandb sync mine/wandb/offline-run-" in line
    assert line.endswith((folder / "wandb_id").read_text().strip())


def test_the_run_knows_its_whole_configuration(offline, summary):
    resolved = yaml.safe_load((offline[0] / "config.yaml").read_text())
    assert summary["config"] == resolved
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
    import shutil

    shutil.copytree(offline[0], tmp_path / "mine", symlinks=True)
    for name in ("result.json", "fine_tuned.json"):
        (tmp_path / "mine" / name).unlink()
    answer = sdae("fit", *quick, "--tracking.tags", "[mine]", "--run", "mine", cwd=tmp_path)
    assert answer.returncode == 0, answer.stderr
    first, second = files_of(tmp_path / "mine")
    assert first.name == second.name
    again = records(second, environment)
    for key in ("pretrain/layer1/loss", "pretrain/layer2/loss"):
        assert series(again, key) == logged(offline[0], key)


def test_online_without_an_account_is_said_in_one_line(sdae, quick, tmp_path):
    answer = sdae("fit", *quick, "--tracking.wandb", "online", "--run", "mine", cwd=tmp_path)
    assert answer.returncode == 2
    assert "Traceback" not in answer.stderr
    line = answer.stderr.splitlines()[-1]
    assert line.startswith("error: tracking.wandb: ")
    assert "--tracking.wandb offline, or off" in line


def test_off_writes_nothing(fitted):
    assert not (fitted.folder / "wandb").exists()
    assert not (fitted.folder / "wandb_id").exists()
    assert "W&B" not in fitted.process.stderr


@pytest.mark.parametrize(("told", "mode"), [("offline", "offline"), ("online", "online"), ("disabled", "off")])
def test_auto_follows_wandbs_own_variable(monkeypatch, told, mode):
    monkeypatch.setenv("WANDB_MODE", told)
    assert Tracking("auto").mode == mode


def test_a_flag_goes_before_the_variable(monkeypatch):
    monkeypatch.setenv("WANDB_MODE", "online")
    assert Tracking("off").mode == "off"


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


def test_runs_are_named_by_their_folders_or_where_two_have_one_name_by_their_paths():
    assert told_apart(["runs/one", "runs/two"]) == ["one", "two"]
    assert told_apart(["a/one", "b/one", "b/two"]) == ["a/one", "b/one", "b/two"]
