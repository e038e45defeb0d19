"""A problem of ten folds on the command line: one command, one folder, and each fold a run within it."""

import json
import shutil
import statistics

import numpy as np
import pytest
import yaml

QUICK = (
    *("--data", "tzanetakis", "--method", "sdae-1", "--model.n_units", "4"),
    *("--pretraining.corruption", "gaussian", "--pretraining.noise_level", "0.1", "--pretraining.epochs", "2"),
    *("--pretraining.learning_rate", "1e-4", "--fine_tuning.max_epochs", "3", "--tracking.wandb", "off"),
)


@pytest.fixture(scope="module")
def features(tmp_path_factory):
    """A feature file of 200 clips, of 50 songs."""
    random = np.random.default_rng(0)
    song = np.arange(200) // 4
    labels = song % 10
    x = random.normal(0, 10, (200, 592)) + 10 * random.normal(0, 1, (10, 592))[labels]
    path = tmp_path_factory.mktemp("features") / "mine.npz"
    np.savez(path, features=x.astype(np.float16), labels=labels.astype(np.uint8), song=song)
    return path


@pytest.fixture(scope="module")
def whole(sdae, features, tmp_path_factory):
    """All ten folds, run once by the real command."""
    cwd = tmp_path_factory.mktemp("folds")
    answer = sdae("fit", *QUICK, "--data.features", features, "--run", "mine", cwd=cwd)
    assert answer.returncode == 0, answer.stderr
    return cwd / "mine", answer


def result(folder):
    return json.loads((folder / "result.json").read_text())


def numbers(folder):
    """What a repetition must give again."""
    return {key: result(folder)[key] for key in ("valid_error", "test_error", "test_interval", "fold", "epochs")}


def test_one_command_runs_all_folds_and_says_mean_and_deviation(whole):
    folder, answer = whole
    assert sorted(path.name for path in folder.iterdir() if path.is_dir()) == [f"fold{k:02d}" for k in range(10)]
    errors = [result(folder / f"fold{k:02d}")["test_error"] for k in range(10)]
    ours = result(folder)
    assert [fold["test_error"] for fold in ours["folds"]] == errors
    assert [fold["fold"] for fold in ours["folds"]] == [*range(10)]
    shown = f"{100 * statistics.mean(errors):.2f} ± {100 * statistics.stdev(errors):.2f} %"
    head, _, row, note, *_ = answer.stdout.splitlines()[-6:]
    assert "± sd of 10 folds" in head
    assert shown in row
    assert "not the paper's" in note
    assert ours["note"] == note
    assert answer.stderr.count(" of 10: validation error ") == 10


def test_the_report_reads_the_result(whole, door, tmp_path):
    folder, _ = whole
    answer = door("report", folder)
    assert answer.returncode == 0, answer.stderr
    assert "Excluded results" not in (tmp_path / "report/tables.md").read_text(encoding="utf-8")


def test_a_fold_of_it_is_the_run_of_that_fold_alone(whole, features, door, tmp_path):
    folder, _ = whole
    assert door("fit", *QUICK, "--data.features", features, "--data.fold", "3", "--run", "one").returncode == 0
    assert numbers(tmp_path / "one") == numbers(folder / "fold03")
    assert yaml.safe_load((folder / "fold03" / "config.yaml").read_text())["data"]["init_args"]["fold"] == 3


def test_a_folds_folder_is_an_ordinary_runs(whole, door, refused, tmp_path):
    folder, _ = whole
    tested = door("test", "--run", folder / "fold03")
    assert f"{100 * result(folder / 'fold03')['test_error']:.2f} ±" in tested.stdout
    assert "not the paper's" in tested.stdout
    assert (
        door("predict", "--run", folder / "fold03", "--output", "p.npy").stdout
        == "p.npy, p.rows.csv: 20 examples, 10 classes\n"
    )
    assert "fold03: holds a finished run" in refused("fit", "--run", folder / "fold03")


@pytest.mark.parametrize("command", ["test", "validate", "predict", "filters"])
def test_all_of_them_have_no_weights_in_common(whole, refused, command):
    folder, _ = whole
    line = refused(command, "--run", folder, *(["--output", "p.npy"] if command == "predict" else []))
    assert f"has a network for each of 10 folds; name the folder of one: {folder}/fold00" in line


def test_an_interrupted_one_is_gone_on_with_and_begun_again_when_asked(whole, features, door, refused, tmp_path):
    folder, _ = whole
    copy = tmp_path / "mine"
    shutil.copytree(folder, copy)
    assert "mine: holds a finished run" in refused("fit", "--run", "mine")
    (copy / "result.json").unlink()
    shutil.rmtree(copy / "fold09")
    (copy / "fold05" / "result.json").unlink()
    untouched = (copy / "fold04" / "metrics.csv").stat().st_mtime_ns
    assert door("fit", "--run", "mine").returncode == 0
    assert numbers(copy) == numbers(folder)
    assert [fold["test_error"] for fold in result(copy)["folds"]] == [f["test_error"] for f in result(folder)["folds"]]
    assert (copy / "fold04" / "metrics.csv").stat().st_mtime_ns == untouched

    other = ("--seed_everything", "2", "--overwrite")
    assert door("fit", *QUICK, *other, "--data.features", features, "--run", "mine").returncode == 0
    assert {result(copy / f"fold{k:02d}")["seed"] for k in range(10)} == {2}


def test_noise_that_needs_a_minimum_is_refused_before_there_is_a_folder(features, refused, tmp_path):
    line = refused(
        "fit", *QUICK, "--data.features", features, "--pretraining.corruption", "salt-and-pepper", "--run", "mine"
    )
    assert "salt-and-pepper needs data with a minimum and a maximum" in line
    assert not (tmp_path / "mine").exists()
