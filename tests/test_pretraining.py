"""The settings of pretraining: what each kind of layer has, and what is refused."""

import pytest

from sdae.errors import SdaeError
from sdae.pretraining import Pretraining


@pytest.mark.parametrize(
    ("how", "family"),
    [
        ({"layer": "none"}, "MLP"),
        ({"noise_level": 0.0}, "SAE"),
        ({"noise_level": 0.1}, "SDAE"),
        ({"noise_level": [0.0, 0.1]}, "SDAE"),
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
    ],
)
def test_what_does_not_fit_the_network_or_the_data_is_refused(how, value_range, named):
    with pytest.raises(SdaeError, match=named):
        Pretraining(**how).check(2, value_range)
