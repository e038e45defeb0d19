"""Calls a plain typed function with the words of a command line."""

import inspect
from collections.abc import Callable
from typing import Any, get_args, get_origin

from jsonargparse import ArgumentParser

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
    # Not auto_cli, which keeps --config to itself: the sweep command has a --config of its own.
    parser = ArgumentParser(prog=f"sdae {name}", exit_on_error=False, allow_abbrev=False, description=_about(function))
    parser.add_function_arguments(function, as_positional=True)
    given = parser.parse_args(_as_yaml(function, args))
    return function(**parser.instantiate_classes(given))


def _about(function: Callable[..., Any]) -> str:
    return (function.__doc__ or "").partition("\n    Args:")[0]


def _as_yaml(function: Callable[..., Any], args: list[str]) -> list[str]:
    """Make one YAML list of the words behind an option that takes a list, and true of a flag without a word.

    The words that come first are those of the function's first parameter, which may be one that has a default.
    """
    parameters = inspect.signature(function).parameters
    first = next(iter(parameters), "")
    written: list[str] = []
    for option, words in _by_option(args):
        if not option and words and first and parameters[first].default is not inspect.Parameter.empty:
            option = f"--{first}"
        parameter = parameters.get(option.removeprefix("--") or first)
        if parameter is not None and _is_list(parameter) and words and not words[0].startswith("["):
            words = [f"[{', '.join(words)}]"]
        elif parameter is not None and parameter.annotation is bool and option and not words:
            words = ["true"]
        written += [option, *words] if option else words
    return written


def _by_option(args: list[str]) -> list[tuple[str, list[str]]]:
    """Return every option with the words behind it, first those before any option, with an empty one."""
    grouped: list[tuple[str, list[str]]] = [("", [])]
    for arg in args:
        if arg.startswith("--") or arg == "-h":
            grouped.append((arg, []))
        else:
            grouped[-1][1].append(arg)
    return grouped


def _is_list(parameter: inspect.Parameter) -> bool:
    annotation = parameter.annotation
    return any(get_origin(part) is list for part in (annotation, *get_args(annotation)))
