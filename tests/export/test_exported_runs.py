"""Runs of `fit` on digits, a table, pictures and mnist: both files give their probabilities of a thousand examples."""

import dataclasses
import gzip
import hashlib
import json
import struct

import numpy as np
import pytest
from PIL import Image
from sklearn.datasets import load_digits

import sdae
from sdae.data import MNIST, mnist
from sdae.data.registry import Sizes
from sdae.export.onnx import write_onnx
from sdae.export.safetensors import write_safetensors

onnxruntime = pytest.importorskip("onnxruntime", reason="pip install -e '.[dev]'")
pytest.importorskip("safetensors", reason="pip install -e '.[dev]'")

SMALL = {
    "model": {"n_units": 12},
    "pretraining": {"epochs": 1},
    "fine_tuning": {"max_epochs": 3},
    "trainer": {"progress": False, "accelerator": "cpu"},
    "tracking": {"wandb": "off"},
}
DIGITS, T = load_digits(return_X_y=True)
LEVELS = np.round(DIGITS[:1000] * 255 / 16)  # grey levels of 0 to 255


def onnx_of(model, path):
    """Return what the written file answers, and what it says of itself."""
    write_onnx(model, path)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    about = {key: json.loads(value) for key, value in session.get_modelmeta().custom_metadata_map.items()}
    return lambda x: session.run(None, {"x": np.asarray(x, dtype=np.float32)})[0], about


def agrees(model, tmp_path, x, given=None, classes=None):
    """Compare both files with the run on examples x, which the graph is given as numbers."""
    expected = model.predict_proba(x)
    assert expected.shape == (1000, len(classes))
    assert np.ptp(expected, axis=0).max() > 1e-3  # they are not all alike
    given = x.reshape(len(x), -1) if given is None else given
    run, about = onnx_of(model, tmp_path / "m.onnx")
    for n in (1000, 1, 333):
        np.testing.assert_allclose(run(given[:n]), expected[:n], rtol=0, atol=1e-5)
    assert about["classes"] == classes
    write_safetensors(model, tmp_path / "m.safetensors")
    back = sdae.load(tmp_path / "m.safetensors")
    np.testing.assert_allclose(back.predict_proba(x), expected, rtol=0, atol=1e-5)
    assert [back.problem.class_name(k) for k in range(len(classes))] == classes
    return about


@pytest.mark.parametrize("kind", ["bytes", "floats", "pictures"])
def test_grey_levels_that_the_run_divides_by_255(kind, tmp_path):
    x = {"bytes": LEVELS.astype(np.uint8), "floats": LEVELS, "pictures": LEVELS.reshape(-1, 8, 8).astype(np.uint8)}[
        kind
    ]
    model = sdae.fit((x, T[:1000]), "sdae-2", tmp_path / "run", **SMALL)
    assert model.preprocessing.scaling.of_grey_levels
    agrees(model, tmp_path, x, classes=[str(digit) for digit in range(10)])


def test_a_table_with_categories_and_standardised_numbers(tmp_path):
    pandas = pytest.importorskip("pandas", reason="pip install -e '.[dev]'")
    random = np.random.default_rng(0)
    frame = pandas.DataFrame(
        {
            "height": random.normal(170, 12, 1000),
            "income": random.lognormal(10, 1, 1000),
            "town": random.choice(["Köln", "Lyon", "Oslo"], 1000),
        }
    )
    frame["likes"] = np.where((frame["height"] > 170) ^ (frame["town"] == "Oslo"), "tea, green", "coffee")
    file = tmp_path / "people.csv"
    frame.to_csv(file, index=False)
    data = {"class_path": "sdae.data.LocalTable", "init_args": {"path": str(file), "target": "likes"}}
    (tmp_path / "people.yaml").write_text(json.dumps(data))
    model = sdae.fit(tmp_path / "people.yaml", "sdae-1", tmp_path / "run", **SMALL)
    examples = frame.drop(columns="likes")
    encoded = model.preprocessing.as_rows(examples, "x")
    assert encoded.shape == (1000, 5)  # a town is three components
    np.testing.assert_array_equal(model.predict_proba(examples), model.predict_proba(encoded))
    about = agrees(model, tmp_path, encoded, classes=["coffee", "tea, green"])
    assert [column["name"] for column in about["encoding"]["columns"]] == ["height", "income", "town"]


def test_a_folder_of_pictures(tmp_path):
    random = np.random.default_rng(0)
    for k in range(1000):
        folder = tmp_path / "pictures" / ("dark" if k % 2 else "light")
        folder.mkdir(parents=True, exist_ok=True)
        levels = random.integers(0, 128, (6, 5)) + (0 if k % 2 else 127)
        Image.fromarray(levels.astype(np.uint8)).save(folder / f"{k:04d}.png")
    data = {"class_path": "sdae.data.ImageFolder", "init_args": {"path": str(tmp_path / "pictures")}}
    (tmp_path / "pictures.yaml").write_text(json.dumps(data))
    model = sdae.fit(tmp_path / "pictures.yaml", "sae-1", tmp_path / "run", **SMALL)
    files = sorted((tmp_path / "pictures").rglob("*.png"))
    x = np.stack([np.array(Image.open(file)) for file in files])
    agrees(model, tmp_path, x, classes=["dark", "light"])


@pytest.fixture
def digits_folder(tmp_path, monkeypatch):
    """A data folder with an MNIST in the original format, of a thousand test digits."""
    x = np.kron(LEVELS.reshape(-1, 8, 8), np.ones((3, 3))).astype(np.uint8)
    x, t = np.pad(x, ((0, 0), (2, 2), (2, 2))), T[:1000].astype(np.uint8)
    folder = tmp_path / "data"
    (folder / "mnist").mkdir(parents=True)
    parts = {"TRAIN_IMAGES": x[:300], "TRAIN_LABELS": t[:300], "TEST_IMAGES": x, "TEST_LABELS": t}
    for name, array in parts.items():
        archive = getattr(mnist, name)
        content = struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape) + array.tobytes()
        (folder / "mnist" / archive.filename).write_bytes(gzip.compress(content))
        small = dataclasses.replace(archive, digest=hashlib.md5(content).hexdigest(), mirrors=())
        monkeypatch.setattr(mnist, name, small)
    monkeypatch.setattr(MNIST, "sizes", Sizes(250, 50, 1000))
    return folder


def test_mnist(digits_folder, tmp_path):
    model = sdae.fit(
        "mnist", "dbn-1", tmp_path / "run", **SMALL, data={"root": str(digits_folder), "source": "original"}
    )
    x = model.problem.splits["test"][0].numpy()
    np.testing.assert_array_equal(model.preprocessing.scaling.divisor, 255)
    run, about = onnx_of(model, tmp_path / "m.onnx")
    np.testing.assert_allclose(run(x * 255), model.predict_proba(x), rtol=0, atol=1e-5)
    assert about["classes"] == [str(digit) for digit in range(10)]
    agrees(model, tmp_path, np.round(x * 255).astype(np.uint8), classes=[str(digit) for digit in range(10)])
