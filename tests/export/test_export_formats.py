"""Both formats of a file give the numbers of the run: digits, a table, and an estimator without classes."""

import json
import sys

import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits, load_wine

import sdae
from sdae.errors import SdaeError
from sdae.estimators import StackedAutoencoder, StackedAutoencoderClassifier
from sdae.export import onnx as module
from sdae.export.onnx import write_onnx
from sdae.export.safetensors import write_safetensors

onnx = pytest.importorskip("onnx", reason="pip install -e '.[dev]'")
onnxruntime = pytest.importorskip("onnxruntime", reason="pip install -e '.[dev]'")
pytest.importorskip("safetensors", reason="pip install -e '.[dev]'")

SMALL = {"hidden_layer_sizes": (30, 20), "pretraining_epochs": 2, "random_state": 1, "device": "cpu"}
DIGITS, T = load_digits(return_X_y=True)
WINE, KINDS = load_wine(return_X_y=True)
NAMES = np.array(["Barolo", "Grignolino", "Barbera, süß"])[KINDS]


@pytest.fixture(scope="module", params=["as they are", "standardise", "minmax"])
def trained(request, tmp_path_factory):
    """Pixels in [0, 1], and a table whose columns have means up to 750: an estimator, its run, a thousand examples."""
    if request.param == "as they are":
        x, t = DIGITS[:1000] / 16, T[:1000]
    else:
        x, t = np.tile(WINE, (6, 1))[:1000], np.tile(NAMES, 6)[:1000]
    scale = "auto" if request.param == "as they are" else request.param
    estimator = StackedAutoencoderClassifier(**SMALL, scale=scale, max_epochs=5).fit(x, t)
    return estimator, sdae.load(estimator.save(tmp_path_factory.mktemp("saved") / "run")), x


def run(path, x):
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    return session.run(None, {"x": x.astype(np.float32)})[0]


def test_onnx_gives_the_class_probabilities_of_raw_examples(trained, tmp_path):
    estimator, model, x = trained
    assert write_onnx(model, tmp_path / "m.onnx") <= 1e-5
    expected = estimator.predict_proba(x)
    for n in (1, 7, 1000):  # the batch is dynamic
        np.testing.assert_allclose(run(tmp_path / "m.onnx", x[:n]), expected[:n], atol=1e-5)
    content = onnx.load(tmp_path / "m.onnx")
    properties = {entry.key: json.loads(entry.value) for entry in content.metadata_props}
    assert properties["classes"] == [str(name) for name in estimator.classes_]
    assert [value.name for value in content.graph.output] == ["probabilities"]


@pytest.mark.parametrize("layer", [1, 2])
def test_onnx_gives_a_layer(trained, tmp_path, layer):
    estimator, model, x = trained
    write_onnx(model, tmp_path / "m.onnx", layer)
    np.testing.assert_allclose(run(tmp_path / "m.onnx", x), estimator.transform(x, layer=layer), atol=1e-5)


def test_values_beyond_the_training_examples_are_clipped_in_the_graph_too(trained, tmp_path):
    estimator, model, x = trained
    write_onnx(model, tmp_path / "m.onnx", 1)
    beyond = x[:20] * 3 - x.mean(0)
    np.testing.assert_allclose(run(tmp_path / "m.onnx", beyond), estimator.transform(beyond, layer=1), atol=1e-5)


def test_safetensors_are_loaded_like_the_run(trained, tmp_path):
    estimator, model, x = trained
    assert write_safetensors(model, tmp_path / "m.safetensors") == tmp_path / "m.json"
    back = sdae.load(tmp_path / "m.safetensors")
    np.testing.assert_array_equal(back.predict_proba(x), model.predict_proba(x))
    np.testing.assert_array_equal(back.predict_proba(x), estimator.predict_proba(x))
    for layer in (1, 2):
        np.testing.assert_array_equal(back.transform(x, layer), model.transform(x, layer))
    np.testing.assert_array_equal(back.reconstruct(x), model.reconstruct(x))
    assert back.result == model.result
    assert back.method == model.method == "SDAE-2"
    assert back.problem.class_name(1) == str(estimator.classes_[1])


