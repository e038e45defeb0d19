"""``samples`` on finished runs: the picture, the numbers, and what it refuses."""

import json
import shutil
from importlib.metadata import version

import numpy as np
import pytest
import torch
import yaml
from PIL import Image

from sdae.data import Rect
from sdae.evaluation.judge import Judge
from sdae.evaluation.samples import resample
from sdae.models.autoencoder import Autoencoder
from sdae.pictures.sample_rows import APART, GAP
from sdae.seeds import generator

FEW = ("--judged", "50", "--wandb", "off")
QUICK = ("--pretraining.epochs", "2", "--fine_tuning.max_epochs", "0")


@pytest.fixture(scope="module")
def dbn(sdae, small, tmp_path_factory):
    """A DBN-2 on the same data, not fine-tuned."""
    cwd = tmp_path_factory.mktemp("dbn")
    answer = sdae("fit", *small, "--method", "dbn-2", *QUICK, "--run", "dbn", cwd=cwd)
    assert answer.returncode == 0, answer.stderr
    return cwd / "dbn"


@pytest.fixture(scope="module")
def rect(data_folder):
    problem = Rect(data_folder, "generated", train_size=200)
    problem.setup()
    return problem


def read(path):
    return json.loads(path.read_text())


@pytest.fixture(scope="module")
def layers(fitted):
    return [Autoencoder.load_from_checkpoint(fitted.folder / f"layer{k}.ckpt", weights_only=True) for k in (1, 2)]


def test_the_picture_has_the_example_and_then_its_samples(door, fitted, rect, layers, tmp_path):
    answer = door("samples", "--run", fitted.folder, "--examples", 3, 117, "--draws", 4, *FEW)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.splitlines()[-1] == "samples.png, samples.json"
    assert read(tmp_path / "samples.json")["shown"] == [3, 117]
    x = rect.train.x[[2, 116]]
    expected = resample(layers, x, 4, generator(1, "samples", "shown"))
    page = np.asarray(Image.open(tmp_path / "samples.png"))
    for row in range(2):
        for column, pixels in enumerate((x[row], *expected[row])):
            top = 16 + GAP + row * (56 + GAP)
            left = 16 + GAP + column * (56 + GAP) + (APART if column else 0)
            tile = page[top : top + 56 : 2, left : left + 56 : 2]
            assert np.abs(tile - 255.0 * pixels.view(28, 28).numpy()).max() <= 1


def test_the_numbers_are_those_of_the_samples(door, fitted, rect, layers, tmp_path):
    answer = door("samples", "--run", fitted.folder, "--output", "mine.png", *FEW, "--seed", "3")
    assert answer.returncode == 0, answer.stderr
    kept = read(tmp_path / "mine.json")
    judge = Judge(rect.train, rect.test, 50, 3)
    expected = judge.of(resample(layers, rect.train.x[judge.rows], 2, generator(3, "samples", "judged")))
    (run,) = kept["runs"]
    assert run["method"] == "SDAE-2"
    assert run["label_error"] == expected.label_error
    assert run["interval"] == expected.interval
    assert run["distance"] == pytest.approx(expected.distance)
    assert run["variability"] == pytest.approx(expected.variability)
    assert kept["real"]["label_error"] == judge.real.label_error
    assert (kept["problem"], kept["provenance"], kept["seed"]) == ("rect", "generated", 3)
    assert kept["versions"]["torch"] == version("torch")  # without the build, +cu130, of torch.__version__
    assert f"{run['distance']:.2f}" in answer.stdout
    assert "real test examples" in answer.stdout


def test_several_runs_lie_side_by_side_with_the_same_examples(door, fitted, dbn, tmp_path):
    one = door("samples", "--run", fitted.folder, "--output", "one.png", *FEW)
    both = door("samples", "--run", fitted.folder, dbn, "--output", "both.png", *FEW)
    assert one.returncode == both.returncode == 0, both.stderr
    alone, together = read(tmp_path / "one.json"), read(tmp_path / "both.json")
    assert [run["method"] for run in together["runs"]] == ["SDAE-2", "DBN-2"]
    assert together["runs"][0] == alone["runs"][0]  # a run's samples do not depend on what lies beside it
    assert together["shown"] == alone["shown"]
    pages = [np.asarray(Image.open(tmp_path / name)) for name in ("one.png", "both.png")]
    width = pages[0].shape[1]
    np.testing.assert_array_equal(pages[1][16:590, :width], pages[0][16:590])
    np.testing.assert_array_equal(pages[1][16:590, width : width + 58], pages[0][16:590, 16:74])  # the same examples


def test_the_same_seed_gives_the_same_samples_and_another_seed_others(door, fitted, tmp_path):
    for name, seed in (("one", 1), ("again", 1), ("other", 2)):
        assert door("samples", "--run", fitted.folder, "--output", f"{name}.png", "--seed", seed, *FEW).returncode == 0
    one, again, other = ((tmp_path / f"{name}.png").read_bytes() for name in ("one", "again", "other"))
    assert one == again
    assert one != other


def test_examples_of_each_class_are_taken_in_turn(door, fitted, rect, tmp_path):
    assert door("samples", "--run", fitted.folder, "--rows", 5, *FEW).returncode == 0
    shown = read(tmp_path / "samples.json")["shown"]
    assert len(set(shown)) == 5
    assert rect.train.t[torch.tensor(shown) - 1].tolist() == [0, 0, 0, 1, 1]


