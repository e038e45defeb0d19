"""Converts a typed function to a command: its parameters are the flags, its docstring is the help."""

import inspect
import types
from collections.abc import Callable
from typing import Any, Union, get_args, get_origin

import docstring_parser
from jsonargparse import ArgumentParser

from sdae.config.typed import keys_of


class Command:
    """A function and its parser.

    A parameter without a default is a positional argument, one with a default an option. List options take several
    values; boolean options need no value.

    Args:
        function: A typed function with a Google docstring.
        words: The parameter with a default that is a positional argument nevertheless; default: none.
    """

    def __init__(self, function: Callable[..., Any], words: str | None = None) -> None:
        self.function = function
        docstring = docstring_parser.parse(inspect.getdoc(function) or "")
        self.parser = ArgumentParser(exit_on_error=False, allow_abbrev=False, description=docstring.description)
        helps = {each.arg_name: " ".join((each.description or "").split()) for each in docstring.params}
        parameters = inspect.signature(function).parameters
        for name, parameter in parameters.items():
            required = parameter.default is inspect.Parameter.empty
            positional = required or name == words
            element = _element(parameter.annotation)
            named: list[str] = [name if positional else f"--{name}"]
            options: dict[str, Any] = {"help": helps.get(name)} | ({} if required else {"default": parameter.default})
            if element is not None:
                several = element | list[element] if element in (int, float) else element  # type: ignore[valid-type]
                many = "*" if positional and not required else "+"
                self.parser.add_argument(*named, type=several, nargs=many, **options)
            elif parameter.annotation is bool:
                self.parser.add_argument(*named, type=bool, nargs="?", const=True, **options)
            else:
                others: set[str | int] = {other for other in parameters if other != name}
                self.parser.add_function_arguments(function, as_group=False, as_positional=positional, skip=others)

    @property
    def flags(self) -> list[str]:
        """The names of its options."""
        return keys_of(self.parser)

    def call(self, given: Any) -> Any:
        """Call the function with the parsed command line."""
        values = self.parser.instantiate_classes(given).as_dict()
        # A value of a list of numbers may itself be a list, [0, 1].
        return self.function(**{key: _flat(value) for key, value in values.items()})


def _element(annotation: Any) -> Any:
    """Return the type of a list's elements; None where the parameter takes no list."""
    optional = get_origin(annotation) in (Union, types.UnionType)
    parts = get_args(annotation) if optional else (annotation,)
    return next((get_args(part)[0] for part in parts if get_origin(part) is list), None)


def _flat(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    return [part for each in value for part in (each if isinstance(each, list) else [each])]
