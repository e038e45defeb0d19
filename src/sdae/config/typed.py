"""Builds an object from a YAML file whose keys are the parameters of the object's class."""

import re
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import TypeVar

from jsonargparse import ArgumentParser

from sdae.config.yaml_files import read_mapping
from sdae.errors import SdaeError, did_you_mean, one_of

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
        raise SdaeError(f"{path}: {underlying(error) or plain(str(error), keys_of(parser), 'file.')}") from error


def underlying(error: BaseException | None) -> SdaeError | None:
    """Return the error that a constructor raised, which jsonargparse wraps in errors of its own."""
    while error is not None and not isinstance(error, SdaeError):
        error = error.__cause__
    return error


WORDS = {  # of the types in jsonargparse's messages
    **{"int": "a whole number", "float": "a number", "str": "a text", "bool": "true or false", "Path": "a path"},
    **{"list": "a list", "tuple": "a list", "dict": "keys and values"},
}


def keys_of(parser: ArgumentParser) -> list[str]:
    """Return a parser's keys, which are its options without the hyphens: ``run``, ``section.key``."""
    options = [option for action in parser._actions for option in action.option_strings]
    # Without short options, those that add to a list, NAME+, and links, NAME --> NAME.
    names = [option.removeprefix("--") for option in options if re.fullmatch(r"--[\w.]+", option)]
    return [name for name in names if name.split(".")[-1] != "help"]


def plain(text: str, keys: Iterable[str], above: str = "") -> str:
    """Return the key and the problem from jsonargparse's message of many lines.

    Args:
        text: The parser's message.
        keys: The parser's keys; the one most like an unknown key is suggested.
        above: Prefix to remove from every key.
    """
    key = ".".join(re.findall(r'Parser key "([^"]+)"', text))  # nested
    named = key.removeprefix(above)
    if name := _unknown(text, named):
        name = name.removeprefix(above)
        parameters = _parameters(text, named)
        near = did_you_mean(name, [*(key.removeprefix(above) for key in keys), *parameters])
        return f"{name}: no such key{near or _listed(each.partition('.')[2] for each in parameters)}"
    if missing := re.search(r"arguments? (?:is|are) required: ((?:\S+, )*\S+)", text):
        section = f"{named}." if named else ""
        names = [f"{section}{name.removeprefix(above)}" for name in missing.group(1).split(", ")]
        return f"{', '.join(names)}: {'is' if len(names) == 1 else 'are'} missing"
    if key and (imported := re.search(r"(Import path .+|'[^']+':\s+No module named .+|.+ has no attribute .+)", text)):
        return f"{named}: {' '.join(imported.group(1).split())}{_nearest_in_module(text)}"
    return (key and _misfit(named, text)) or " ".join(text.split())


def _nearest_in_module(text: str) -> str:
    """Return the end of a message about a name that a module lacks: those that it has."""
    lacks = re.search(r"module '([\w.]+)' has no attribute '(\w+)'", text)
    if not lacks:
        return ""
    names = [name for name in dir(import_module(lacks.group(1))) if name[:1] != "_"]
    return did_you_mean(lacks.group(2), names) or (_listed(names) if lacks.group(1).startswith("sdae.") else "")


def _listed(names: Iterable[str]) -> str:
    """Return the end of a message about an unknown name to which none is near: all that there are, or nothing."""
    found = ", ".join(filter(None, names))
    return f"; there are {found}" if found else ""


def _parameters(text: str, key: str) -> list[str]:
    """Return the keys below one that names a class, if a message is of the class's parameters: that class's."""
    if not (named := re.search(r"with given class_path '([\w.]+)\.(\w+)'", text)):
        return []
    parser = ArgumentParser()
    parser.add_class_arguments(getattr(import_module(named.group(1)), named.group(2)), key)
    return keys_of(parser)


def _unknown(text: str, key: str) -> str | None:
    """Return the name of an unknown key, or None if the message is about something else."""
    if unknown := re.search(r"Group '([^']+)' does not accept option '([^']+)'", text):
        return ".".join(unknown.groups())
    if unknown := re.search(r"does not accept option '([^']+)'|Option '([^']+)' is not accepted", text):
        return unknown.group(1) or f"{key}.{unknown.group(2)}".removeprefix(".")
    return None


def _misfit(key: str, text: str) -> str | None:
    """Return the message of a value of the wrong type, or None if the parser's is another."""
    if section := re.search(r"Unable to load config '(.*?)'", text):
        return f"{key.split('.')[0]}: a section of keys and values, not {section.group(1)}"
    if "'NestedArg' object" in text:
        return f"{key}: a value without keys of its own"
    before, *given = re.split(r"G(?:ot|iven) value: ", text, maxsplit=1)
    value = "".join(given)
    if nested := re.match(r"NestedArg\(key='([^']+)'", value):
        return f"{key}.{nested.group(1)}: no such key"
    literals = re.search(r"Subtypes: \[((?:typing\.Literal\[[^\]]*\](?:, )?)+)\]", text)
    if literals and value:
        choices = re.findall(r"[^\[\], ']+", literals.group(1).replace("typing.Literal", ""))
        return f"{key}: {one_of(choices)}, not {value.splitlines()[0]}{_quoted(value, text)}"
    kind = r"Expected a (?:<class '(?:[^']*\.)?([^'.]+)'>|typing\.Literal(\[.*?\]))|Not of type (Path)"
    names = [
        one_of(re.findall(r"[^\[\], ']+", literal)) if literal else WORDS.get(name or path, f"a {name}")
        for name, literal, path in re.findall(kind, before)
    ]
    expected = [name for name in dict.fromkeys(names) if name != "a NoneType"]
    if not expected or not value:
        return None
    return f"{key}: {' or '.join(expected)}, not {value.splitlines()[0]}{_quoted(value, text)}"


def _quoted(value: str, text: str) -> str:
    """Return what to do where YAML took a word of a message's choices for a truth value, or nothing."""
    off = value.splitlines()[0] == "False" and "'off'" in text
    return '; write "off" in quotes: YAML reads off as False' if off else ""
