"""What a user can correct is said in one line that names the key or the file."""

import shutil

import numpy as np
import pytest
import torch

UNKNOWN = [
    (("fit", "--units", "3"), "--units"),
    (("fit", "--pretraining.epoches", "3"), "--pretraining.epoches"),
    (("fit", "--pretraining.epoch", "3"), "--pretraining.epoch"),
    (("fit", "--data", "Problem"), "data: Problem is an abstract base class"),
    (("fit", "--data", "moons"), "--data moons: unknown; choose one of basic, bg-img"),
    (("fit", "--data", "moons.yaml"), "moons.yaml: no such file"),
    (("fit", "--method", "sdae-9"), "--method sdae-9: unknown; choose one of dbn-1"),
    (("fit", "--config", "missing.yaml"), "missing.yaml"),
    (("train",), "train: no such command; choose one of fit, validate, test, predict"),
    (("test",), "--run"),
    (("test", "--run", "nowhere"), "nowhere: holds no run"),
    (("predict", "--run", "nowhere"), "error: --output: is missing"),
    (("data", "show"), "error: name: is missing"),
]
OUT_OF_RANGE = [
    (("--pretraining.noise_level", "1.5"), "pretraining.noise_level"),
    (("--pretraining.noise_level", "-0.1"), "pretraining.noise_level"),
    (("--pretraining.noise_level", "nan"), "pretraining.noise_level"),
    (("--pretraining.corruption", "gaussian", "--pretraining.noise_level", "-1"), "pretraining.noise_level"),
    (("--pretraining.corruption", "gaussian", "--pretraining.emphasis", "[1, 0.5]"), "pretraining.emphasis"),
    (("--pretraining.corruption", "snow"), "pretraining.corruption"),
    (("--pretraining.emphasis", "[0, 0]"), "pretraining.emphasis"),
    (("--pretraining.emphasis", "[1, 0.5, 0]"), "pretraining.emphasis"),
    (("--pretraining.learning_rate", "0"), "pretraining.learning_rate"),
    (("--pretraining.epochs", "two"), "pretraining.epochs"),
    (("--pretraining.epochs", "-1"), "pretraining.epochs"),
    (("--pretraining.batch_size", "0"), "pretraining.batch_size"),
    (("--fine_tuning.learning_rate", "-0.1"), "fine_tuning.learning_rate"),
    (("--fine_tuning.patience", "0"), "fine_tuning.patience"),
    (("--model.n_layers", "0"), "model.n_layers"),
    (("--model.n_units", "0"), "model.n_units"),
    (("--model.n_units", "[40, 40, 40]"), "model.n_units: 3 values for 2 layers"),
    (("--pretraining.noise_level", "[0.1]"), "pretraining.noise_level: 1 values for 2 layers"),
    (("--pretraining.learning_rate", "[0.1, 0.1, 0.1]"), "pretraining.learning_rate: 3 values for 2 layers"),
    (("--trainer.devices", "2"), "sweep"),
    (("--trainer.accelerator", "abacus"), "trainer.accelerator"),
    (("--tracking.wandb", "maybe"), "tracking.wandb"),
    (("--seed_everything", "luck"), "seed_everything"),
]


@pytest.mark.parametrize(("args", "named"), UNKNOWN, ids=[" ".join(args) for args, _ in UNKNOWN])
def test_what_is_not_there_is_named(spotless, args, named, tmp_path):
    assert named in spotless(*args)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("args", "named"), OUT_OF_RANGE, ids=[" ".join(args)[2:] for args, _ in OUT_OF_RANGE])
def test_a_value_out_of_range_names_its_key(spotless, small, args, named):
    assert named in spotless("fit", *small, *args)


@pytest.mark.parametrize(
    ("args", "named"),
    [(("--data.train_size", "0"), "data.train_size"), (("--seed_everything", "-1"), "seed_everything")],
    ids=["train_size", "seed"],
)
def test_a_number_that_cannot_be_names_its_key(spotless, small, args, named):
    assert named in spotless("fit", *small, *args)


def test_a_key_that_is_misspelt_in_a_file_is_named(spotless, tmp_path):
    (tmp_path / "mine.yaml").write_text("pretraining: {epoch: 3}\n")
    assert "pretraining.epoch" in spotless("fit", "--config", "mine.yaml")


