"""``filters`` on finished runs: what it draws, what it writes beside, and what it refuses."""

import json

import numpy as np
import pytest
import torch
from PIL import Image

from sdae.evaluation.compared_filters import _ordered
from sdae.evaluation.filters import measure_filters
from sdae.models.classifier import Classifier
from sdae.pictures.filter_grid import panels, zoom

SHORT = ("--pretraining.epochs", "1", "--tracking.wandb", "off")


@pytest.fixture
def asked(door, tmp_path):
    """Ask for filters, and return the picture, what stands beside it, and what was said."""

    def run(*args, name="filters"):
        answer = door("filters", *args)
        assert answer.returncode == 0, answer.stderr
        with Image.open(tmp_path / f"{name}.png") as picture:
            pixels = np.asarray(picture)
        return pixels, json.loads((tmp_path / f"{name}.json").read_text()), answer.stdout

    return run


@pytest.fixture
def fit(door):
    """Make a small run quickly, in this process."""

    def run(*args):
        answer = door("fit", *args, *SHORT)
        assert answer.returncode == 0, answer.stderr

    return run


@pytest.fixture
def mlp(fit, small_data):
    fit(*small_data, "--method", "mlp-1", "--model.n_units", 30, "--fine_tuning.max_epochs", 1, "--run", "mlp")


def weight_of(path):
    return Classifier.load_from_checkpoint(path, weights_only=True).hidden[0].weight.detach()


CAPTION = ["SDAE-2, masking ν = 25 %", "rect, 40 units"]


def test_all_filters_are_drawn_and_measured(asked, mine, fitted):
    pixels, content, said = asked("--run", "mine")
    weight = weight_of(mine / "pretrained.ckpt")
    assert (pixels == np.asarray(panels([weight], (28, 28), [CAPTION]))).all()
    assert content["picture"] == "filters.png"
    assert (content["layer"], content["weights"]) == (1, "pretrained")
    assert content["shown"] == list(range(1, 41))
    assert content["gabor"] == {"least_r2": 0.6, "greatest_height_at_frequency_0": 0.5}
    assert {"sdae", "torch"} <= content["versions"].keys()
    (one,) = content["runs"]
    assert one["run"] == "mine"
    for name in ("problem", "provenance", "method", "seed"):
        assert one[name] == fitted.result[name]
    assert one["provenance"] == "generated"
    assert (one["noise"], one["units"]) == ("masking ν = 25 %", 40)
    numbers = measure_filters(weight.numpy().reshape(-1, 28, 28))
    assert one["gabor_fraction"] == pytest.approx(numbers.is_gabor.mean())
    assert one["median_r2"] == pytest.approx(np.median(numbers.r2))
    assert one["median_localisation"] == pytest.approx(np.median(numbers.localisation))
    its = one["filters"]
    assert {len(values) for values in its.values()} == {40}
    assert its["r2"] == pytest.approx(numbers.r2, abs=1e-4)
    assert its["is_gabor"] == numbers.is_gabor.tolist()
    assert its["norm"] == pytest.approx(weight.norm(dim=1).numpy(), abs=1e-4)
    line = next(line for line in said.splitlines() if line.startswith("mine "))
    assert f"{np.median(numbers.localisation):.2f}" in line
    assert f"{100 * numbers.is_gabor.mean():.0f} %" in line
    assert "filters.png (40 of 40 filters), filters.json (the numbers of all)" in said


def test_the_weights_of_fine_tuning(asked, mine):
    pixels, content, _ = asked("--run", "mine", "--fine_tuned", "true", "--n", 9)
    caption = [f"{CAPTION[0]} · fine-tuned", CAPTION[1]]
    assert (pixels == np.asarray(panels([weight_of(mine / "best.ckpt")[:9]], (28, 28), [caption]))).all()
    assert content["weights"] == "best"


def test_units_are_counted_from_1(asked, mine):
    pixels, content, _ = asked("--run", "mine", "--units", 40, 1, 7)
    assert content["shown"] == [40, 1, 7]
    weight = weight_of(mine / "pretrained.ckpt")[[39, 0, 6]]
    assert (pixels == np.asarray(panels([weight], (28, 28), [CAPTION]))).all()
    assert content["runs"][0]["units"] == 40  # numbers are of all


