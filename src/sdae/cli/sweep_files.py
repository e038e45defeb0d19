"""Reads a sweep file, and says in its own words what it is that cannot be used."""

import re
from pathlib import Path
from typing import TypeVar

from jsonargparse import ArgumentParser

from sdae.cli.names import load_yaml
from sdae.cli.parsing import buried
from sdae.errors import SdaeError
from sdae.sweeps.sweep_file import Sweep

T = TypeVar("T")


def read_sweep(path: Path) -> Sweep:
    """Read a sweep file.

    Raises:
        SdaeError: If it is not there, or says what cannot be used; names the file and the key.
    """
    return read_as(Sweep, path, "--config ", "")


def read_as(kind: type[T], path: Path, unread: str, wrong: str) -> T:
    """Make an object of what a YAML file says, its keys the parameters of the object's class.

    Args:
        kind: The class.
        path: The file.
        unread: What an error says before the file's name where it cannot be read.
        wrong: The same, where it says what cannot be used.

    Raises:
        SdaeError: If it is not there, or says what cannot be used; names the file and the key.
    """
    parser = ArgumentParser(exit_on_error=False)
    parser.add_class_arguments(kind, "file")
    try:
        content = load_yaml(path.read_text(encoding="utf-8"))
        return parser.instantiate_classes(parser.parse_object({"file": content})).file
    except OSError as error:
        raise SdaeError(f"{unread}{path}: cannot be read ({error.strerror})") from None
    except Exception as error:
        raise SdaeError(f"{wrong}{path}: {buried(error) or _plain(str(error), 'file.')}") from error


def of_settings(error: SdaeError) -> SdaeError:
    """Say of a sweep file's settings what the parser of ``fit`` says of its flags and of the files behind them."""
    text = re.sub(r" \(in [^()]*, or a flag\)$", "", str(error))
    text = text.replace("--data ", "problems: ").replace("--method ", "methods: ")
    return SdaeError(text if text.startswith(("problems", "methods")) else f"settings.{_plain(text, '')}")


def _plain(text: str, above: str) -> str:
    """Return the key and what is wrong with it, of what jsonargparse says in many lines."""
    key = re.search(r'Parser key "([^"]+)"', text)
    named = f"{key.group(1).removeprefix(above)}" if key else ""
    if unknown := re.search(r"unrecognized arguments: --([^ =]+)", text):
        return f"{unknown.group(1)}: no such key"
    if unknown := re.search(r"does not accept option '([^']+)'|Option '([^']+)' is not accepted", text):
        name = unknown.group(1) or f"{named}.{unknown.group(2)}".removeprefix(".")
        return f"{name}: no such key"
    if missing := re.search(r"arguments? (?:is|are) required: (\S+)", text):
        return f"{missing.group(1).removeprefix(above)}: is missing"
    if key and (wrong := re.search(r"(Expected .+)", text.partition("Errors:")[2] or text)):
        return f"{named}: {wrong.group(1).rstrip('. ')}"
    return " ".join(text.split())