def test_pretrained_weights_and_a_network_without_pretraining(tmp_path):
    estimator = StackedAutoencoderClassifier(**SMALL, pretraining=None, max_epochs=2).fit(WINE, NAMES)
    model = sdae.load(estimator.save(tmp_path / "run"))
    for weights in ("best", "pretrained"):
        write_safetensors(model, tmp_path / f"{weights}.safetensors", weights)
    best, start = (sdae.load(tmp_path / f"{weights}.safetensors") for weights in ("best", "pretrained"))
    np.testing.assert_array_equal(best.predict_proba(WINE), estimator.predict_proba(WINE))
    np.testing.assert_allclose(start.predict_proba(WINE), 1 / 3, rtol=1e-6)
    with pytest.raises(SdaeError, match="is an MLP, without pretrained layers"):
        best.reconstruct(WINE)


def test_a_stack_without_classes_exports_its_layers(tmp_path):
    estimator = StackedAutoencoder(**SMALL).fit(WINE)
    model = sdae.load(estimator.save(tmp_path / "run"))
    write_onnx(model, tmp_path / "m.onnx", layer=2, weights="pretrained")
    np.testing.assert_allclose(run(tmp_path / "m.onnx", WINE), estimator.transform(WINE), atol=1e-5)
    write_safetensors(model, tmp_path / "m.safetensors", "pretrained")
    back = sdae.load(tmp_path / "m.safetensors")
    np.testing.assert_array_equal(back.transform(WINE), estimator.transform(WINE))
    with pytest.raises(SdaeError, match="no classes; name a layer"):
        write_onnx(model, tmp_path / "none.onnx", weights="pretrained")
    assert not (tmp_path / "none.onnx").exists()


def test_a_large_offset_costs_no_precision(tmp_path):
    x = 1e6 + np.arange(40.0).reshape(20, 2)  # exact in float32; its square is not
    estimator = StackedAutoencoderClassifier(**SMALL, max_epochs=1).fit(x, np.arange(20) % 2)
    write_onnx(sdae.load(estimator.save(tmp_path / "run")), tmp_path / "m.onnx", 1)
    w, b = (p.detach().double().numpy() for p in estimator.network_.hidden[0].parameters())
    scaling = estimator.preprocessing_.scaling
    exact = 1 / (1 + np.exp(-(((x - scaling.offset) / scaling.divisor) @ w.T + b)))
    np.testing.assert_allclose(run(tmp_path / "m.onnx", x), exact, atol=1e-6)


def test_a_file_whose_numbers_are_others_is_not_written(trained, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "predict", lambda network, x, layer: np.full((len(x), 1), 2.0))
    with pytest.raises(SdaeError, match="not written; onnxruntime differs"):
        write_onnx(trained[1], tmp_path / "m.onnx")
    assert not list(tmp_path.iterdir())


WRITERS = [("onnx", write_onnx), ("onnxruntime", write_onnx), ("safetensors.torch", write_safetensors)]


@pytest.mark.parametrize(("library", "write"), WRITERS)
def test_a_library_that_is_missing_is_named_with_its_extra(trained, tmp_path, monkeypatch, library, write):
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(SdaeError, match=r"is not installed; pip install 'sdae\[export\]'"):
        write(trained[1], tmp_path / "m")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("left", [0.0, 0.3, 0.99])
def test_a_damaged_file_is_named(trained, tmp_path, left):
    path = tmp_path / "m.safetensors"
    write_safetensors(trained[1], path)
    content = path.read_bytes()
    path.write_bytes(content[: int(left * len(content))])
    with pytest.raises(SdaeError, match="m.safetensors: cannot be read"):
        sdae.load(path)


def test_files_of_other_programs_and_missing_ones_are_named(trained, tmp_path):
    path = tmp_path / "m.safetensors"
    with pytest.raises(SdaeError, match="m.safetensors: no such file"):
        sdae.load(path)
    write_safetensors(trained[1], path)
    (tmp_path / "m.json").write_text('{"format": 99}')
    with pytest.raises(SdaeError, match="m.json: not a run"):
        sdae.load(path)
    (tmp_path / "m.json").unlink()
    with pytest.raises(SdaeError, match="m.json: cannot be read"):
        sdae.load(path)


def test_weights_of_another_network_are_refused(trained, tmp_path):
    from safetensors.torch import load_file, save_file

    path = tmp_path / "m.safetensors"
    write_safetensors(trained[1], path)
    tensors = load_file(path)
    tensors["network.encoders.0.weight"] = torch.zeros(3, 3)
    save_file(tensors, path)
    with pytest.raises(SdaeError, match="m.safetensors: cannot be read"):
        sdae.load(path)
