"""``import sdae``: everything by name, and what it costs."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

import sdae
from sdae.config.sections import flat
from sdae.data import LocalArrays, Rect
from sdae.sweeps.sweep_file import Sweep

ROOT = Path(__file__).parents[1]
QUICK = {
    "model": {"n_units": 12},
    "pretraining": {"epochs": 3, "learning_rate": 0.02},
    "fine_tuning": {"learning_rate": 0.1, "max_epochs": 12, "patience": 12},
    "trainer": {"accelerator": "cpu", "progress": False},
    "tracking": {"wandb": "off"},
}


def blobs(n: int = 200) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(0)
    t = random.integers(0, 3, n)
    return np.clip(np.repeat(np.eye(3), 4, 1)[t] * 0.8 + random.random((n, 12)) * 0.2, 0, 1), t


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return sdae.fit(blobs(), "sdae-2", tmp_path_factory.mktemp("api") / "mine", **QUICK)


def test_importing_it_imports_no_torch(python, tmp_path):
    heavy = ("torch", "lightning", "numba", "wandb", "sklearn", "numpy", "jsonargparse")
    code = f"import sys, sdae; dir(sdae); print([name for name in {heavy!r} if name in sys.modules])"
    assert python("-c", code, cwd=tmp_path, env={"PYTHONPATH": str(ROOT / "src")}).stdout == "[]\n"


def test_every_name_is_there_and_listed():
    for name in sdae.__all__:
        assert getattr(sdae, name) is not None
        assert name in dir(sdae)
    with pytest.raises(AttributeError, match="moons"):
        sdae.moons  # noqa: B018
    assert (Path(sdae.__file__).parent / "py.typed").is_file()


def test_arrays_become_a_trained_model(model):
    x, t = blobs()
    assert model.predict(x).shape == (200,)
    assert (model.predict(x) == t).mean() > 0.9
    probabilities = model.predict_proba(x)
    assert probabilities.shape == (200, 3)
    np.testing.assert_allclose(probabilities.sum(1), 1, atol=1e-5)
    assert np.array_equal(probabilities.argmax(1), model.predict(x))
    assert model.result["method"] == model.method == "SDAE-2"
    assert model.config["pretraining"]["epochs"] == 3
    assert "SDAE-2 on arrays" in repr(model)
    assert model.classes == ("0", "1", "2")


def test_representations_and_reconstructions(model):
    x, _ = blobs()
    assert np.array_equal(model.transform(x, layer=0), x.astype(np.float32))
    assert np.array_equal(model.transform(x), model.transform(x, layer=2))
    first = model.transform(x, layer=1, weights="pretrained")
    layer = model.layers[0]
    expected = 1 / (1 + np.exp(-(x @ layer.encoder.weight.detach().numpy().T + layer.encoder.bias.detach().numpy())))
    np.testing.assert_allclose(first, expected, atol=1e-5)
    assert not np.array_equal(first, model.transform(x, layer=1))  # those of fine-tuning
    assert model.reconstruct(x).shape == model.reconstruct(x, layer=1).shape == (200, 12)
    assert np.square(model.reconstruct(x, layer=1) - x).mean() < np.square(x - x.mean(0)).mean()


def test_reconstructions_are_in_the_units_of_the_examples(tmp_path):
    x, t = blobs()
    grey, moved = np.round(255 * x).astype(np.uint8), 100 * x + 1000
    of_grey = sdae.fit((grey, t), "sdae-1", tmp_path / "grey", **QUICK)
    as_bytes, divided = of_grey.reconstruct(grey), of_grey.reconstruct((grey / 255).astype(np.float32))
    np.testing.assert_allclose(as_bytes, 255 * divided, rtol=1e-5)
    assert np.abs(as_bytes - grey).mean() < 0.5 * np.abs(grey - grey.mean(0)).mean()
    more = {"pretraining": {"epochs": 50, "learning_rate": 0.01}, "data": {"scale": "standardise"}}
    of_moved = sdae.fit((moved, t), "sdae-1", tmp_path / "moved", **{**QUICK, **more})
    z = of_moved.reconstruct(moved)
    assert z.dtype == np.float32
    assert np.square(z - moved).mean() < 0.5 * moved.var(0).mean()
    scaled = of_moved.transform(moved, layer=0)
    np.testing.assert_allclose(scaled.std(0), 1, rtol=0.2)  # the training examples are a part of them


def test_what_was_trained_is_loaded_again(model):
    x, _ = blobs()
    again = sdae.load(model.folder.path)
    assert np.array_equal(again.predict_proba(x), model.predict_proba(x))
    assert again.config == model.config
    assert again.result == model.result


@pytest.mark.parametrize(
    ("x", "why"),
    [
        (np.zeros((2, 5)), "the run needs .n, 12."),
        (np.full((1, 12), np.nan), "row 0, counted from 0, holds nan"),
        (np.full((1, 12), "a"), "not numbers"),
    ],
)
def test_examples_that_do_not_fit_are_refused(model, x, why):
    for ask in (model.predict, model.transform, model.reconstruct):
        with pytest.raises(sdae.SdaeError, match=why):
            ask(x)
    with pytest.raises(sdae.SdaeError, match="layer 3 does not exist"):
        model.reconstruct(blobs()[0], layer=3)
    with pytest.raises(sdae.SdaeError, match="layer 3 does not exist"):
        model.transform(blobs()[0], layer=3)


def test_a_run_is_resumed_overwritten_or_refused(model, tmp_path):
    folder = model.folder.path
    with pytest.raises(sdae.SdaeError, match="holds a finished run; name another folder as run, or overwrite it"):
        sdae.fit(blobs(), "sdae-2", folder, **QUICK)
    x, t = blobs()
    with pytest.raises(sdae.SdaeError, match="holds other examples"):
        sdae.fit((x[::-1], t[::-1]), "sdae-2", folder, **QUICK)
    unfinished = sdae.fit("rect", "sae-1", tmp_path / "rect", **RECT)
    unfinished.folder.result.unlink()
    with pytest.raises(sdae.SdaeError, match="model.n_units is .* there and .* here;"):
        sdae.fit("rect", "sae-1", tmp_path / "rect", **RECT | {"model": {"n_units": 13}})
    resumed = sdae.fit("rect", "sae-1", tmp_path / "rect", **RECT)
    assert resumed.result["valid_error"] == unfinished.result["valid_error"]
    again = sdae.fit("rect", "sae-1", tmp_path / "rect", overwrite=True, seed_everything=2, **RECT)
    assert again.result["seed"] == 2


RECT = {**QUICK, "data": {"source": "generated", "train_size": 200}}


@pytest.fixture(autouse=True)
def data(data_folder, monkeypatch):
    monkeypatch.setenv("SDAE_DATA", str(data_folder))


def test_python_and_the_command_line_train_the_same(door, tmp_path):
    model = sdae.fit("rect", "sdae-2", tmp_path / "python", **RECT)
    values = flat(RECT)
    flags = [f"--{key}={value if isinstance(value, str) else json.dumps(value)}" for key, value in values.items()]
    answer = door("fit", "--data", "rect", "--method", "sdae-2", *flags, "--run", "shell")
    assert answer.returncode == 0, answer.stderr
    other = sdae.load("shell")
    assert other.config == model.config
    timed = {"seconds"}
    assert {k: v for k, v in other.result.items() if k not in timed} == {
        k: v for k, v in model.result.items() if k not in timed
    }


def test_a_problem_is_given_as_it_is(data_folder, tmp_path):
    problem = sdae.load_problem("rect", root=data_folder, source="generated", train_size=200)
    assert isinstance(problem, Rect)
    assert (problem.root, problem.source, problem.train_size) == (data_folder, "generated", 200)
    model = sdae.fit(problem, "sdae-1", tmp_path / "mine", **QUICK)
    again = sdae.load(tmp_path / "mine")
    assert again.problem.train_size == 200
    x = problem.test.x[:50]
    assert np.array_equal(again.predict(x), model.predict(x.reshape(-1, 28, 28)))


def test_an_mlp_has_no_decoders_and_a_problem_without_fine_tuning_no_classes_yet(tmp_path):
    mlp = sdae.fit("rect", "mlp-1", tmp_path / "mlp", **RECT)
    x = np.zeros((1, 784))
    with pytest.raises(sdae.SdaeError, match="is an MLP, without pretrained layers"):
        mlp.reconstruct(x)
    stack = sdae.fit("rect", "sdae-1", tmp_path / "stack", **RECT | {"fine_tuning": {"max_epochs": 0}})
    assert stack.transform(x).shape == (1, 12)
    with pytest.raises(sdae.SdaeError, match="no such checkpoint"):
        stack.predict(x)


@pytest.mark.parametrize(
    ("arguments", "settings", "why"),
    [
        (("moons",), {}, "data moons: unknown; choose one of"),
        (("rect", "sdae-9"), {}, "method sdae-9: unknown"),
        (
            ("rect",),
            {"pretraining": {"epochz": 3}},
            "pretraining.epochz: no such key; did you mean pretraining.epochs?",
        ),
        (("rect",), {"pretrain": {"epochs": 3}}, "pretrain: no such section; there are trainer, model, pretraining"),
        (("rect",), {"data": {"source": "generated", "labels": 2000}}, "data.labels: rect has 1000 training examples"),
        (("rect",), {"pretraining": {"noise_level": 2}}, "pretraining.noise_level"),
        (("rect",), {"data": {"size": 3}}, "data.size: no such key"),
        (("rect",), {"seed_everything": -1}, "seed_everything: a number from 0"),
        (((np.zeros((4, 2)), np.array([0, 1, 3, 3])),), {}, r"\(x, t\): labels go up to 3"),
    ],
)
def test_what_cannot_be_used_is_named_and_leaves_nothing(tmp_path, monkeypatch, arguments, settings, why):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(sdae.SdaeError, match=why):
        sdae.fit(*arguments, **settings)
    assert not list(tmp_path.iterdir())
    with pytest.raises(sdae.SdaeError, match="nowhere: holds no run"):
        sdae.load("nowhere")


def test_names_are_what_they_are_called():
    assert sdae.LocalArrays is LocalArrays
    assert not hasattr(sdae, Sweep.__name__)
    assert sys.modules["sdae"] is sdae
