"""An ONNX graph gives the numbers of the run: digits, a table, and a stack without classes."""

import json
import sys

import numpy as np
import pytest

import sdae
from exported import SMALL, WINE
from sdae.errors import SdaeError
from sdae.estimators import StackedAutoencoder, StackedAutoencoderClassifier
from sdae.export import onnx as module
from sdae.export.onnx import write_onnx

onnx = pytest.importorskip("onnx", reason="pip install -e '.[dev]'")
onnxruntime = pytest.importorskip("onnxruntime", reason="pip install -e '.[dev]'")


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


def test_a_stack_without_classes_exports_its_layers(tmp_path):
    estimator = StackedAutoencoder(**SMALL).fit(WINE)
    model = sdae.load(estimator.save(tmp_path / "run"))
    write_onnx(model, tmp_path / "m.onnx", layer=2, weights="pretrained")
    np.testing.assert_allclose(run(tmp_path / "m.onnx", WINE), estimator.transform(WINE), atol=1e-5)
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


@pytest.mark.parametrize("library", ["onnx", "onnxruntime"])
def test_a_library_that_is_missing_is_named_with_its_extra(trained, tmp_path, monkeypatch, library):
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(SdaeError, match=r"is not installed; pip install 'sdae\[export\]'"):
        write_onnx(trained[1], tmp_path / "m")
    assert not list(tmp_path.iterdir())
