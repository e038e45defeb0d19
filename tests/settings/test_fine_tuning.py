"""The options of fine-tuning."""

import pytest
import torch

from sdae.errors import SdaeError
from sdae.functional.corruption import SaltAndPepper, Swap
from sdae.settings.fine_tuning import FineTuning

OUT_OF_RANGE = [(key, value) for key in ("learning_rate", "batch_size", "patience") for value in (0, -1)]


@pytest.mark.parametrize(("key", "value"), [*OUT_OF_RANGE, ("max_epochs", -1)])
def test_a_value_out_of_range_names_its_key(key, value):
    with pytest.raises(SdaeError, match=f"fine_tuning.{key}"):
        FineTuning(**{key: value})


@pytest.mark.parametrize(("key", "value"), [("patience", 1.5), ("learning_rate", "fast"), ("corruption", "drop")])
def test_a_value_of_another_type_names_its_key(key, value):
    with pytest.raises(SdaeError, match=f"fine_tuning.{key}: .*, not {value!r}"):
        FineTuning(**{key: value})


def test_noise_is_checked_and_made_for_the_datas_range():
    with pytest.raises(SdaeError, match="fine_tuning.noise_level: a fraction"):
        FineTuning(noise_level=1.5)
    assert FineTuning().corrupt((0.0, 1.0)) is None
    assert FineTuning(corruption="salt-and-pepper", noise_level=0.5).corrupt((-2.0, 2.0)) == SaltAndPepper(0.5, -2, 2)


def test_swap_noise_is_given_the_training_inputs():
    x = torch.rand(5, 3)
    corrupt = FineTuning(corruption="swap", noise_level=0.5).corrupt((0.0, 1.0), x)
    assert isinstance(corrupt, Swap)
    assert corrupt.examples is x


def test_noise_that_does_not_suit_the_data_is_refused_by_its_own_key():
    with pytest.raises(SdaeError, match="^fine_tuning.corruption: salt-and-pepper needs data with"):
        FineTuning(corruption="salt-and-pepper", noise_level=0.5).corrupt((-float("inf"), float("inf")))
