"""Data of one's own on the command line, with one config file and no code."""

import json
import shutil

import numpy as np
import pytest
from PIL import Image

from sdae.data import ImageFolder, LocalArrays, LocalTable
from sdae.runs.folder import RunFolder

QUICK = ("--method", "sdae-1", "--model.n_units", "4", "--pretraining.epochs", "1", "--fine_tuning.max_epochs", "2")
QUICK += ("--tracking.wandb", "off", "--run", "mine")  # type: ignore[assignment]


@pytest.fixture
def arrays(door, tmp_path):
    random = np.random.default_rng(0)
    x, t = random.random((60, 12), dtype=np.float32), np.arange(60) % 3
    np.savez(tmp_path / "blobs.npz", x=x, t=t)
    np.save(tmp_path / "x.npy", x)
    np.save(tmp_path / "t.npy", t)


def result(tmp_path):
    return json.loads(RunFolder(tmp_path / "mine").result.read_text())


def test_arrays(door, arrays, tmp_path):
    (tmp_path / "mine.yaml").write_text(
        "data:\n  class_path: sdae.data.LocalArrays\n  init_args: {path: blobs.npz, name: blobs}\n"
    )
    answer = door("fit", "--config", "mine.yaml", *QUICK)
    assert answer.returncode == 0, answer.stderr
    ours = result(tmp_path)
    assert (ours["problem"], ours["provenance"], ours["published"]) == ("blobs", "local", None)
    assert ours["examples"] == {"train": 48, "valid": 6, "test": 6}
    assert door("test", "--run", "mine").returncode == 0
    # What is kept repeats the run.
    (tmp_path / "mine" / "result.json").unlink()
    assert door("fit", "--run", "mine").returncode == 0
    assert {**result(tmp_path), "seconds": 0} == {**ours, "seconds": 0}


def test_the_file_of_a_configuration_serves_every_command_that_takes_a_problem(door, arrays, tmp_path):
    """Its ``data`` is what ``fit --config`` takes of it; what else it says matters to ``fit`` alone."""
    own = "data:\n  class_path: sdae.data.LocalArrays\n  init_args: {path: blobs.npz, image_shape: [3, 4]}\n"
    (tmp_path / "mine.yaml").write_text(own)
    (tmp_path / "whole.yaml").write_text(f"{own}model: {{n_layers: 1}}\n")
    for file in ("mine.yaml", "whole.yaml"):
        for command in (
            ["data", "show"],
            ["data", "prepare"],
            ["svm", "--kernels", "linear", "--tracking.wandb", "off", "--data"],
        ):
            answer = door(*command, file)
            assert answer.returncode == 0, answer.stderr
    assert door("fit", "--data", "mine.yaml", *QUICK).returncode == 0
    assert result(tmp_path)["problem"] == "blobs"


@pytest.mark.parametrize("kind", ["arrays", "table", "pictures"])
def test_a_file_with_spaces_in_its_name_is_called_with_hyphens(kind, tmp_path):
    random = np.random.default_rng(0)
    if kind == "arrays":
        np.savez(tmp_path / "my own data.npz", x=random.random((60, 4)), t=np.arange(60) % 2)
        problem = LocalArrays(tmp_path / "my own data.npz")
    elif kind == "table":
        pytest.importorskip("pandas", reason="tables need pandas: pip install -e '.[tables]'")
        lines = ["a,t", *(f"{random.random()},{'no' if k % 2 else 'yes'}" for k in range(60))]
        (tmp_path / "my own data.csv").write_text("\n".join(lines))
        problem = LocalTable(tmp_path / "my own data.csv", "t")
    else:
        for name in ("cat", "dog"):
            (tmp_path / "my own data" / name).mkdir(parents=True)
            for number in range(10):
                Image.new("L", (5, 4), number).save(tmp_path / "my own data" / name / f"{number}.png")
        problem = ImageFolder(tmp_path / "my own data")
    assert problem.name == "my-own-data"


def test_unlabelled_arrays(door, arrays, tmp_path):
    np.save(tmp_path / "more.npy", np.random.default_rng(1).random((30, 12), dtype=np.float32))
    (tmp_path / "mine.yaml").write_text(
        "class_path: sdae.data.LocalArrays\ninit_args: {path: blobs.npz, unlabelled: more.npy}\n"
    )
    answer = door("fit", "--data", "mine.yaml", *QUICK)
    assert answer.returncode == 0, answer.stderr
    ours = result(tmp_path)
    assert (ours["examples"]["train"], ours["labels"]) == (78, 48)
    answer = door("predict", "--run", "mine", "--split", "train", "--output", "p.csv")
    assert answer.returncode == 0, answer.stderr
    last = (tmp_path / "p.csv").read_text().splitlines()[-1].split(",")
    assert last[:2] == ["more.npy:29", ""]


