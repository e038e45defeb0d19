"""Signals to a worker, in the stages of a run."""

import os
import signal

import pytest
from lightning import Callback

from sdae.data.minibatches import in_order, shuffled
from sdae.models.classifier import Classifier
from sdae.runs.folder import RunFolder
from sdae.settings.fine_tuning import FineTuning
from sdae.sweeps.stopping import GivenBack, Listen, Stop
from sdae.tracking.tracking import Tracker
from sdae.training.stages import Stages
from sdae.training.trainer import OneDeviceTrainer


class Sender(Callback):
    """Sends the signal in mid-stage."""

    def on_test_batch_end(self, *args):
        os.kill(os.getpid(), signal.SIGTERM)

    on_train_batch_end = on_test_batch_end


@pytest.fixture
def stop():
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield Stop()
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def problem(easy):
    problem = easy()
    problem.load()
    return problem


@pytest.fixture
def stages(tmp_path, monkeypatch, stop):
    monkeypatch.chdir(tmp_path)
    folder = RunFolder(tmp_path / "run")
    folder.create()
    callbacks = [Listen(stop), Sender()]
    return Stages(folder, OneDeviceTrainer("cpu", progress=False), Tracker(folder.metrics, None), callbacks)


def test_a_test_that_has_begun_is_finished(stages, stop, problem):
    error = stages.test(Classifier(16, 2, n_layers=1, n_units=8), in_order(*problem.test))
    assert stop.signal == signal.SIGTERM
    assert 0 <= error <= 1


def test_training_is_left_at_the_end_of_an_epoch(stages, stop, problem):
    train = shuffled(*problem.train, batch_size=20, seed=1, purpose=("fine-tuning",))
    with pytest.raises(GivenBack):
        stages.fine_tune(Classifier(16, 2, n_layers=1, n_units=8), train, in_order(*problem.valid), FineTuning())
    assert stop.signal == signal.SIGTERM
    assert not stages.folder.fine_tuned.exists()
