"""Which settings have no effect, of those that are given."""

import pytest

from sdae.settings.effects import without_effect
from sdae.settings.fine_tuning import FineTuning
from sdae.settings.pretraining import Pretraining

NOISE = "fine_tuning.corruption: has no effect where fine_tuning.noise_level is 0"


@pytest.mark.parametrize(
    ("settings", "given", "messages"),
    [
        ({"layer": "rbm"}, ["pretraining.tied", "pretraining.cd_steps"], ["pretraining.tied: has no effect on an RBM"]),
        (
            {"layer": "none"},
            ["pretraining.layer", "pretraining.epochs"],
            ["pretraining.epochs: has no effect on an MLP"],
        ),
        (
            {"noise_level": 0.0},
            ["pretraining.corruption"],
            ["pretraining.corruption: has no effect where pretraining.noise_level is 0"],
        ),
        ({"noise_level": [0.0, 0.1]}, ["pretraining.corruption", "model.n_units"], []),
        ({}, ["fine_tuning.corruption", "pretraining.noise_level"], [NOISE]),
        ({}, [], []),
    ],
)
def test_only_what_is_given_and_ignored_is_said(settings, given, messages):
    assert without_effect(given, Pretraining(**settings), FineTuning()) == messages
