"""Values and their annotations."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pytest

from sdae.errors import SdaeError
from sdae.settings.annotations import as_annotated, check_fields


@dataclass
class Settings:
    loss: Literal["auto", "squared"] = "auto"
    epochs: int = 5
    rate: float | list[float] = 0.1
    weights: tuple[float, float] = (1.0, 1.0)
    tied: bool = True


@pytest.mark.parametrize(
    ("field", "value", "wanted"),
    [
        ("loss", "mse", "auto or squared, not 'mse'"),
        ("loss", ["auto"], "auto or squared"),
        ("epochs", 2.5, "a whole number, not 2.5"),
        ("epochs", "3", "a whole number, not '3'"),
        ("epochs", True, "a whole number"),
        ("rate", float("nan"), "a finite number, or a list with one for each layer, not nan"),
        ("rate", float("inf"), "a finite number"),
        ("rate", None, "a finite number"),
        ("rate", (0.1, 0.2), r"a finite number, or a list with one for each layer, not \(0.1, 0.2\)"),
        ("rate", [], "a finite number, or a list with one for each layer"),
        ("rate", [0.1, "0.2"], "a finite number, or a list"),
        ("weights", (1, 1, 5), "2 finite numbers"),
        ("weights", (float("nan"), 1.0), "2 finite numbers"),
        ("weights", 1.0, "2 finite numbers"),
        ("tied", "no", "True or False, not 'no'"),
        ("tied", 1, "True or False"),
    ],
)
def test_a_value_of_another_type_names_its_key_and_what_fits(field, value, wanted):
    with pytest.raises(SdaeError, match=f"^section.{field}: {wanted}"):
        check_fields(Settings(**{field: value}), "section.")


def test_numbers_become_pythons_own_of_the_annotated_type():
    settings = Settings("squared", np.int64(3), [np.float32(0.5), 1], [1, np.float64(0.5)], np.bool_(False))
    check_fields(settings, "section.")
    assert settings == Settings("squared", 3, [0.5, 1.0], (1.0, 0.5), False)
    assert type(settings.epochs) is int
    assert [type(rate) for rate in settings.rate] == [float, float]
    assert type(settings.tied) is bool


def test_a_value_alone_is_checked_too():
    assert type(as_annotated(1, float, "fraction")) is float
    with pytest.raises(SdaeError, match="^fraction: a finite number, not 'half'"):
        as_annotated("half", float, "fraction")