@pytest.mark.parametrize(("key", "kind"), [("data", "basic, bg-img"), ("method", "mlp-1, mlp-2")])
def test_a_name_that_is_unknown_in_a_file_is_named(spotless, tmp_path, key, kind):
    (tmp_path / "mine.yaml").write_text(f"{key}: moons\n")
    line = spotless("fit", "--config", "mine.yaml")
    assert f"{key} moons" in line
    assert kind in line


@pytest.mark.parametrize("content", [b"pretraining: [", b"\xff\xfe\x00", b"pretraining: 3\n", b"just text"])
def test_a_file_that_is_no_configuration_is_named(spotless, tmp_path, content):
    (tmp_path / "mine.yaml").write_bytes(content)
    assert "mine.yaml" in spotless("fit", "--config", "mine.yaml")


@pytest.mark.parametrize("command", ["fit", "test"])
def test_a_damaged_configuration_of_a_run_is_named(refused, fitted, tmp_path, command):
    shutil.copytree(fitted.folder, tmp_path / "mine")
    (tmp_path / "mine" / "config.yaml").write_text("pretraining: [")
    assert "mine/config.yaml" in refused(command, "--run", "mine")


def test_a_data_folder_that_is_a_file_is_named(spotless, small, tmp_path):
    (tmp_path / "file").write_text("no folder")
    line = spotless("fit", *small, "--data.root", "file")
    assert "file/cache: cannot be written" in line
    assert "data.root" in line
    assert (tmp_path / "file").read_text() == "no folder"


@pytest.mark.parametrize("source", ["original", "auto"])
def test_an_archive_that_is_not_the_published_one_is_named(refused, tmp_path, source):
    (tmp_path / "data" / "icml2007").mkdir(parents=True)
    archive = tmp_path / "data" / "icml2007" / "rectangles.zip"
    archive.write_bytes(b"garbage")
    line = refused("fit", "--data", "rect", "--data.root", "data", "--data.source", source)
    assert "data/icml2007/rectangles.zip: is not the published file" in line
    assert archive.read_bytes() == b"garbage"
    assert not list((tmp_path / "data").rglob("*.npz"))


@pytest.mark.parametrize(
    ("problem", "missing"), [("rect", "icml2007/rectangles.zip"), ("mnist", "mnist/train-images-idx3-ubyte.gz")]
)
def test_without_a_network_the_missing_file_is_named(refused, tmp_path, problem, missing):
    line = refused("fit", "--data", problem, "--data.root", "data", "--data.source", "original")
    assert missing in line
    assert "data.root" in line
    assert {path.suffix for path in (tmp_path / "data").rglob("*") if path.is_file()} == {".lock"}


@pytest.mark.parametrize(
    "args",
    [
        pytest.param(("--data.root", "file"), id="no data folder"),
        pytest.param(("--data.root", "data", "--data.source", "original"), id="no network"),
        pytest.param(("--pretraining.noise_level", "[0.1]"), id="a list too short"),
        pytest.param(("--model.n_units", "0"), id="out of range"),
        pytest.param(("--units", "0"), id="unknown"),
    ],
)
def test_a_fit_that_could_not_begin_leaves_no_run(refused, small, tmp_path, args):
    (tmp_path / "file").write_text("no folder")
    refused("fit", *small, *args)
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize("key", ["pretraining.learning_rate", "fine_tuning.learning_rate"])
def test_a_rate_that_diverges_is_named(refused, small, tmp_path, key):
    line = refused("fit", *small, f"--{key}", "1e30", "--pretraining.reconstruction", "squared", "--run", "mine")
    assert f"lower {key}" in line
    assert "epoch 1" in line
    assert not (tmp_path / "mine" / "result.json").exists()


def test_cross_entropy_needs_fractions(spotless, small, monkeypatch):
    monkeypatch.setattr("sdae.data.Rect.value_range", (-1.0, 1.0))
    line = spotless("fit", *small, "--pretraining.reconstruction", "cross-entropy")
    assert "pretraining.reconstruction" in line
    assert "[-1, 1]" in line


