"""Weights in safetensors are loaded like the run that they are of, and a file that is damaged is named."""

import json
import math
import sys

import numpy as np
import pytest

import sdae
from exported import KINDS, NAMES, SMALL, WINE
from sdae.errors import SdaeError
from sdae.estimators import StackedAutoencoder, StackedAutoencoderClassifier
from sdae.export.safetensors import write_safetensors

pytest.importorskip("safetensors", reason="pip install -e '.[dev]'")


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
    np.testing.assert_array_equal(start.transform(WINE), model.transform(WINE, weights="pretrained"))
    with pytest.raises(SdaeError, match=r"pretrained.safetensors: holds the weights pretrained, not best"):
        start.predict_proba(WINE)
    with pytest.raises(SdaeError, match=r"best.safetensors: holds the weights best, not random"):
        best.transform(WINE, weights="random")
    with pytest.raises(SdaeError, match="is an MLP, without pretrained layers"):
        best.reconstruct(WINE)


def test_a_stack_without_classes_keeps_its_layers(tmp_path):
    estimator = StackedAutoencoder(**SMALL).fit(WINE)
    model = sdae.load(estimator.save(tmp_path / "run"))
    write_safetensors(model, tmp_path / "m.safetensors", "pretrained")
    back = sdae.load(tmp_path / "m.safetensors")
    np.testing.assert_array_equal(back.transform(WINE), estimator.transform(WINE))


@pytest.mark.parametrize("library", ["safetensors.torch"])
def test_a_library_that_is_missing_is_named_with_its_extra(trained, tmp_path, monkeypatch, library):
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(SdaeError, match=r"is not installed; pip install 'sdae\[export\]'"):
        write_safetensors(trained[1], tmp_path / "m.safetensors")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["m.json", "m"])
def test_another_suffix_is_refused(trained, tmp_path, name):
    with pytest.raises(SdaeError, match=f"path .*{name}: the name of a .safetensors file"):
        write_safetensors(trained[1], tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_an_infinite_range_is_null_in_the_json_and_infinite_again_when_read(tmp_path):
    model = sdae.fit(
        (WINE, KINDS),
        method="sdae-2",
        run=tmp_path / "run",
        model={"n_units": 4},
        pretraining={"epochs": 1, "learning_rate": 0.001},
        fine_tuning={"max_epochs": 1},
        data={"scale": "standardise"},
        trainer={"accelerator": "cpu", "progress": False},
        tracking={"wandb": "off"},
    )
    ranges = [layer.hparams["value_range"] for layer in model.layers]
    assert ranges == [(-math.inf, math.inf), (0.0, 1.0)]
    json_path = write_safetensors(model, tmp_path / "m.safetensors")
    described = json.loads(json_path.read_text(encoding="utf-8"), parse_constant=pytest.fail)
    assert [layer["value_range"] for layer in described["layers"]] == [[None, None], [0.0, 1.0]]
    back = sdae.load(tmp_path / "m.safetensors")
    assert [layer.hparams["value_range"] for layer in back.layers] == ranges


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


def test_weights_of_another_run_are_refused(trained, tmp_path):
    """As one that is killed between the two files leaves them, over those of an earlier run."""
    from safetensors.torch import load_file, save_file

    path = tmp_path / "m.safetensors"
    write_safetensors(trained[1], path)
    tensors = load_file(path)
    save_file({name: 2 * tensor for name, tensor in tensors.items()}, path)
    with pytest.raises(SdaeError, match=r"m.json: is not of these weights, m.safetensors; export the run again"):
        sdae.load(path)


def test_a_file_of_another_kind_is_not_overwritten(trained, tmp_path):
    _, model, _ = trained
    (tmp_path / "m.json").write_text('{"mine": 1}')
    with pytest.raises(SdaeError, match="m.json: would be overwritten and holds something else; choose another name"):
        write_safetensors(model, tmp_path / "m.safetensors")
    assert [path.name for path in tmp_path.iterdir()] == ["m.json"]
    (tmp_path / "m.json").unlink()
    for _ in range(2):
        write_safetensors(model, tmp_path / "m.safetensors")


def test_a_run_that_is_not_fine_tuned_is_exported_as_it_was_pretrained(trained, tmp_path):
    estimator, model, x = trained
    run = sdae.load(estimator.save(tmp_path / "run"))
    run.folder.best.unlink()
    write_safetensors(run, tmp_path / "m.safetensors")
    back = sdae.load(tmp_path / "m.safetensors")
    np.testing.assert_array_equal(back.transform(x, 1), model.transform(x, 1, weights="pretrained"))


def test_unknown_weights_are_refused(trained):
    with pytest.raises(SdaeError, match="weights: pretrained, best or random, not 'bst'"):
        trained[1].classifier("bst")
