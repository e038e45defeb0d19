"""Builds an object from a YAML file whose keys are the parameters of the object's class."""

import re
from pathlib import Path
from typing import TypeVar

from jsonargparse import ArgumentParser

from sdae.config.yaml_files import read_mapping
from sdae.errors import SdaeError

T = TypeVar("T")


def read_as(kind: type[T], path: Path) -> T:
    """Build an object from the content of a YAML file.

    Args:
        kind: The object's class.
        path: The file.

    Raises:
        SdaeError: If it cannot be read, or has an invalid key or value; names the file and the key.
    """
    content = read_mapping(path)
    parser = ArgumentParser(exit_on_error=False)
    parser.add_class_arguments(kind, "file")
    try:
        return parser.instantiate_classes(parser.parse_object({"file": content})).file
    except Exception as error:
        raise SdaeError(f"{path}: {underlying(error) or plain(str(error), 'file.')}") from error


def underlying(error: BaseException | None) -> SdaeError | None:
    """Return the error that a constructor raised, which jsonargparse wraps in errors of its own."""
    while error is not None and not isinstance(error, SdaeError):
        error = error.__cause__
    return error


def plain(text: str, above: str = "") -> str:
    """Return the key and the problem from jsonargparse's message of many lines.

    Args:
        text: The parser's message.
        above: Prefix to remove from every key.
    """
    key = ".".join(re.findall(r'Parser key "([^"]+)"', text))  # nested
    named = key.removeprefix(above)
    if unknown := re.search(r"unrecognized arguments: --([^ =]+)", text):
        return f"{unknown.group(1)}: no such key"
    if unknown := re.search(r"Group '([^']+)' does not accept option '([^']+)'", text):
        return f"{'.'.join(unknown.groups()).removeprefix(above)}: no such key"
    if unknown := re.search(r"does not accept option '([^']+)'|Option '([^']+)' is not accepted", text):
        name = unknown.group(1) or f"{named}.{unknown.group(2)}".removeprefix(".")
        return f"{name}: no such key"
    if missing := re.search(r"arguments? (?:is|are) required: (\S+)", text):
        return f"{missing.group(1).removeprefix(above)}: is missing"
    if key and (imported := re.search(r"(Import path .+|'[^']+':\s+No module named .+|.+ has no attribute .+)", text)):
        return f"{named}: {' '.join(imported.group(1).split())}"
    if key and (wrong := re.search(r"(Expected .+)", text.partition("Errors:")[2] or text)):
        return f"{named}: {wrong.group(1).rstrip('. ')}"
    return " ".join(text.split())