def test_a_dbn_is_sampled_by_gibbs_steps(door, dbn, tmp_path):
    answer = door("samples", "--run", dbn, "--gibbs", 3, *FEW)
    assert answer.returncode == 0, answer.stderr
    assert read(tmp_path / "samples.json")["gibbs"] == 3


def test_without_judging_there_is_the_picture_alone(door, fitted, tmp_path):
    answer = door("samples", "--run", fitted.folder, "--judged", 0, "--wandb", "off")
    assert answer.returncode == 0
    assert answer.stdout == "samples.png, samples.json\n"
    assert "classifier" not in read(tmp_path / "samples.json")


def test_picture_and_numbers_are_told_to_wandb(door, fitted, tmp_path):
    shutil.copytree(fitted.folder, tmp_path / "mine")
    assert door("samples", "--run", "mine", "--judged", 50, "--wandb", "offline").returncode == 0
    (told,) = (tmp_path / "mine" / "wandb").glob("offline-run-*")
    assert list((told / "files").rglob("samples*.png"))


def test_looking_at_a_run_changes_nothing_in_it(door, fitted):
    def state():
        return {path.name: path.stat().st_mtime_ns for path in fitted.folder.iterdir()}

    before = state()
    assert door("samples", "--run", fitted.folder, *FEW).returncode == 0
    assert state() == before


def test_a_problem_without_pictures_gets_numbers_alone(door, tmp_path):
    random = np.random.default_rng(0)
    t = np.arange(120) % 3
    np.savez(tmp_path / "mine.npz", x=random.standard_normal((120, 12)) + t[:, None], t=t)
    (tmp_path / "mine.yaml").write_text("class_path: sdae.data.LocalArrays\ninit_args: {path: mine.npz}\n")
    how = ("--method", "dbn-2", "--model.n_units", 6, "--pretraining.learning_rate", 0.001, *QUICK)
    fit = door("fit", "--data", "mine.yaml", *how, "--run", "r", "--tracking.wandb", "off")
    assert fit.returncode == 0, fit.stderr
    answer = door("samples", "--run", "r", "--wandb", "off")
    assert answer.returncode == 0, answer.stderr
    assert "its examples are not pictures; numbers alone" in answer.stdout
    assert answer.stdout.splitlines()[-1] == "samples.json"
    assert not (tmp_path / "samples.png").exists()
    assert read(tmp_path / "samples.json")["runs"][0]["distance"] > 0


def test_of_fewer_than_two_thousand_examples_half_are_judged(door, fitted, tmp_path):
    answer = door("samples", "--run", fitted.folder, "--wandb", "off")
    assert answer.returncode == 0, answer.stderr
    assert read(tmp_path / "samples.json")["judged"] == 100


def test_what_cannot_be_is_said_in_a_line(refused, fitted, dbn, tmp_path):
    run = ("samples", "--run", fitted.folder)
    assert "nowhere: holds no run" in refused("samples", "--run", "nowhere")
    assert "name its folder with --run" in refused("samples")
    assert "--examples 201: rect has training examples 1 to 200" in refused(*run, "--examples", 3, 201)
    assert "--examples 0" in refused(*run, "--examples", 0)
    assert "--gibbs 0: at least 1" in refused("samples", "--run", dbn, "--gibbs", 0)
    assert "is an SDAE-2, and has no RBM on top" in refused("samples", "--run", dbn, fitted.folder, "--gibbs", 5)
    assert "--draws 0" in refused(*run, "--draws", 0)
    assert "--rows 0" in refused(*run, "--rows", 0)
    assert "--judged 101: rect has 200 training examples with a class; judge at most half" in refused(
        *run, "--judged", 101
    )
    assert "--output samples.jpg: the name of a .png file" in refused(*run, "--output", "samples.jpg")
    assert "nowhere/s.png: cannot be written" in refused(*run, "--output", "nowhere/s.png", *FEW)
    assert not list(tmp_path.iterdir())


def test_a_run_without_decoders_is_refused(refused, door, small, fitted, tmp_path):
    fit = door("fit", *small, "--method", "mlp-1", "--fine_tuning.max_epochs", 1, "--run", "mlp")
    assert fit.returncode == 0, fit.stderr
    assert "mlp: is an MLP, without pretrained layers and so without decoders" in refused("samples", "--run", "mlp")
    shutil.copytree(fitted.folder, tmp_path / "mine")
    (tmp_path / "mine" / "layer2.ckpt").unlink()
    assert "mine/layer2.ckpt: no such checkpoint" in refused("samples", "--run", "mine")


def test_runs_of_different_data_are_refused(refused, fitted, tmp_path):
    shutil.copytree(fitted.folder, tmp_path / "mine")
    config = yaml.safe_load((tmp_path / "mine" / "config.yaml").read_text())
    config["data"]["init_args"]["train_size"] = 100
    (tmp_path / "mine" / "config.yaml").write_text(yaml.safe_dump(config))
    line = refused("samples", "--run", fitted.folder, "mine")
    assert "mine: is not of the same data as" in line


def test_weights_that_are_no_numbers_are_refused(refused, fitted, tmp_path):
    shutil.copytree(fitted.folder, tmp_path / "mine")
    path = tmp_path / "mine" / "layer2.ckpt"
    checkpoint = torch.load(path, weights_only=True)
    checkpoint["state_dict"]["decoder_bias"][0] = torch.nan
    torch.save(checkpoint, path)
    assert "mine: its weights are not numbers" in refused("samples", "--run", "mine")
