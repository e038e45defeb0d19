"""The bars, as a real run draws them."""

import re

import pytest


def last_frame(text, title):
    """Return what stays on screen of a bar."""
    return [line for line in text.splitlines() if line.startswith(title)][-1]


@pytest.mark.parametrize("k", [1, 2])
def test_a_layers_bar_has_name_epoch_loss_and_time(fitted, k):
    frame = last_frame(fitted.process.stderr, f"layer {k} of 2")
    loss = fitted.logged(f"pretrain/layer{k}/loss")[-1]
    assert f"100 % epoch 6/6, reconstruction error {loss:.4g} [" in frame
    assert re.search(r"\[\d\d:\d\d, 00:00 left\]$", frame)


def test_fine_tunings_bar_ends_where_early_stopping_did(fitted):
    frame = last_frame(fitted.process.stderr, "fine-tuning")
    epochs, error = fitted.result["epochs"]["fine_tuning"], fitted.logged("fit/valid_error")[-1]
    assert epochs < 60
    assert f"100 % epoch {epochs}/{epochs}, " in frame
    assert f"validation error {100 * error:.2f} %" in frame
    assert frame.endswith("stops in 00:00 unless the validation error falls]")


def test_the_stages_are_drawn_in_their_order(fitted):
    titles = re.findall(r"layer \d of \d|fine-tuning", fitted.process.stderr)
    assert list(dict.fromkeys(titles)) == ["layer 1 of 2", "layer 2 of 2", "fine-tuning"]


def test_a_log_file_is_not_flooded(fitted):
    assert fitted.process.stderr.count("fine-tuning") < fitted.result["epochs"]["fine_tuning"] / 2


def test_bars_can_be_switched_off(door, small):
    quick = ("--pretraining.epochs", "1", "--fine_tuning.max_epochs", "1")
    answer = door("fit", *small, *quick, "--trainer.progress", "false", "--run", "mine")
    assert answer.returncode == 0
    assert "layer 1" not in answer.stderr
    assert "fine-tuning" not in answer.stderr
    assert "SDAE-2" in answer.stdout
