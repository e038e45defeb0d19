"""The point to go on from, and the best weights so far."""

from types import SimpleNamespace

import pytest
import torch

from sdae.models.classifier import Classifier
from sdae.runs.weights import load_weights
from sdae.training.checkpoints import EarlyStopping, ResumePoint


@pytest.fixture
def module():
    return Classifier(n_features=3, n_classes=2, n_layers=1, n_units=4)


def stage(epoch, error=0.0, stopping=False, loss=1.0):
    """As much of a Trainer as the callbacks look at; its checkpoint is the epoch's number."""

    def save_checkpoint(path):
        with open(path, "w") as file:
            file.write(str(epoch))

    return SimpleNamespace(
        current_epoch=epoch,
        should_stop=stopping,
        callback_metrics={"valid_error": torch.tensor(error, dtype=torch.float64), "valid_loss": torch.tensor(loss)},
        save_checkpoint=save_checkpoint,
    )


def through(errors, keeper, module):
    """Validate once per epoch; the weights of an epoch are its number."""
    for epoch, error in enumerate(errors):
        torch.nn.init.constant_(module.output.weight, epoch)
        keeper.on_validation_end(stage(epoch, error), module)


def kept(path, module):
    load_weights(module, path)
    return module.output.weight[0, 0].item()


@pytest.mark.parametrize(
    ("errors", "best"),
    [([0.3, 0.2, 0.1], 2), ([0.3, 0.1, 0.2], 1), ([0.3, 0.1, 0.2, 0.1], 1), ([0.0, 0.0], 0)],
    ids=["falling", "rising again", "equal later", "equal at once"],
)
def test_the_lowest_error_is_kept_the_earliest_among_equals(tmp_path, module, errors, best):
    keeper = EarlyStopping(tmp_path / "best.ckpt", patience=10)
    through(errors, keeper, module)
    assert (keeper.error, keeper.epoch) == (min(errors), best + 1)
    assert kept(keeper.path, module) == best


def test_among_equal_errors_the_lower_loss_is_kept_and_only_a_lower_error_prolongs_training(tmp_path, module):
    keeper = EarlyStopping(tmp_path / "best.ckpt", patience=3)
    course = [(0.2, 0.9), (0.1, 0.9), (0.1, 0.8), (0.2, 0.1), (0.1, 0.7)]
    stopped = []
    for epoch, (error, loss) in enumerate(course):
        torch.nn.init.constant_(module.output.weight, epoch)
        keeper.on_validation_end(trainer := stage(epoch, error, loss=loss), module)
        stopped.append(trainer.should_stop)
    assert (keeper.error, keeper.epoch) == (0.1, 5)
    assert kept(keeper.path, module) == 4
    assert stopped == [False] * 4 + [True]


def test_a_resumed_stage_waits_no_longer_than_one_that_was_not_interrupted(tmp_path, module):
    before = EarlyStopping(tmp_path / "best.ckpt", patience=3)
    through([0.1, 0.2, 0.2], before, module)
    after = EarlyStopping(tmp_path / "best.ckpt", patience=3)
    after.load_state_dict(before.state_dict())
    trainer = stage(3, 0.2)
    after.on_validation_end(trainer, module)
    assert trainer.should_stop


def test_a_resumed_stage_knows_what_to_beat(tmp_path, module):
    before = EarlyStopping(tmp_path / "best.ckpt", patience=10)
    through([0.3, 0.1], before, module)
    after = EarlyStopping(tmp_path / "best.ckpt", patience=10)
    after.load_state_dict(before.state_dict())
    through([0.2, 0.15], after, module)
    assert (after.error, after.epoch) == (0.1, 2)
    assert kept(after.path, module) == 1


def test_the_state_is_saved_no_more_often_than_asked(tmp_path, module, monkeypatch):
    now = 100.0
    monkeypatch.setattr("sdae.training.checkpoints.time.monotonic", lambda: now)
    point = ResumePoint(tmp_path / "point.ckpt", every=20)
    saved = []
    for epoch in range(8):
        now += 7
        point.on_train_epoch_end(stage(epoch), module)
        saved.append(point.path.read_text() if point.path.exists() else "")
    assert saved == ["", "", "2", "2", "2", "5", "5", "5"]


def test_a_stage_that_stops_early_saves_nothing_to_go_on_with(tmp_path, module):
    point = ResumePoint(tmp_path / "point.ckpt", every=0)
    point.on_train_epoch_end(stage(0, stopping=True), module)
    assert not list(tmp_path.iterdir())


def test_a_save_that_fails_leaves_the_one_before(tmp_path, module):
    def fail(path):
        with open(path, "w") as file:
            file.write("half")
        raise OSError(28, "No space left on device")

    point = ResumePoint(tmp_path / "point.ckpt", every=0)
    point.on_train_epoch_end(stage(0), module)
    full = stage(1)
    full.save_checkpoint = fail
    with pytest.raises(ValueError, match="point.ckpt: cannot be written .No space left"):
        point.on_train_epoch_end(full, module)
    assert [path.name for path in tmp_path.iterdir()] == ["point.ckpt"]
    assert point.path.read_text() == "0"