@pytest.fixture
def other_checkpoints(fitted, tmp_path):
    """One of another width, one of another depth, one half, and a file that is none."""
    checkpoint = torch.load(fitted.folder / "best.ckpt", weights_only=True)
    state = checkpoint["state_dict"]
    narrow = {**state, "output.weight": state["output.weight"][:, :-1].clone()}
    torch.save({**checkpoint, "state_dict": narrow}, tmp_path / "narrow.ckpt")
    deeper = {**state, "encoders.2.weight": torch.zeros(40, 40), "encoders.2.bias": torch.zeros(40)}
    torch.save({**checkpoint, "state_dict": deeper}, tmp_path / "deeper.ckpt")
    (tmp_path / "text.ckpt").write_text("no checkpoint")


@pytest.mark.parametrize("command", ["test", "validate"])
@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("narrow.ckpt", "output.weight is 2 × 39 in the file and 2 × 40 in the model"),
        ("deeper.ckpt", "model.n_layers"),
        ("text.ckpt", "not a checkpoint of this package"),
        ("missing.ckpt", "no such checkpoint"),
    ],
)
def test_a_checkpoint_that_does_not_fit_is_named(spotless, fitted, other_checkpoints, command, name, why):
    line = spotless(command, "--run", fitted.folder, "--weights", name)
    assert f"error: {name}: " in line
    assert why in line


@pytest.fixture
def inputs(tmp_path):
    """Files that hold no examples of 784 numbers each."""
    x = np.zeros((3, 784), np.float32)
    np.save(tmp_path / "ok.npy", x)
    x[1, 5] = np.nan
    np.save(tmp_path / "nan.npy", x)
    np.save(tmp_path / "narrow.npy", np.zeros((3, 10)))
    np.save(tmp_path / "single.npy", np.zeros(784))
    np.save(tmp_path / "words.npy", np.full((3, 784), "a"))
    np.savez(tmp_path / "nameless.npz", np.zeros((3, 784)))
    (tmp_path / "text.npy").write_text("no array")


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("nan.npy", "row 1, counted from 0, holds nan"),
        ("narrow.npy", "(3, 10); the run needs (n, 784)"),
        ("single.npy", "(784,); the run needs (n, 784)"),
        ("words.npy", "not numbers"),
        ("nameless.npz", "no array named x"),
        ("text.npy", "cannot be read"),
        ("missing.npy", "no such file"),
    ],
)
def test_an_input_that_cannot_be_used_is_named(spotless, fitted, inputs, tmp_path, name, why):
    line = spotless("predict", "--run", fitted.folder, "--input", name, "--output", "out.npy")
    assert f"error: {name}: " in line
    assert why in line
    assert not (tmp_path / "out.npy").exists()


@pytest.mark.parametrize(
    ("args", "named"),
    [
        (("--output", "out.txt"), "output out.txt: the name of a .npy, a .csv or a .parquet file"),
        (("--output", "no/where.npy"), "no/where.npy: cannot be written"),
        (("--output", "out.npy", "--layer", "3"), "layer 3 does not exist; the stack has layers 1 to 2"),
        (("--output", "out.npy", "--layer", "-1"), "layer -1 does not exist"),
        (("--output", "out.npy", "--split", "vali"), "split"),
        ((), "output"),
    ],
    ids=["txt", "folder", "layer 3", "layer -1", "split", "nothing"],
)
def test_an_output_that_cannot_be_made_is_named(spotless, fitted, inputs, tmp_path, args, named):
    assert named in spotless("predict", "--run", fitted.folder, "--input", "ok.npy", *args)
    assert not (tmp_path / "out.npy").exists()


def test_debug_shows_where_the_error_came_from(door):
    answer = door("fit", "--pretraining.noise_level", "2", "--debug")
    assert answer.returncode == 2
    assert "Traceback" in answer.stderr
    assert "pretraining.py" in answer.stderr
    assert answer.stderr.splitlines()[-1].startswith("error: pretraining.noise_level")


def test_a_process_fails_in_one_line_and_a_status(sdae, tmp_path):
    answer = sdae("fit", "--pretraining.noise_level", "2", cwd=tmp_path)
    assert answer.returncode == 2
    assert answer.stdout == ""
    assert len(answer.stderr.splitlines()) == 1
    assert answer.stderr.startswith("error: pretraining.noise_level")
    assert not list(tmp_path.iterdir())
