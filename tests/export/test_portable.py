"""Both formats of a file give the numbers of what was exported: digits, a table, and a run."""

import json
import sys

import numpy as np
import pytest
from sklearn.datasets import load_digits, load_wine

from sdae.errors import SdaeError
from sdae.estimators import StackedAutoencoder, StackedAutoencoderClassifier
from sdae.export.onnx import write_onnx
from sdae.export.portable import Portable, Scaling, of_estimator
from sdae.export.safetensors import read_safetensors, write_safetensors
from sdae.models.classifier import Classifier

onnx = pytest.importorskip("onnx", reason="pip install -e '.[dev]'")
onnxruntime = pytest.importorskip("onnxruntime", reason="pip install -e '.[dev]'")
pytest.importorskip("safetensors", reason="pip install -e '.[dev]'")

SMALL = {"hidden_layer_sizes": (30, 20), "pretraining_epochs": 2, "random_state": 1, "device": "cpu"}
DIGITS, T = load_digits(return_X_y=True)
WINE, KINDS = load_wine(return_X_y=True)
NAMES = np.array(["Barolo", "Grignolino", "Barbera, süß"])[KINDS]


@pytest.fixture(scope="module", params=["as they are", "standardise", "minmax"])
def trained(request):
    """Pixels in [0, 1], and a table whose columns have means up to 750: an estimator and a thousand examples."""
    if request.param == "as they are":
        x, t = DIGITS[:1000] / 16, T[:1000]
    else:
        x, t = np.tile(WINE, (6, 1))[:1000], np.tile(NAMES, 6)[:1000]
    scale = "auto" if request.param == "as they are" else request.param
    return StackedAutoencoderClassifier(**SMALL, scale=scale, max_epochs=5).fit(x, t), x


def run(path, x):
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    return session.run(None, {"x": x.astype(np.float32)})[0]


def test_onnx_gives_the_class_probabilities_of_raw_examples(trained, tmp_path):
    model, x = trained
    assert write_onnx(of_estimator(model), tmp_path / "m.onnx") <= 1e-5
    expected = model.predict_proba(x)
    for n in (1, 7, 1000):  # the batch is dynamic
        np.testing.assert_allclose(run(tmp_path / "m.onnx", x[:n]), expected[:n], atol=1e-5)
    content = onnx.load(tmp_path / "m.onnx")
    properties = {entry.key: json.loads(entry.value) for entry in content.metadata_props}
    assert properties["classes"] == [str(name) for name in model.classes_]
    assert [value.name for value in content.graph.output] == ["probabilities"]


@pytest.mark.parametrize("layer", [1, 2])
def test_onnx_gives_a_layer(trained, tmp_path, layer):
    model, x = trained
    write_onnx(of_estimator(model), tmp_path / "m.onnx", layer)
    np.testing.assert_allclose(run(tmp_path / "m.onnx", x), model.transform(x, layer=layer), atol=1e-5)


def test_safetensors_are_read_back_with_all_numbers(trained, tmp_path):
    model, x = trained
    beside = write_safetensors(of_estimator(model), tmp_path / "m.safetensors")
    assert beside == tmp_path / "m.json"
    back = read_safetensors(tmp_path / "m.safetensors")
    np.testing.assert_allclose(back.predict_proba(x), model.predict_proba(x), atol=1e-6)
    np.testing.assert_allclose(back.transform(x, 1), model.transform(x, layer=1), atol=1e-6)
    assert list(back.predict(x)) == [str(name) for name in model.predict(x)]


def test_a_stack_without_classes_exports_its_layers(tmp_path):
    model = StackedAutoencoder(**SMALL).fit(WINE)
    write_onnx(of_estimator(model), tmp_path / "m.onnx", layer=2)
    np.testing.assert_allclose(run(tmp_path / "m.onnx", WINE), model.transform(WINE), atol=1e-5)
    write_safetensors(of_estimator(model), tmp_path / "m.safetensors")
    back = read_safetensors(tmp_path / "m.safetensors")
    np.testing.assert_allclose(back.transform(WINE), model.transform(WINE), atol=1e-6)
    with pytest.raises(SdaeError, match="no classes; name a layer"):
        write_onnx(of_estimator(model), tmp_path / "none.onnx")
    with pytest.raises(SdaeError, match="no classes, and so no class probabilities"):
        back.predict_proba(WINE)
    assert not (tmp_path / "none.onnx").exists()


def test_a_large_offset_costs_no_precision(tmp_path):
    scaling = Scaling(np.array([1e6, 0.0]), np.array([1.0, 1.0]))
    portable = Portable(Classifier(2, 0, n_layers=1, n_units=4), scaling=scaling)
    write_onnx(portable, tmp_path / "m.onnx", 1)
    x = np.array([[1e6 + 0.5, 1.0]])  # exact in float32
    exact = Portable(portable.network).transform(np.array([[0.5, 1.0]]))
    np.testing.assert_allclose(run(tmp_path / "m.onnx", x), exact, atol=1e-6)
    np.testing.assert_allclose(portable.transform(x), exact, atol=1e-6)


def test_a_file_whose_numbers_are_others_is_not_written(trained, tmp_path, monkeypatch):
    model, _ = trained
    portable = of_estimator(model)
    monkeypatch.setattr(Portable, "predict_proba", lambda self, x: np.zeros((len(x), len(self.classes))))
    with pytest.raises(SdaeError, match="not written; onnxruntime differs"):
        write_onnx(portable, tmp_path / "m.onnx")
    assert not list(tmp_path.iterdir())


WRITERS = [("onnx", write_onnx), ("onnxruntime", write_onnx), ("safetensors.torch", write_safetensors)]


@pytest.mark.parametrize(("module", "write"), WRITERS)
def test_a_library_that_is_missing_is_named_with_its_extra(trained, tmp_path, monkeypatch, module, write):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(SdaeError, match=r"is not installed; pip install 'sdae\[export\]'"):
        write(of_estimator(trained[0]), tmp_path / "m")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("left", [0.0, 0.3, 0.99])
def test_a_damaged_file_is_named(trained, tmp_path, left):
    path = tmp_path / "m.safetensors"
    write_safetensors(of_estimator(trained[0]), path)
    content = path.read_bytes()
    path.write_bytes(content[: int(left * len(content))])
    with pytest.raises(SdaeError, match="m.safetensors: cannot be read"):
        read_safetensors(path)


def test_files_of_other_programs_and_missing_ones_are_named(trained, tmp_path):
    path = tmp_path / "m.safetensors"
    with pytest.raises(SdaeError, match="m.safetensors: no such file"):
        read_safetensors(path)
    write_safetensors(of_estimator(trained[0]), path)
    (tmp_path / "m.json").write_text('{"format": 99}')
    with pytest.raises(SdaeError, match="m.json: describes no stack"):
        read_safetensors(path)
    (tmp_path / "m.json").unlink()
    with pytest.raises(SdaeError, match="m.json: cannot be read"):
        read_safetensors(path)


def test_what_does_not_belong_together_is_refused():
    network = Classifier(3, 2, n_layers=1, n_units=4)
    with pytest.raises(SdaeError, match="classes: 1 names for 2 classes"):
        Portable(network, ["one"])
    with pytest.raises(SdaeError, match="scaling: of 2 inputs, the network has 3"):
        Portable(network, ["one", "two"], Scaling(np.zeros(2), np.ones(2)))
    with pytest.raises(SdaeError, match=r"examples of shape \(5, 2\); the network needs \(n, 3\)"):
        Portable(network, ["one", "two"]).predict(np.zeros((5, 2)))
