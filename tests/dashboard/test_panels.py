"""Panels name the keys that runs send."""

import pytest

pytest.importorskip("wandb_workspaces")

from sdae.dashboard import panels


def test_curves_are_over_the_epochs_of_their_stage():
    curve = panels.pretraining_curves(2)
    assert curve.x == "pretrain/layer2/epoch"
    assert curve.y == ["pretrain/layer2/loss"]
    assert panels.validation_curves().y == ["fit/valid_error"]
    assert panels.rbm_curves(1).y == ["pretrain/layer1/free_energy_gap"]


def test_rates_have_a_logarithmic_axis_and_pairs_of_weights_none():
    plot = panels.hyperparameters(["lRate", "ν", "emphasis"], ["method"])
    assert [column.display_name for column in plot.columns] == ["method", "lRate", "ν", "validation error"]
    assert [column.log for column in plot.columns] == [None, True, None, None]
