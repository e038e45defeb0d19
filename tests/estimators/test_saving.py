"""An estimator saved as a run, of which every command asks its questions."""

import json

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.exceptions import NotFittedError

import sdae
from sdae.errors import SdaeError
from sdae.estimators import StackedAutoencoder, StackedAutoencoderClassifier

DIGITS, T = load_digits(return_X_y=True)
X, Y = DIGITS[:300], np.array([f"digit {digit}" for digit in T[:300]])
SMALL = {"hidden_layer_sizes": (20, 12), "pretraining_epochs": 2, "random_state": 1, "device": "cpu"}


@pytest.mark.parametrize("pretraining", ["denoising", "rbm", None])
@pytest.mark.parametrize("scale", ["standardise", "minmax"])
def test_the_run_gives_the_estimators_numbers(pretraining, scale, tmp_path):
    model = StackedAutoencoderClassifier(**SMALL, pretraining=pretraining, scale=scale, max_epochs=4).fit(X, Y)
    folder = model.save(tmp_path / "run")
    run = sdae.load(folder)
    beyond = DIGITS[300:400] * 1.5
    for x in (X, beyond):
        np.testing.assert_array_equal(run.predict_proba(x), model.predict_proba(x))
        np.testing.assert_array_equal(run.transform(x, layer=1), model.transform(x, layer=1))
    assert [run.problem.class_name(k) for k in run.predict(X)] == list(model.predict(X))
    assert run.result["valid_error"] == model.validation_error_
    assert run.method == {"denoising": "SDAE-2", "rbm": "DBN-2", None: "MLP-2"}[pretraining]
    assert (folder / "metrics.csv").read_text().count("fit/valid_error") == model.n_iter_


def test_the_pretrained_layers_are_in_the_run(tmp_path):
    model = StackedAutoencoderClassifier(**SMALL, max_epochs=2).fit(X, Y)
    run = sdae.load(model.save(tmp_path / "run"))
    for ours, theirs in zip(model.layers_, run.layers, strict=True):
        np.testing.assert_array_equal(ours.encoder.weight.detach(), theirs.encoder.weight.detach())
    features = run.transform(X, layer=1, weights="pretrained")
    np.testing.assert_allclose(features, model.layers_[0].encode(run.prepared(X)).detach(), atol=1e-5)


def test_an_unsupervised_estimator_reconstructs_as_a_run(tmp_path):
    model = StackedAutoencoder(**SMALL).fit(X)
    run = sdae.load(model.save(tmp_path / "run"))
    np.testing.assert_array_equal(run.transform(X), model.transform(X))
    np.testing.assert_allclose(run.reconstruct(X), model.inverse_transform(model.transform(X)), rtol=1e-4, atol=1e-4)


@pytest.fixture(params=["classes", "none"])
def saved(request, tmp_path):
    """Save an estimator of pictures as ``mine``, beside a file of its examples and one without classes."""
    x, t = DIGITS[:300] / 16, T[:300]
    if request.param == "classes":
        model = StackedAutoencoderClassifier(**SMALL, max_epochs=2).fit(x, t)
    else:
        model = StackedAutoencoder(**SMALL).fit(x)
    model.save(tmp_path / "mine", image_shape=(8, 8))
    np.savez(tmp_path / "examples.npz", x=x, t=t)
    np.save(tmp_path / "new.npy", x[:5])
    return model


@pytest.fixture
def answers(door, saved):
    """Ask a command of the saved estimator."""

    def run(command, *args):
        answer = door(command, "--run", "mine", *args)
        assert answer.returncode == 0, answer.stderr
        return answer.stdout

    return run


def test_predict_writes_its_features(answers, saved, tmp_path):
    answers("predict", "--input", "new.npy", "--layer", "1", "--output", "y.npy")
    np.testing.assert_allclose(np.load(tmp_path / "y.npy"), saved.transform(DIGITS[:5] / 16, layer=1), atol=1e-6)


