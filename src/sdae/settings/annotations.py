"""Checks values against their annotations: settings are also made in Python, where no parser has seen them."""

import math
from dataclasses import fields
from types import UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

import numpy as np

from sdae.errors import SdaeError, one_of


class _Unfit(Exception):
    """A value of another type than its annotation."""


def check_fields(settings: Any, within: str) -> None:
    """Check every field of a dataclass against its annotation; numbers become Python's own, of the annotated type.

    Args:
        settings: Names (``Literal``), truth values, whole or finite numbers, and lists and tuples of them.
        within: What goes before the key that an error names, such as ``pretraining.``.

    Raises:
        SdaeError: If a value does not fit; names the field.
    """
    kinds = get_type_hints(type(settings))
    for field in fields(settings):
        value = as_annotated(getattr(settings, field.name), kinds[field.name], f"{within}{field.name}")
        setattr(settings, field.name, value)


def as_annotated(value: Any, kind: Any, key: str) -> Any:
    """Return a value as the annotated type.

    Raises:
        SdaeError: If it does not fit; names the key.
    """
    try:
        return _fitted(value, kind)
    except _Unfit:
        raise SdaeError(f"{key}: {_described(kind)}, not {value!r}") from None


def _fitted(value: Any, kind: Any) -> Any:
    origin, args = get_origin(kind), get_args(kind)
    if origin is UnionType:
        return _fitted(value, args[1] if isinstance(value, list) else args[0])
    if origin is Literal:
        return _require(value, isinstance(value, str) and value in args)
    if origin is list:
        return [_fitted(each, args[0]) for each in _require(value, isinstance(value, list) and len(value) > 0)]
    if origin is tuple:
        _require(value, isinstance(value, tuple | list) and len(value) == len(args))
        return tuple(_fitted(each, of) for each, of in zip(value, args, strict=True))
    if isinstance(value, np.generic):
        value = value.item()
    if kind is bool or isinstance(value, bool):
        return _require(value, kind is bool and isinstance(value, bool))
    if kind is int:
        return _require(value, isinstance(value, int))
    return float(_require(value, isinstance(value, int | float) and math.isfinite(value)))


def _require(value: Any, fits: bool) -> Any:
    if not fits:
        raise _Unfit
    return value


def _described(kind: Any) -> str:
    origin, args = get_origin(kind), get_args(kind)
    if origin is UnionType:
        return ", or ".join(_described(kind) for kind in args)
    if origin is Literal:
        return one_of(args)
    if origin is list:
        return "a list with one for each layer"
    if origin is tuple:
        return f"{len(args)} finite numbers"
    return {bool: "True or False", int: "a whole number", float: "a finite number"}[kind]
