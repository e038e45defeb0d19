"""Calls a plain typed function with the words of a command line."""

import inspect
from collections.abc import Callable
from itertools import takewhile
from typing import Any, get_origin

from jsonargparse import auto_cli

from sdae.cli.names import install_loader


def run_function(name: str, function: Callable[..., Any], args: list[str]) -> Any:
    """Parse the arguments of a command and call its function.

    Args:
        name: The command, for its help.
        function: A typed function with a Google docstring.
        args: The words behind the command's name.

    Raises:
        argparse.ArgumentError: If they do not fit the function.
    """
    install_loader()
    return auto_cli(
        function, args=_as_list(function, args), prog=f"sdae {name}", exit_on_error=False, allow_abbrev=False
    )


def _as_list(function: Callable[..., Any], args: list[str]) -> list[str]:
    """Make one YAML list of the words that come first, where the first parameter is a list."""
    first = next(iter(inspect.signature(function).parameters.values()), None)
    words = list(takewhile(lambda arg: not arg.startswith("-"), args))
    if first is None or get_origin(first.annotation) is not list or not words:
        return args
    return [f"[{', '.join(words)}]", *args[len(words) :]]
