"""The settings of pretraining: what each kind of layer has, and what is refused."""

import pytest

from sdae.errors import SdaeError
from sdae.settings.pretraining import Pretraining

INF = float("inf")


@pytest.mark.parametrize(
    ("how", "family"),
    [
        ({"layer": "none"}, "MLP"),
        ({"noise_level": 0.0}, "SAE"),
        ({"noise_level": 0.1}, "SDAE"),
        ({"noise_level": [0.0, 0.1]}, "SDAE"),
        ({"noise_level": 0.1, "noisy_inputs": True}, "SAE"),
        ({"layer": "rbm"}, "DBN"),
    ],
)
def test_methods_differ_in_pretraining_alone(how, family):
    assert Pretraining(**how).family == family


@pytest.mark.parametrize(
    ("how", "value_range", "named"),
    [
        ({"noise_level": [0.1]}, (0.0, 1.0), "pretraining.noise_level: 1 values for 2 layers"),
        ({"learning_rate": [0.1] * 3}, (0.0, 1.0), "pretraining.learning_rate: 3 values for 2 layers"),
        ({"reconstruction": "cross-entropy"}, (-1.0, 1.0), "pretraining.reconstruction: cross-entropy needs values"),
        ({"corruption": "salt-and-pepper"}, (-INF, INF), "pretraining.corruption: salt-and-pepper needs data with"),
        ({"layer": "rbm", "sampled_inputs": True}, (-1.0, 1.0), "pretraining.sampled_inputs: Gaussian visible units"),
        ({"layer": "rbm", "sampled_inputs": True, "visible": "gaussian"}, (0.0, 1.0), "pretraining.sampled_inputs"),
        ({"layer": "rbm", "visible": "binary"}, (-1.0, 1.0), r"pretraining.visible: binary units need .*\[-1, 1\]"),
        (
            {"noisy_inputs": True, "corruption": "gaussian"},
            (0.0, 1.0),
            "pretraining.noisy_inputs: Gaussian noise leaves",
        ),
    ],
)
def test_what_does_not_fit_the_network_or_the_data_is_refused(how, value_range, named):
    with pytest.raises(SdaeError, match=named):
        Pretraining(**how).check(2, value_range)


@pytest.mark.parametrize(
    ("how", "named"),
    [
        ({"epochs": 0}, "pretraining.epochs"),
        ({"batch_size": 0}, "pretraining.batch_size"),
        ({"cd_steps": 0}, "pretraining.cd_steps"),
        ({"learning_rate": [0.1, 0.0]}, "pretraining.learning_rate"),
        ({"weight_decay": -0.1}, "pretraining.weight_decay"),
        (
            {"weight_decay": 1.0, "learning_rate": 0.05, "batch_size": 20},
            r"pretraining.weight_decay: .* 1, at which one update would",
        ),
        ({"noise_level": [0.1, 1.1]}, "pretraining.noise_level"),
        ({"emphasis": (0.0, 0.0)}, "pretraining.emphasis"),
        ({"emphasis": (1.0, float("nan"))}, "pretraining.emphasis: 2 finite numbers"),
        ({"noise_level": (0.1, 0.2)}, "pretraining.noise_level: a finite number, or a list"),
        ({"noise_level": []}, "pretraining.noise_level: a finite number, or a list"),
        ({"epochs": 2.5}, "pretraining.epochs: a whole number"),
        ({"reconstruction": "mse"}, "pretraining.reconstruction: auto, cross-entropy or squared"),
        ({"emphasis": (1.0, 0.5), "corruption": "gaussian"}, "pretraining.emphasis: Gaussian noise"),
        ({"emphasis": (1.0, 0.0), "noise_level": 0.0}, "pretraining.emphasis: nothing is corrupted"),
        ({"emphasis": (1.0, 0.5), "noise_level": [0.1, 0.0]}, "pretraining.emphasis: nothing is corrupted"),
        ({"emphasis": (1.0, 0.5), "noisy_inputs": True}, "pretraining.noisy_inputs"),
        ({"noise_level": [0.1, 0.2], "noisy_inputs": True}, "pretraining.noisy_inputs"),
    ],
)
def test_a_value_out_of_range_names_its_key(how, named):
    with pytest.raises(SdaeError, match=named):
        Pretraining(**how)


def test_only_what_a_layer_has_is_described():
    autoencoder, rbm = Pretraining().described, Pretraining(layer="rbm").described
    assert autoencoder is not None
    assert rbm is not None
    assert {"noise_level", "corruption", "tied", "weight_decay"} < autoencoder.keys()
    assert rbm.keys() - autoencoder.keys() == {"visible", "cd_steps", "persistent", "sampled_inputs"}
    assert not rbm.keys() & {"noise_level", "corruption", "emphasis", "tied", "reconstruction", "noisy_inputs"}
    assert Pretraining(layer="none").described is None
