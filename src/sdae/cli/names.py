"""Short names for configuration files, on the command line and inside other files.

``--data rect`` stands for ``conf/data/rect.yaml`` and ``--method sdae-3`` for ``conf/method/sdae-3.yaml``; in a YAML
file ``data: rect`` and ``method: sdae-3`` say the same.
"""

from pathlib import Path
from typing import Any

import yaml
from jsonargparse import get_loader, set_loader

from sdae.errors import SdaeError

PACKAGE = Path(__file__).parents[1]
load_yaml = get_loader("yaml")  # jsonargparse's own, which reads 5e-3 as a number


def shipped(folder: str) -> Path:
    """Return the place of ``conf`` or ``sweeps``: within the installed package, or at the top of a checkout."""
    installed = PACKAGE / "share" / folder
    return installed if installed.is_dir() else PACKAGE.parents[1] / folder


def known(kind: str) -> list[str]:
    """Return the short names of a kind, ``data`` or ``method``."""
    return sorted(path.stem for path in (shipped("conf") / kind).glob("*.yaml"))


def file_of(kind: str, name: str) -> Path:
    """Return the file that a short name stands for, or the file itself where a path is given.

    Raises:
        SdaeError: If there is neither.
    """
    path = Path(name)
    if path.suffix in (".yaml", ".yml"):
        if not path.is_file():
            raise SdaeError(f"--{kind} {name}: no such file")
        return path
    path = shipped("conf") / kind / f"{name}.yaml"
    if not path.is_file():
        raise SdaeError(f"--{kind} {name}: unknown; choose one of {', '.join(known(kind))}, or a YAML file")
    return path


def expand(args: list[str]) -> list[str]:
    """Replace ``--data NAME`` and ``--method NAME`` by the files they stand for, and ``--overwrite`` by its value."""
    expanded: list[str] = []
    rest = iter(args)
    for arg in rest:
        if arg == "--overwrite":  # a flag, where jsonargparse wants a word
            arg = "--overwrite=true"
        option, equals, value = arg.partition("=")
        if option not in ("--data", "--method"):
            expanded.append(arg)
            continue
        value = value if equals else next(rest, "")
        target = "--config" if option == "--method" else "--data"
        if option == "--data" and _is_class(value):
            expanded.append(f"--data={value}")
        else:
            expanded.append(f"{target}={file_of(option[2:], value)}")
    return expanded


def _is_class(value: str) -> bool:
    """Tell a class's name or path, ``Rect`` or ``my_package.Mine``, from a short name, which has neither."""
    return value[:1].isupper() or ("." in value and Path(value).suffix not in (".yaml", ".yml"))


def load(text: str) -> Any:
    """Load YAML in which ``data: NAME`` and ``method: NAME`` stand for files; what else the text says comes on top."""
    content = load_yaml(text)
    if not isinstance(content, dict):
        return content
    if isinstance(content.get("method"), str):
        method = _load_file(file_of("method", content.pop("method")))
        content = _merge(method, content)
    if isinstance(content.get("data"), str) and not _is_class(content["data"]):
        content["data"] = _load_file(file_of("data", content["data"]))
    return content


def install_loader() -> None:
    """Teach jsonargparse the short names."""
    set_loader("yaml", load, exceptions=(yaml.YAMLError,))


def _load_file(path: Path) -> Any:
    return load_yaml(path.read_text(encoding="utf-8"))


def _merge(below: dict, above: dict) -> dict:
    merged = dict(below)
    for key, value in above.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = _merge(merged[key], value) if both else value
    return merged