def test_in_order_of_r2(asked, mine):
    r2 = np.array(asked("--run", "mine")[1]["runs"][0]["filters"]["r2"])
    most = asked("--run", "mine", "--order", "most-structured", "--n", 10)[1]["shown"]
    least = asked("--run", "mine", "--order", "least-structured", "--n", 10)[1]["shown"]
    assert r2[np.array(most) - 1].tolist() == sorted(r2, reverse=True)[:10]
    assert r2[np.array(least) - 1].tolist() == sorted(r2)[:10]


def test_the_order_of_several_runs_is_by_their_mean_of_the_units_they_share():
    random = np.random.default_rng(0)
    few, many = (measure_filters(random.normal(size=(n, 6, 6))) for n in (5, 8))
    mean = (few.r2 + many.r2[:5]) / 2
    assert _ordered([many, few], "most-structured").tolist() == np.argsort(-mean).tolist()
    assert _ordered([many, few], "least-structured").tolist() == np.argsort(mean).tolist()
    assert _ordered([many, few], "units").tolist() == [0, 1, 2, 3, 4]


def test_runs_side_by_side_and_an_mlps_random_start(asked, mine, mlp, tmp_path):
    weights = [weight_of(tmp_path / run / "pretrained.ckpt") for run in ("mine", "mlp")]
    captions = [CAPTION, ["MLP-1, random start", "rect, 30 units"]]
    pixels, content, _ = asked("--run", "mine", "mlp")
    assert content["shown"] == list(range(1, 31))  # the units that both have
    assert (pixels == np.asarray(panels([weight[:30] for weight in weights], (28, 28), captions))).all()
    assert [(one["run"], one["units"]) for one in content["runs"]] == [("mine", 40), ("mlp", 30)]
    shown = [2, 29]
    pixels, content, _ = asked("--run", "mine", "mlp", "--units", 3, 30)
    close = zoom([weight[shown] for weight in weights], (28, 28), ["unit 3", "unit 30"], captions)
    assert (pixels == np.asarray(close)).all()


def test_natural_patches(asked, fit, tmp_path):
    few = ("--data", "natural-patches", "--data.train_size", 200, "--method", "sdae-1", "--model.n_units", 6)
    fit(*few, "--pretraining.corruption", "gaussian", "--pretraining.noise_level", 0.5, "--run", "patches")
    pixels, content, _ = asked("--run", "patches", "--output", "nature.png", name="nature")
    caption = ["SDAE-1, Gaussian σ = 0.5", "natural-patches, 6 units"]
    weight = weight_of(tmp_path / "patches" / "pretrained.ckpt")
    assert (pixels == np.asarray(panels([weight], (12, 12), [caption]))).all()
    assert content["runs"][0]["provenance"] == "generated"


@pytest.fixture
def nothing_new(tmp_path):
    """Check afterwards that no picture and no numbers were written."""
    yield
    left = [path.name for path in tmp_path.iterdir() if path.is_file() and path.suffix != ".yaml"]
    assert left == []


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("--run", "mine", "--layer", 2), "--layer 2: only the first layer's filters are images"),
        (("--run", "mine", "--n", 0), "--n 0: at least one filter"),
        (("--run", "mine", "--output", "filters.jpg"), "--output filters.jpg: the name of a .png file"),
        (("--run", "mine", "--output", "no/filters.png"), "no/filters.png: cannot be written"),
        (("--run", "mine", "--units", 3, 41), "--units 41: mine has units 1 to 40"),
        (("--run", "mine", "--units", 0), "--units 0: mine has units 1 to 40"),
        (("--run", "mine", "--units", -1), "--units -1: mine has units 1 to 40"),
        (("--run", "mine", "nowhere"), "nowhere: holds no run"),
        ((), "name its folder with --run"),
    ],
    ids=str,
)
def test_what_cannot_be_drawn_is_refused(refused, mine, nothing_new, args, says):
    assert says in refused("filters", *args)