PAIRS = """
class_path: sdae.data.LocalArrays
init_args:
    {path: [x.npy, t.npy], valid: [v-x.npy, t.npy], test: [e-x.npy, t.npy], value_range: [0, 2], image_shape: [3, 4]}
"""
NPZ = PAIRS.replace("[x.npy, t.npy]", "blobs.npz").replace("[v-x.npy, t.npy]", "v-blobs.npz")


@pytest.mark.parametrize("files", [PAIRS, NPZ.replace("[e-x.npy, t.npy]", "e-blobs.npz")], ids=["pairs", "npz"])
def test_what_is_kept_is_read_again_and_from_any_folder(door, arrays, tmp_path, monkeypatch, files):
    (tmp_path / "mine.yaml").write_text(files)
    for split in ("v", "e"):
        for name in ("x.npy", "blobs.npz"):
            shutil.copy(tmp_path / name, tmp_path / f"{split}-{name}")
    assert door("fit", "--data", "mine.yaml", *QUICK).returncode == 0
    ours = result(tmp_path)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    for command in (["test"], ["validate"], ["predict", "--output", "p.npy"]):
        answer = door(*command, "--run", "../mine")
        assert answer.returncode == 0, answer.stderr
    (tmp_path / "mine" / "result.json").unlink()
    assert door("fit", "--run", "../mine").returncode == 0
    assert {**result(tmp_path), "seconds": 0} == {**ours, "seconds": 0}
    # The command that began the run goes on with it too, where it was given.
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine" / "result.json").unlink()
    assert door("fit", "--data", "mine.yaml", *QUICK).returncode == 0
    assert door("fit", "--config", "mine/config.yaml", "--run", "again").returncode == 0


def test_a_folder_of_pictures(door, tmp_path):
    for label, name in enumerate(("cat", "dog")):
        (tmp_path / "pets" / name).mkdir(parents=True)
        for number in range(20):
            Image.new("L", (5, 4), 100 * label + number).save(tmp_path / "pets" / name / f"{number}.png")
    (tmp_path / "mine.yaml").write_text("class_path: sdae.data.ImageFolder\ninit_args: {path: pets}\n")
    answer = door("fit", "--data", "mine.yaml", *QUICK)
    assert answer.returncode == 0, answer.stderr
    assert result(tmp_path)["problem"] == "pets"
    assert "10 train examples of pets, local" in door("data", "show", "mine.yaml", "--n", "10").stdout


def test_what_cannot_be_used_is_said_in_a_line(refused, arrays, tmp_path):
    (tmp_path / "mine.yaml").write_text("class_path: sdae.data.LocalArrays\ninit_args: {path: blobs.npz}\n")
    np.savez(tmp_path / "blobs.npz", x=np.full((60, 12), np.nan), t=np.arange(60) % 3)
    assert "blobs.npz: row 0, counted from 0, holds NaN" in refused("fit", "--data", "mine.yaml", *QUICK)
    np.savez(tmp_path / "blobs.npz", x=np.ones((60, 12)), t=np.arange(60) % 3 + 1)
    assert "blobs.npz: labels go up to 3, but none is 0" in refused("fit", "--data", "mine.yaml", *QUICK)
    (tmp_path / "blobs.npz").unlink()
    assert "blobs.npz: no such file" in refused("fit", "--data", "mine.yaml", *QUICK)
    assert "blobs.npz: no such file" in refused("data", "show", "mine.yaml")
    assert not (tmp_path / "mine").exists()


def test_noise_on_data_without_bounds_is_refused_before_there_is_a_folder(refused, arrays, tmp_path):
    (tmp_path / "mine.yaml").write_text(
        "class_path: sdae.data.LocalArrays\ninit_args: {path: blobs.npz, scale: standardise}\n"
    )
    before = {*tmp_path.iterdir()}
    noise = ("--fine_tuning.corruption", "salt-and-pepper", "--fine_tuning.noise_level", "0.1")
    assert "error: fine_tuning.corruption: salt-and-pepper needs" in refused(
        "fit", "--data", "mine.yaml", *QUICK, *noise
    )
    copies = ("--noisy_copies", "2", "--corruption", "salt-and-pepper", "--output", "svm")
    assert "error: --corruption: salt-and-pepper needs" in refused("svm", "--data", "mine.yaml", *copies)
    assert {*tmp_path.iterdir()} == before
