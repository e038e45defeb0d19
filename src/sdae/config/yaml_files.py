"""Reads YAML strictly: in UTF-8, numbers such as 5e-3 as numbers, and no key twice."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from jsonargparse import get_loader
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from sdae.errors import SdaeError

_load = get_loader("yaml")  # jsonargparse's own, which reads 5e-3 as a number


def read_yaml(path: Path) -> Any:
    """Return the content of a YAML file.

    Raises:
        SdaeError: If it cannot be read, is not YAML, or gives a key twice; names the file and the lines.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise SdaeError(f"{path}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError as error:
        raise SdaeError(f"{path}: cannot be read ({error}); save it as UTF-8") from None
    try:
        return parse_yaml(text, str(path))
    except yaml.YAMLError as error:
        where = " ".join(str(error).replace('in "<unicode string>", ', "in ").split())
        raise SdaeError(f"{path}: cannot be read ({where})") from None


def read_mapping(path: Path) -> dict[str, Any]:
    """Return the keys and values of a YAML file.

    Raises:
        SdaeError: As :func:`read_yaml`; and if it holds something else.
    """
    content = read_yaml(path)
    if not isinstance(content, dict):
        raise SdaeError(f"{path}: holds no keys and values")
    return content


def parse_yaml(text: str, where: str = "") -> Any:
    """Return the content of YAML text.

    Args:
        text: The text.
        where: The file that it comes from, for an error; none for an argument of a command line.

    Raises:
        SdaeError: If a key is given twice, at any depth; names both lines.
        yaml.YAMLError: If it is not YAML.
    """
    if ":" in text:
        for key, first, second in _twice(yaml.compose(text, yaml.SafeLoader)):
            named = f"{where}: " if where else ""
            raise SdaeError(f"{named}the key {key} is given twice, in lines {first} and {second}; leave one of them")
    return _load(text)


def _twice(root: Node | None) -> Iterator[tuple[str, int, int]]:
    """Yield each key that a mapping repeats, its path from the top, and the lines of both, counted from 1."""
    waiting: list[tuple[str, Node]] = [] if root is None else [("", root)]
    seen: set[int] = set()  # an alias is the same node
    while waiting:
        above, node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, SequenceNode):
            waiting += [(above, part) for part in node.value]
        if not isinstance(node, MappingNode):
            continue
        lines: dict[tuple[str, str], int] = {}
        for key, value in node.value:
            waiting.append((f"{above}{key.value}.", value) if isinstance(key, ScalarNode) else (above, value))
            if not isinstance(key, ScalarNode):
                continue
            line = key.start_mark.line + 1
            if (key.tag, key.value) in lines:
                yield f"{above}{key.value}", lines[key.tag, key.value], line
            lines[key.tag, key.value] = line
