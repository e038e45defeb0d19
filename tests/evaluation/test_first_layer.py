"""What the first layer of a run was pretrained with, in a few words."""

import pytest

from sdae.evaluation.first_layer import pretrained_with
from sdae.settings.pretraining import Pretraining


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ({"layer": "none"}, "random start"),
        ({"layer": "rbm", "cd_steps": 2, "persistent": True}, "persistent CD-2"),
        ({"layer": "rbm", "sampled_inputs": True}, "CD-1, sampled inputs"),
        ({"noise_level": [0.25, 0.1]}, "masking ν = 25 %"),
        ({"corruption": "gaussian", "noise_level": 0.5}, "Gaussian σ = 0.5"),
        ({"noise_level": 0.0, "weight_decay": 0.01}, "no noise, weight decay λ = 0.01"),
    ],
)
def test_pretraining_in_a_few_words(settings, text):
    assert pretrained_with(Pretraining(**settings)) == text
