"""Writes a trained stack to a file that other programs load."""

from importlib import import_module
from typing import Any

from sdae.errors import SdaeError


def library(name: str) -> Any:
    """Import a library of the extra ``export``.

    Raises:
        SdaeError: If it is not installed.
    """
    try:
        return import_module(name)
    except ImportError:
        raise SdaeError(f"{name.partition('.')[0]} is not installed; pip install 'sdae[export]'") from None