def test_filters_are_drawn(answers, tmp_path):
    answers("filters", "--output", "f.png")
    assert (tmp_path / "f.png").stat().st_size > 0


def test_samples_begin_at_the_examples_that_are_named(answers, tmp_path):
    answers("samples", "--output", "s.png", "--path", "examples.npz", "--judged", "0", "--rows", "2")
    assert (tmp_path / "s.png").stat().st_size > 0


def test_svms_tell_the_classes_of_the_examples_apart(answers, tmp_path):
    quick = ("--kernels", "linear", "--C", "1", "--fine", "false", "--workers", "1")
    answers("svm", "--path", "examples.npz", "--layers", "1", *quick)
    [answer] = json.loads((tmp_path / "mine/svm.json").read_text())["answers"]
    assert (answer["layer"], answer["published"]) == (1, None)
    assert answer["test_error"] < 0.5


def test_svms_take_its_fine_tuned_weights(door, refused, tmp_path):
    x, t = DIGITS[:300] / 16, T[:300]
    StackedAutoencoderClassifier(**SMALL, max_epochs=2).fit(x, t).save(tmp_path / "mine")
    StackedAutoencoder(**SMALL).fit(x).save(tmp_path / "without")
    np.savez(tmp_path / "examples.npz", x=x, t=t)
    quick = ("--path", "examples.npz", "--layers", "2", "--kernels", "linear", "--C", "1", "--fine", "false")
    assert door("svm", "--run", "mine", "--fine_tuned", "true", *quick, "--workers", "1").returncode == 0
    [answer] = json.loads((tmp_path / "mine/svm.json").read_text())["answers"]
    assert answer["weights"] == "best"
    assert "without: is not fine-tuned" in refused("svm", "--run", "without", "--fine_tuned", "true", *quick)


def test_svm_says_nothing_of_raw_values_that_the_runs_own_scaling_is_applied_to(door, tmp_path, caplog):
    """It said that whole numbers are scaled to [0, 1], or that they are not scaled, where the run standardises them."""
    StackedAutoencoderClassifier(**SMALL, max_epochs=2).fit(DIGITS[:300], T[:300]).save(tmp_path / "mine")
    np.savez(tmp_path / "examples.npz", x=DIGITS[:300], t=T[:300])
    quick = ("--kernels", "linear", "--C", "1", "--fine", "false", "--workers", "1", "--layers", "0")
    answer = door("svm", "--run", "mine", "--path", "examples.npz", *quick)
    assert answer.returncode == 0
    assert "data.scale" not in answer.stderr + answer.stdout
    assert "the 30 test examples, drawn from all 300, can be among those" in caplog.text


def test_export_takes_it(answers, saved, tmp_path):
    pytest.importorskip("onnxruntime", reason="pip install -e '.[dev]'")
    answers("export", "--output", "m.onnx", "--layer", "2")
    answers("export", "--output", "m.safetensors")
    y = sdae.load(tmp_path / "m.safetensors").transform(DIGITS[:5] / 16)
    np.testing.assert_array_equal(y, saved.transform(DIGITS[:5] / 16))


def test_a_shape_that_an_example_has_not_is_refused(tmp_path):
    with pytest.raises(SdaeError, match="image_shape: .* does not have the 64 components"):
        StackedAutoencoder(**SMALL).fit(X).save(tmp_path / "run", image_shape=(28, 28))
    assert not (tmp_path / "run").exists()


def test_it_is_refused_in_one_line_where_it_cannot_be(tmp_path, refused):
    with pytest.raises(NotFittedError):
        StackedAutoencoder().save(tmp_path / "run")
    model = StackedAutoencoder(**SMALL).fit(X)
    model.save(tmp_path / "run")
    with pytest.raises(SdaeError, match="run: holds a run; name another folder"):
        model.save(tmp_path / "run")
    layer = ("--layer", "1", "--weights", "pretrained")
    said = refused("predict", "--run", "run", "--split", "train", *layer, "--output", "y.npy")
    assert said.startswith("error: estimator: was saved without its data; name a file with x and t by the option path")
