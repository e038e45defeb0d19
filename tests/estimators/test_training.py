"""An estimator is trained as a run is, and an interrupt leaves what was learnt."""

import pickle
import signal
import threading
import warnings

import numpy as np
import pytest
import torch
from lightning import Callback
from sklearn.exceptions import ConvergenceWarning

from sdae.estimators import training
from sdae.models.classifier import Classifier
from sdae.runs.folder import RunFolder
from sdae.settings.fine_tuning import FineTuning
from sdae.settings.pretraining import Pretraining
from sdae.tracking.tracking import Tracking
from sdae.training import experiment
from sdae.training.experiment import Experiment
from sdae.training.trainer import OneDeviceTrainer
from stacks import TEST, VALID, Y_VALID, X, Y, classifier, same


@pytest.mark.parametrize("pretraining", ["denoising", "autoencoder", "rbm", None])
def test_its_numbers_are_those_of_a_run_with_the_same_settings(pretraining, easy, tmp_path):
    """Not only as good: the very weights that `fit` would leave, so there is one implementation."""
    problem = easy()
    problem.load()
    ours = classifier(pretraining=pretraining, hidden_layer_sizes=(12, 8), max_epochs=6, batch_size=1).fit(
        problem.train.x.numpy(), problem.train.t.numpy(), problem.valid.x.numpy(), problem.valid.t.numpy()
    )
    settings = Pretraining(
        layer={"rbm": "rbm", None: "none"}.get(pretraining, "autoencoder"),
        epochs=5,
        learning_rate=0.05,
        noise_level=0.0 if pretraining == "autoencoder" else 0.25,
    )
    network = Classifier(16, 2, n_layers=2, n_units=[12, 8], learning_rate=0.1, seed=3)
    folder = RunFolder(tmp_path / "run")
    folder.create()
    trainer = OneDeviceTrainer("cpu", progress=False)
    description = Experiment(problem, network, settings, FineTuning(max_epochs=6), trainer, Tracking("off"), {})
    result = experiment.run(description, folder)
    torch.testing.assert_close(ours.network_.state_dict(), network.state_dict(), rtol=0, atol=0)
    assert ours.validation_error_ == result["valid_error"]
    assert ours.n_iter_ == result["epochs"]["fine_tuning"]


def test_the_same_seed_is_the_same_network_and_fit_again_starts_anew(fitted_classifier):
    again = classifier().fit(X, Y)
    same(again, fitted_classifier)
    assert again.fit(VALID, Y_VALID).network_ is not fitted_classifier.network_
    same(again.fit(X, Y), fitted_classifier)
    other = classifier(random_state=4).fit(X, Y)
    assert not torch.equal(other.network_.hidden[0].weight, fitted_classifier.network_.hidden[0].weight)
    ways = [classifier(random_state=np.random.RandomState(5)).fit(X, Y) for _ in range(2)]
    same(*ways)


def test_a_pickle_holds_no_training_examples():
    many = np.random.default_rng(0).random((3000, 64))
    model = classifier(corruption="swap", pretraining_epochs=1, max_epochs=1).fit(many, np.arange(3000) % 2)
    assert len(pickle.dumps(model)) < many.astype(np.float32).nbytes / 4


class Stop(Callback):
    """Interrupts in an epoch of a stage, as Ctrl-C does."""

    def __init__(self, stage, epoch):
        self.stage, self.epoch = stage, epoch

    def on_train_batch_end(self, trainer, pl_module, *args):
        at = f"layer{pl_module.layer}" if hasattr(pl_module, "layer") else "fine-tuning"
        if (at, trainer.current_epoch) == (self.stage, self.epoch):
            signal.raise_signal(signal.SIGINT)


def interrupted(monkeypatch, model, stage, epoch, *data):
    original = training.run

    def run(*args, callbacks, **kwargs):
        return original(*args, callbacks=[*callbacks, Stop(stage, epoch)], **kwargs)

    monkeypatch.setattr(training, "run", run)
    outside = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
    try:
        with pytest.warns(ConvergenceWarning, match="fit was interrupted"):
            model.fit(*data)
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, outside)
    return model


def test_an_interrupt_of_fine_tuning_leaves_the_best_weights_so_far(monkeypatch):
    whole = classifier(max_epochs=6).fit(X, Y, VALID, Y_VALID)
    model = interrupted(monkeypatch, classifier(), "fine-tuning", 6, X, Y, VALID, Y_VALID)
    assert model.n_iter_ == 6
    assert model.validation_error_ == min(model.history_["fit/valid_error"])
    same(model, whole)
    assert model.predict(TEST).shape == (200,)


def test_an_interrupt_of_pretraining_leaves_what_was_learnt(monkeypatch, fitted_classifier):
    model = interrupted(monkeypatch, classifier(), "layer2", 2, X, Y)
    assert torch.equal(model.layers_[0].encoder.weight, fitted_classifier.layers_[0].encoder.weight)
    assert torch.equal(model.network_.hidden[0].weight, model.layers_[0].encoder.weight)
    assert torch.equal(model.network_.hidden[1].weight, model.layers_[1].encoder.weight)
    assert model.n_iter_ == 0
    assert model.validation_error_ == float("inf")
    assert model.predict(TEST).shape == (200,)


def test_a_warning_names_no_folder(caplog):
    classifier(learning_rate=1000.0, max_epochs=3).fit(X, Y)
    assert "fit: no class was learned" in caplog.text


def test_it_can_be_fitted_in_a_thread_and_says_nothing(fitted_classifier, capsys):
    result = []
    thread = threading.Thread(target=lambda: result.append(classifier().fit(X, Y)))
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        thread.start()
        thread.join()
    same(result[0], fitted_classifier)
    said = capsys.readouterr()
    assert said.out == said.err == ""


def test_verbose_draws_a_bar_for_each_stage(capsys):
    classifier(max_epochs=1, verbose=True).fit(X, Y)
    bars = capsys.readouterr().err
    assert all(stage in bars for stage in ("layer 1 of 2", "layer 2 of 2", "fine-tuning"))
