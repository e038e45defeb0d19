"""Converts an estimator's flat parameters to settings, and maps setting names in errors back to parameters."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Literal

import numpy as np

from sdae.errors import SdaeError
from sdae.functional.reconstruction import rate_of_linear_decoder
from sdae.settings.annotations import as_annotated
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
# Parameters of the same name in Pretraining.
SAME_NAMES = (
    *("corruption", "tied", "reconstruction", "visible", "cd_steps", "persistent", "sampled_inputs"),
    *("weight_decay", "batch_size"),
)


def layer_sizes(value: Any) -> list[int]:
    """Return the number of units of each hidden layer, from one number or a sequence.

    Raises:
        SdaeError: If the sequence is empty, or a size is not a positive whole number.
    """
    sizes = list(value) if isinstance(value, Sequence | np.ndarray) else [value]
    if not sizes or not all(isinstance(size, int | np.integer) and size > 0 for size in sizes):
        raise SdaeError(f"hidden_layer_sizes: positive whole numbers, one for each hidden layer, not {value!r}")
    return [int(size) for size in sizes]


def chosen_layer(layer: Any, n_layers: int) -> int:
    """Return the hidden layer of ``transform``, counted from 1, 0 for the input; by default the highest.

    Raises:
        SdaeError: If there is no such layer.
    """
    if layer is None:
        return n_layers
    if not 0 <= as_annotated(layer, int, "layer") <= n_layers:
        raise SdaeError(f"layer {layer} does not exist; the stack has layers 1 to {n_layers}, 0 is the input")
    return layer


def pretraining_of(params: dict[str, Any], value_range: tuple[float, float]) -> Pretraining:
    """Return the settings of pretraining.

    The learning rate ``auto`` is the package's default, but at most :func:`rate_of_linear_decoder` for a first layer
    that reconstructs real numbers with linear units.

    Args:
        params: The estimator's parameters.
        value_range: Least and greatest value of the inputs.

    Raises:
        SdaeError: If a parameter is out of range or does not suit the inputs.
    """
    name = params["pretraining"]
    if name not in KINDS:
        raise SdaeError(f"pretraining: denoising, autoencoder, rbm or None, not {name!r}")
    sizes = layer_sizes(params["hidden_layer_sizes"])
    rate = params["pretraining_learning_rate"]
    auto = isinstance(rate, str)
    if auto and rate != "auto":
        raise SdaeError(f"pretraining_learning_rate: auto, or a positive number, not {rate!r}")
    settings = Pretraining(
        layer=KINDS[name],
        epochs=params["pretraining_epochs"],
        noise_level=0.0 if name == "autoencoder" else _values(params["noise_level"]),
        emphasis=_values(params["emphasis"]) if name == "denoising" else (1.0, 1.0),
        **{key: params[key] for key in SAME_NAMES},
        **({} if auto else {"learning_rate": _values(rate)}),
    )
    if auto and _linear(settings, value_range):
        first = min(DEFAULT_RATE, rate_of_linear_decoder(sizes[0], settings.batch_size))
        settings = replace(settings, learning_rate=[first] + [DEFAULT_RATE] * (len(sizes) - 1))
    if settings.layer != "none":
        settings.check(len(sizes), value_range)
    return settings


def fine_tuning_of(params: dict[str, Any]) -> FineTuning:
    """Return the settings of fine-tuning.

    Raises:
        SdaeError: If a parameter is out of range.
    """
    names = ("learning_rate", "batch_size", "max_epochs", "patience")
    settings = FineTuning(**{name: params[name] for name in names})
    if settings.max_epochs < 1:
        raise SdaeError(f"max_epochs: at least 1, not {settings.max_epochs}")
    return settings


@contextmanager
def flat_names() -> Iterator[None]:
    """Rename a run's settings in errors to the estimators' parameters."""
    try:
        yield
    except SdaeError as error:
        message = str(error).replace("set pretraining.layer to none", "set pretraining to None")
        message = re.sub(r"pretraining\.(?=learning_rate|epochs)", "pretraining_", message)
        message = re.sub(r"(pretraining|fine_tuning)\.", "", message).replace("model.n_units", "hidden_layer_sizes")
        raise type(error)(message.replace("trainer.accelerator", "device")) from None


def _linear(settings: Pretraining, value_range: tuple[float, float]) -> bool:
    """Whether the first layer reconstructs real numbers with linear units."""
    if settings.layer == "rbm":
        return settings.visible_of(value_range) == "gaussian"
    return settings.layer == "autoencoder" and settings.reconstruction_of(value_range) == "squared"


def _values(value: Any) -> Any:
    """Convert a sequence or an array of numbers to a list, as settings have it; anything else stays."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else value
