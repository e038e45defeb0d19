"""From an estimator's flat parameters to the settings that training takes, and errors back to the flat names."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Literal

import numpy as np

from sdae.errors import SdaeError
from sdae.settings.fine_tuning import FineTuning
from sdae.settings.pretraining import Pretraining

PretrainingName = Literal["denoising", "autoencoder", "rbm"]
KINDS: dict[str | None, Literal["autoencoder", "rbm", "none"]] = {
    "denoising": "autoencoder",
    "autoencoder": "autoencoder",
    "rbm": "rbm",
    None: "none",
}
DEFAULT_RATE: float = Pretraining.learning_rate  # type: ignore[assignment]
# As they are called in Pretraining, too.
SAME = ("corruption", "tied", "reconstruction", "visible", "cd_steps", "persistent", "weight_decay", "batch_size")


def layer_sizes(value: Any) -> list[int]:
    """Return the units of each hidden layer, from one number or a sequence of them.

    Raises:
        SdaeError: If there is no layer, or a size is no positive whole number.
    """
    sizes = list(value) if isinstance(value, Sequence | np.ndarray) else [value]
    if not sizes or not all(isinstance(size, int | np.integer) and size > 0 for size in sizes):
        raise SdaeError(f"hidden_layer_sizes: positive whole numbers, one for each hidden layer, not {value!r}")
    return [int(size) for size in sizes]


def pretraining_of(params: dict[str, Any], value_range: tuple[float, float]) -> Pretraining:
    """Return the settings of pretraining.

    A rate of ``auto`` is the package's default, and for a layer that reconstructs real numbers by linear units no more
    than 1 / d', its number of units. There an update takes 2ε‖y‖² of an example's own error away, with ‖y‖² about d'/4
    at the start, so that at ε = 4 / d' training would begin to oscillate, and beyond it diverge.

    Args:
        params: The estimator's parameters.
        value_range: The least and the greatest value of the inputs.

    Raises:
        SdaeError: If a parameter is out of range or does not fit the inputs.
    """
    name = params["pretraining"]
    if name not in KINDS:
        raise SdaeError(f"pretraining: denoising, autoencoder, rbm or None, not {name!r}")
    sizes = layer_sizes(params["hidden_layer_sizes"])
    rate = params["pretraining_learning_rate"]
    auto = isinstance(rate, str)
    if auto and rate != "auto":
        raise SdaeError(f"pretraining_learning_rate: auto, or a positive number, not {rate!r}")
    how = Pretraining(
        layer=KINDS[name],
        epochs=params["pretraining_epochs"],
        noise_level=0.0 if name == "autoencoder" else _values(params["noise_level"]),
        emphasis=tuple(params["emphasis"]) if name == "denoising" else (1.0, 1.0),
        **{key: params[key] for key in SAME},
        **({} if auto else {"learning_rate": _values(rate)}),
    )
    if auto and _linear(how, value_range):
        lowest = min(DEFAULT_RATE, 1 / sizes[0])
        how = replace(how, learning_rate=[lowest] + [DEFAULT_RATE] * (len(sizes) - 1))
    if how.layer != "none":
        how.check(len(sizes), value_range)
    return how


def fine_tuning_of(params: dict[str, Any]) -> FineTuning:
    """Return the settings of fine-tuning.

    Raises:
        SdaeError: If a parameter is out of range.
    """
    if params["max_epochs"] < 1:
        raise SdaeError(f"max_epochs: at least 1, not {params['max_epochs']}")
    names = ("learning_rate", "batch_size", "max_epochs", "patience")
    return FineTuning(**{name: params[name] for name in names})


@contextmanager
def flat_names() -> Iterator[None]:
    """Have errors name parameters as the estimators do."""
    try:
        yield
    except SdaeError as error:
        message = re.sub(r"pretraining\.(?=learning_rate|epochs)", "pretraining_", str(error))
        message = re.sub(r"(pretraining|fine_tuning)\.", "", message).replace("model.n_units", "hidden_layer_sizes")
        raise type(error)(message.replace("trainer.accelerator", "device")) from None


def _linear(how: Pretraining, value_range: tuple[float, float]) -> bool:
    if how.layer == "rbm":
        return how.visible_of(value_range) == "gaussian"
    return how.layer == "autoencoder" and how.reconstruction_of(value_range) == "squared"


def _values(value: Any) -> Any:
    """Return a number or a list of numbers as plain ones, which a configuration can be written with."""
    return [float(one) for one in value] if isinstance(value, Sequence | np.ndarray) else float(value)