def test_a_run_that_has_no_weights_yet_is_refused(refused, mine, nothing_new):
    for name in ("pretrained.ckpt", "best.ckpt"):
        (mine / name).unlink()
    assert "mine/pretrained.ckpt: no such checkpoint" in refused("filters", "--run", "mine")
    assert "fine_tuned" in refused("filters", "--run", "mine", "--fine_tuned", "true")
    (mine / "result.json").unlink()
    assert "mine/best.ckpt: no such checkpoint" in refused("filters", "--run", "mine", "--fine_tuned", "true")


def test_a_run_that_is_pretrained_but_not_finished_is_drawn(asked, mine):
    (mine / "result.json").unlink()
    assert asked("--run", "mine", "--n", 4)[1]["runs"][0]["provenance"] is None


def test_weights_that_are_no_numbers_are_refused(refused, mine, nothing_new):
    checkpoint = torch.load(mine / "pretrained.ckpt", weights_only=True)
    next(iter(checkpoint["state_dict"].values()))[3] = float("nan")
    torch.save(checkpoint, mine / "pretrained.ckpt")
    assert "mine: its weights are not numbers; training diverged" in refused("filters", "--run", "mine")


ARRAYS = "data:\n  class_path: sdae.data.LocalArrays\n  init_args: {path: %s.npz, name: %s%s}\n"


@pytest.fixture
def arrays(fit, tmp_path):
    """Fit to arrays of one's own, with so many components and perhaps the shape of an image."""

    def run(name, d, shape=""):
        random = np.random.default_rng(0)
        np.savez(tmp_path / f"{name}.npz", x=random.random((60, d), dtype=np.float32), t=np.arange(60) % 3)
        (tmp_path / f"{name}.yaml").write_text(ARRAYS % (name, name, shape))
        network = ("--method", "sae-1", "--model.n_units", 4, "--fine_tuning.max_epochs", 1)
        fit("--config", f"{name}.yaml", *network, "--run", f"of-{name}")

    return run


def test_a_problem_without_images_is_refused(refused, arrays, tmp_path):
    arrays("blobs", 12)
    assert "of-blobs: blobs's examples are not images" in refused("filters", "--run", "of-blobs")
    assert not (tmp_path / "filters.png").exists()


def test_runs_of_images_of_different_sizes_are_refused(refused, arrays, asked, mine, tmp_path):
    arrays("tiny", 12, ", image_shape: [3, 4]")
    line = refused("filters", "--run", "mine", "of-tiny")
    assert "of-tiny: is of images of another size than mine" in line
    assert not (tmp_path / "filters.png").exists()
    pixels, content, _ = asked("--run", "of-tiny")
    assert content["runs"][0]["noise"] == "no noise"
    assert pixels.ndim == 2


def test_filters_of_long_thin_inputs_are_drawn_in_a_bounded_picture(door, tmp_path):
    """It took a minute and 7.5 GB, and drew 4 million pixels."""
    random = np.random.default_rng(0)
    np.savez(tmp_path / "thin.npz", x=random.random((30, 1, 10_000)), t=np.arange(30) % 2)
    (tmp_path / "thin.yaml").write_text(ARRAYS % ("thin", "thin", ""))
    few = ["--pretraining.epochs", "1", "--fine_tuning.max_epochs", "0", "--model.n_units", "20", "--run", "thin"]
    answer = door("fit", "--config", "thin.yaml", "--method", "sdae-1", *few, "--tracking.wandb", "off")
    assert answer.returncode == 0, answer.stderr
    assert door("filters", "--run", "thin").returncode == 0
    width, height = Image.open(tmp_path / "filters.png").size
    assert width * height < 500_000
    assert door("filters", "--run", "thin", "--units", "1", "2").returncode == 0


def test_a_runs_files_are_not_overwritten(asked, refused, mine):
    before = (mine / "result.json").read_bytes()
    said = refused("filters", "--run", "mine", "--output", "mine/result.png")
    assert "mine/result.json: would be overwritten and holds something else" in said
    assert (mine / "result.json").read_bytes() == before
    assert not (mine / "result.png").exists()
