"""Sections of a run's configuration as nested dictionaries: merged, flattened, compared."""

from collections.abc import Mapping
from typing import Any


def merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Return a configuration with another on top, merged at every depth; neither is changed."""
    both = {key for key in below if isinstance(below[key], Mapping) and isinstance(above.get(key), Mapping)}
    return {**below, **above, **{key: merged(below[key], above[key]) for key in both}}


def flat(tree: Mapping[str, Any], above: str = "", whole: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return the leaves of nested mappings, by dotted keys: ``model.n_units``.

    Args:
        tree: The mappings.
        above: Prefix of every key.
        whole: Keys whose values are left as they are.
    """
    leaves: dict[str, Any] = {}
    for key, value in tree.items():
        name = f"{above}{key}"
        inner = isinstance(value, Mapping) and name not in whole
        leaves |= flat(value, f"{name}.", whole) if inner else {name: value}
    return leaves


def differing(kept: Mapping[str, Any], wanted: Mapping[str, Any], but: tuple[str, ...]) -> str | None:
    """Return the first key in which two configurations differ; keys and sections in ``but`` are ignored."""
    before, now = flat(kept), flat(wanted)
    keys = sorted(now.keys() | before.keys())
    counts = [key for key in keys if not any(f"{key}.".startswith(f"{section}.") for section in but)]
    return next((key for key in counts if now.get(key) != before.get(key)), None)


def put(config: dict[str, Any], key: str, value: Any) -> None:
    """Change a value of a configuration in place, by a key with dots between; missing sections are made."""
    *sections, name = key.split(".")
    for section in sections:
        if config.get(section) is None:
            config[section] = {}
        config = config[section]
    config[name] = value
