"""Updates with which nothing can be learned are refused, in settings and in layers alike."""

import pytest

from sdae.errors import SdaeError
from sdae.functional.updates import check_update
from sdae.models.autoencoder import Autoencoder
from sdae.models.classifier import Classifier
from sdae.models.rbm import RBM


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"batch_size": 0}, "^a.batch_size: at least 1, not 0"),
        ({"learning_rate": 0.0}, "^a.learning_rate: a positive number, not 0.0"),
        ({"learning_rate": float("nan")}, "^a.learning_rate: a positive number, not nan"),
        ({"weight_decay": -1.0}, "^a.weight_decay: not negative"),
        ({"weight_decay": 2.5}, r"^a.weight_decay: not negative, and less than .*, 2, at which one update"),
    ],
)
def test_what_is_out_of_range_is_named(values, message):
    with pytest.raises(SdaeError, match=message):
        check_update(**{"learning_rate": 0.1, "batch_size": 5, **values}, within="a.")
    check_update(0.1, 5, 1.9)


@pytest.mark.parametrize("kind", [Autoencoder, RBM, Classifier])
def test_layers_and_networks_refuse_them(kind):
    with pytest.raises(SdaeError, match="batch_size: at least 1"):
        kind(4, 3, batch_size=0)
    with pytest.raises(SdaeError, match="learning_rate: a positive"):
        kind(4, 3, learning_rate=-0.1)


def test_weights_are_not_turned_round():
    for kind in (Autoencoder, RBM):
        with pytest.raises(SdaeError, match="at which one update would erase the weights; not 300"):
            kind(4, 3, weight_decay=300, learning_rate=0.01)


def test_a_chain_has_a_step():
    with pytest.raises(SdaeError, match="^cd_steps: at least 1, not 0"):
        RBM(4, 3, cd_steps=0)
