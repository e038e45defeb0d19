"""Short names for configuration files, on the command line, in Python and inside other files.

``rect`` stands for ``conf/data/rect.yaml``, and ``sdae-3`` for ``conf/method/sdae-3.yaml``; in a YAML file
``data: rect`` and ``method: sdae-3`` say the same.
"""

from pathlib import Path
from typing import Any, Literal

import yaml
from jsonargparse import set_loader

from sdae.config.sections import merged
from sdae.config.yaml_files import parse_yaml, read_yaml
from sdae.errors import SdaeError

Kind = Literal["data", "method"]
PACKAGE = Path(__file__).parents[1]
MODE = "sdae"  # of a jsonargparse parser that knows short names; other parsers in the process stay as they are


def shipped(folder: str) -> Path:
    """Return the place of ``conf`` or ``sweeps``: within the installed package, or at the top of a checkout."""
    installed = PACKAGE / "share" / folder
    return installed if installed.is_dir() else PACKAGE.parents[1] / folder


def known(kind: Kind) -> list[str]:
    """Return the short names of a kind, ``data`` or ``method``."""
    return sorted(path.stem for path in (shipped("conf") / kind).glob("*.yaml"))


def file_of(kind: Kind, name: str) -> Path:
    """Return the file that a short name stands for, or the file itself where a path is given.

    Raises:
        SdaeError: If there is neither.
    """
    path = Path(name)
    if path.suffix in (".yaml", ".yml"):
        if not path.is_file():
            raise SdaeError(f"{kind} {name}: no such file")
        return path
    path = shipped("conf") / kind / f"{name}.yaml"
    if not path.is_file():
        raise SdaeError(f"{kind} {name}: unknown; choose one of {', '.join(known(kind))}, or a YAML file")
    return path


def is_class(value: str) -> bool:
    """Tell a class's name or path, ``Rect`` or ``my_package.Mine``, from a short name, which has neither."""
    return value[:1].isupper() or ("." in value and Path(value).suffix not in (".yaml", ".yml"))


def section(kind: Kind, name: str) -> dict[str, Any]:
    """Return what the file of a short name, or a YAML file, says.

    Raises:
        SdaeError: If there is no such file, it cannot be read, or holds no keys and values.
    """
    path = file_of(kind, name)
    content = read_yaml(path)
    if not isinstance(content, dict):
        raise SdaeError(f"{path}: holds no keys and values")
    return content


def expanded(content: Any) -> Any:
    """Put the files in the place of ``data: NAME`` and ``method: NAME``; what else is said comes on top of them.

    Raises:
        SdaeError: If a name is unknown.
    """
    if not isinstance(content, dict):
        return content
    content = dict(content)
    if isinstance(content.get("method"), str):
        content = merged(section("method", content.pop("method")), content)
    if isinstance(content.get("data"), str) and not is_class(content["data"]):
        content["data"] = section("data", content["data"])
    return content


def read_config(path: Path) -> dict[str, Any]:
    """Read a run's configuration, with its short names expanded.

    Raises:
        SdaeError: If it cannot be read, or holds no keys and values.
    """
    content = expanded(read_yaml(path))
    if not isinstance(content, dict):
        raise SdaeError(f"{path}: holds no keys and values")
    return content


def load_yaml(text: str, path: str = "") -> Any:
    """Load YAML text with its short names expanded; jsonargparse calls it for every value of a parser in this mode."""
    return expanded(parse_yaml(text, str(path or "")))


set_loader(MODE, load_yaml, exceptions=(yaml.YAMLError,))
