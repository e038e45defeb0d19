"""Sections of a run's configuration as nested dictionaries: merged, flattened, compared."""

from collections.abc import Mapping
from typing import Any


def merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Return a configuration with another on top, merged at every depth; neither is changed."""
    both = {key for key in below if isinstance(below[key], Mapping) and isinstance(above.get(key), Mapping)}
    return {**below, **above, **{key: merged(below[key], above[key]) for key in both}}


def flat(tree: Mapping[str, Any], above: str = "", whole: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return the leaves of nested mappings, by their keys with dots between: ``model.n_units``.

    Args:
        tree: The mappings.
        above: What stands before every key.
        whole: Keys whose values are left as they are.
    """
    leaves: dict[str, Any] = {}
    for key, value in tree.items():
        name = f"{above}{key}"
        inner = isinstance(value, Mapping) and name not in whole
        leaves |= flat(value, f"{name}.", whole) if inner else {name: value}
    return leaves


def differing(kept: Mapping[str, Any], wanted: Mapping[str, Any], but: tuple[str, ...]) -> str | None:
    """Return the first key in which two configurations differ; keys and whole sections in ``but`` do not count."""
    there, here = flat(kept), flat(wanted)
    keys = sorted(here.keys() | there.keys())
    counts = [key for key in keys if not any(f"{key}.".startswith(f"{section}.") for section in but)]
    return next((key for key in counts if here.get(key) != there.get(key)), None)
