"""One value for all layers, or one for each."""

import pytest

from sdae.errors import SdaeError
from sdae.settings.per_layer import as_list, per_layer


def test_one_value_serves_all_layers_and_a_list_each():
    assert per_layer(0.1, 3, "rate") == [0.1, 0.1, 0.1]
    assert per_layer([0.1, 0.2], 2, "rate") == [0.1, 0.2]
    with pytest.raises(SdaeError, match="rate: 2 values for 3 layers; give one value, or one for each layer"):
        per_layer([0.1, 0.2], 3, "rate")


def test_a_list_is_left_as_it_is():
    assert (as_list(0.1), as_list([0.1, 0.2])) == ([0.1], [0.1, 0.2])
