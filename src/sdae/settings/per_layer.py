"""One value for all layers, or one for each."""

from typing import TypeVar

from sdae.errors import SdaeError

T = TypeVar("T")


def per_layer(value: T | list[T], n_layers: int, key: str) -> list[T]:
    """Repeat one value for every layer (section 6.1 has the same for all), or check a list with one for each.

    Raises:
        SdaeError: If a list has another length than there are layers.
    """
    if not isinstance(value, list):
        return [value] * n_layers
    if len(value) != n_layers:
        raise SdaeError(f"{key}: {len(value)} values for {n_layers} layers; give one value, or one for each layer")
    return value


def as_list(value: float | list[float]) -> list[float]:
    """Return a value as a list of one, a list as it is."""
    return value if isinstance(value, list) else [value]
