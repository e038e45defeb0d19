"""The options of fine-tuning."""

import pytest

from sdae.errors import SdaeError
from sdae.fine_tuning import FineTuning


@pytest.mark.parametrize("key", ["learning_rate", "batch_size", "max_epochs", "patience"])
@pytest.mark.parametrize("value", [0, -1])
def test_a_value_out_of_range_names_its_key(key, value):
    with pytest.raises(SdaeError, match=f"fine_tuning.{key}"):
        FineTuning(**{key: value})
