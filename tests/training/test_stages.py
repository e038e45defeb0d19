"""Stages: each trained once, kept, and taken up from where it is."""

import pytest
import torch

from sdae.data.minibatches import in_order, shuffled
from sdae.files import read_json
from sdae.models.autoencoder import Autoencoder
from sdae.models.classifier import Classifier
from sdae.runs.folder import RunFolder
from sdae.settings.fine_tuning import FineTuning
from sdae.tracking.metrics_file import read_metrics
from sdae.tracking.tracking import Tracker
from sdae.training.stages import Stages
from sdae.training.trainer import OneDeviceTrainer


@pytest.fixture
def stages(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = RunFolder(tmp_path / "run")
    folder.create()
    return Stages(folder, OneDeviceTrainer("cpu", progress=False), Tracker(folder.metrics, None))


@pytest.fixture
def problem(easy):
    problem = easy()
    problem.setup()
    return problem


def layer(k=1):
    return Autoencoder(16, 8, layer=k, learning_rate=0.02)


def classifier():
    return Classifier(16, 2, n_layers=2, n_units=8, learning_rate=0.1)


def fine_tune(stages, model, problem, **how):
    train = shuffled(*problem.train, batch_size=20, seed=1, purpose=("fine-tuning",))
    stages.fine_tune(model, train, in_order(*problem.valid), FineTuning(**how))


def error(model, examples):
    with torch.no_grad():
        return (model(examples.x).argmax(1) != examples.t).double().mean().item()


def test_a_trained_layer_is_restored_and_not_trained_again(stages, problem):
    first, second = layer(), layer()
    stages.pretrain_layer(first, problem.train.x, problem.valid.x, epochs=3, n_layers=1)
    rows = read_metrics(stages.folder.metrics)
    stages.pretrain_layer(second, problem.train.x, problem.valid.x, epochs=3, n_layers=1)
    torch.testing.assert_close(second.state_dict(), first.state_dict(), rtol=0, atol=0)
    assert read_metrics(stages.folder.metrics) == rows
    assert not torch.equal(first.encoder.weight, layer().encoder.weight)


def test_a_layer_is_kept_with_its_decoder(stages, problem):
    trained = layer()
    stages.pretrain_layer(trained, problem.train.x, problem.valid.x, epochs=1, n_layers=1)
    again = Autoencoder.load_from_checkpoint(stages.folder.layer(1), weights_only=True)
    y = again.encode(problem.valid.x)
    torch.testing.assert_close(again.decode(y), trained.decode(trained.encode(problem.valid.x)))


def test_fine_tuning_ends_with_the_best_weights_and_not_the_last(stages, problem):
    model = classifier()
    fine_tune(stages, model, problem, max_epochs=40, patience=5)
    rows = read_metrics(stages.folder.metrics)
    errors, losses = (
        [value for key, _, value in rows if key == f"fit/{name}"] for name in ("valid_error", "valid_loss")
    )
    ranks = list(zip(errors, losses, strict=True))
    told = read_json(stages.folder.fine_tuned)
    assert error(model, problem.valid) == told["valid_error"] == min(errors)
    assert told["best_epoch"] == ranks.index(min(ranks)) + 1
    assert told["epochs"] == len(errors) == errors.index(min(errors)) + 1 + 5


def test_fine_tuning_keeps_the_weights_it_began_with(stages, problem):
    model = classifier()
    with torch.no_grad():
        model.hidden[0].weight.add_(0.01)
    before = {key: value.clone() for key, value in model.state_dict().items()}
    stages.keep_pretrained(model)
    fine_tune(stages, model, problem, max_epochs=2)
    kept = Classifier.load_from_checkpoint(stages.folder.pretrained, weights_only=True)
    torch.testing.assert_close(dict(kept.state_dict()), before, rtol=0, atol=0)
    assert not torch.equal(model.hidden[0].weight, before["encoders.0.weight"])
    stages.keep_pretrained(model)  # as a run does that goes on when it was fine-tuned already
    again = Classifier.load_from_checkpoint(stages.folder.pretrained, weights_only=True)
    torch.testing.assert_close(dict(again.state_dict()), before, rtol=0, atol=0)


def test_a_fine_tuned_network_is_restored_and_not_trained_again(stages, problem):
    first, second = classifier(), classifier()
    fine_tune(stages, first, problem, max_epochs=3)
    rows = read_metrics(stages.folder.metrics)
    fine_tune(stages, second, problem, max_epochs=3)
    torch.testing.assert_close(second.state_dict(), first.state_dict(), rtol=0, atol=0)
    assert read_metrics(stages.folder.metrics) == rows


def test_the_test_error_is_exact(stages, problem):
    model = classifier()
    fine_tune(stages, model, problem, max_epochs=3)
    assert stages.test(model, in_order(*problem.test)) == error(model, problem.test)


def test_testing_again_replaces_the_row(stages, problem):
    """A run killed between its test and its result is tested once more."""
    model = classifier()
    for _ in range(2):
        stages.test(model, in_order(*problem.test))
    assert [key for key, _, _ in read_metrics(stages.folder.metrics)].count("test/error") == 1


def test_nothing_is_written_outside_the_folder(stages, problem, tmp_path):
    stages.pretrain_layer(layer(), problem.train.x, problem.valid.x, epochs=1, n_layers=1)
    fine_tune(stages, classifier(), problem, max_epochs=1)
    assert [path.name for path in tmp_path.iterdir()] == ["run"]
