"""``export`` on a finished run."""

import json

import numpy as np
import pytest

import sdae

onnxruntime = pytest.importorskip("onnxruntime", reason="pip install -e '.[dev]'")


@pytest.fixture
def examples(tmp_path):
    x = np.random.default_rng(0).random((50, 784), dtype=np.float32)
    np.save(tmp_path / "x.npy", x)
    return x


@pytest.mark.parametrize("layer", [None, 1, 2])
def test_a_run_as_onnx_gives_what_predict_writes(layer, fitted, door, examples, tmp_path):
    which = () if layer is None else ("--layer", layer)
    answer = door("export", "--run", fitted.folder, "--output", "m.onnx", *which)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.startswith("m.onnx: onnxruntime gives the run's numbers within ")
    assert door("predict", "--run", fitted.folder, "--input", "x.npy", "--output", "p.npy", *which).returncode == 0
    session = onnxruntime.InferenceSession(tmp_path / "m.onnx")
    (numbers,) = session.run(None, {"x": examples})
    np.testing.assert_allclose(numbers, np.load(tmp_path / "p.npy"), atol=1e-5)
    assert json.loads(session.get_modelmeta().custom_metadata_map["problem"]) == "rect"


def test_a_run_as_safetensors_is_loaded_again(fitted, door, examples, tmp_path):
    assert door("export", "--run", fitted.folder, "--output", "m.safetensors").returncode == 0
    assert door("predict", "--run", fitted.folder, "--input", "x.npy", "--output", "p.npy").returncode == 0
    model = sdae.load(tmp_path / "m.safetensors")
    np.testing.assert_allclose(model.predict_proba(examples), np.load(tmp_path / "p.npy"), atol=1e-7)
    assert model.problem.name == "rect"


def test_weights_before_fine_tuning_can_be_exported(fitted, door, examples, tmp_path):
    args = ("--run", fitted.folder, "--output", "m.safetensors", "--weights", "pretrained")
    assert door("export", *args).returncode == 0
    expected = sdae.load(fitted.folder).transform(examples, weights="pretrained")
    np.testing.assert_array_equal(sdae.load(tmp_path / "m.safetensors").transform(examples), expected)


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--output", "m.pt"), "output m.pt: the name of a .onnx or .safetensors file"),
        (("--output", "m.onnx", "--layer", "3"), "layer 3 does not exist; the stack has layers 1 to 2"),
        (("--output", "m.safetensors", "--layer", "1"), "layer: a .safetensors file holds every layer"),
        (("--output", "nowhere/m.onnx"), "nowhere/m.onnx: cannot be written"),
    ],
)
def test_what_cannot_be_written_is_refused_in_one_line(args, said, fitted, refused, tmp_path):
    assert said in refused("export", "--run", fitted.folder, *args)
    assert not list(tmp_path.glob("m*"))
