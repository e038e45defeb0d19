"""Every command that is no training: a plain typed function, whose docstring is its help."""

from collections.abc import Callable
from typing import Any

from sdae.cli import data, filters

COMMANDS: dict[str, Callable[..., Any]] = {
    "data list": data.list_problems,
    "data prepare": data.prepare,
    "data show": data.show,
    "filters": filters.filters,
}
