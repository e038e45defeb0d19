"""Short names for configuration files, on the command line, in Python and inside other files.

``rect`` stands for ``conf/data/rect.yaml``, and ``sdae-3`` for ``conf/method/sdae-3.yaml``; in a YAML file
``data: rect`` and ``method: sdae-3`` say the same. ``--config rect-sdae-3`` of ``fit`` stands for a file in
``conf/experiment/``, ``--config quick`` of ``sweep`` for one in ``sweeps/``.
"""

from pathlib import Path
from typing import Any, Literal

import yaml
from jsonargparse import set_loader

from sdae.config.sections import merged
from sdae.config.yaml_files import parse_yaml, read_mapping
from sdae.errors import SdaeError

Kind = Literal["data", "method", "experiment", "sweep"]
PARAMETER = {"data": "data", "method": "method", "experiment": "config", "sweep": "config"}  # that takes the name
PACKAGE = Path(__file__).parents[1]
CLASSES = {  # of the user's own data, and their first parameter, by the kind of file
    (".csv", ".tsv", ".parquet"): ("LocalTable", "path: {}, target: COLUMN"),
    (".npz",): ("LocalArrays", "path: {}"),
    (".npy",): ("LocalArrays", "path: [{}, CLASSES.npy]"),
}
MODE = "sdae"  # of a jsonargparse parser that knows short names; other parsers in the process stay as they are


def shipped(folder: str) -> Path:
    """Return the path of ``conf`` or ``sweeps``: within the installed package, or at the top of a checkout."""
    installed = PACKAGE / "share" / folder
    return installed if installed.is_dir() else PACKAGE.parents[1] / folder


def _folder(kind: Kind) -> Path:
    return shipped("sweeps") if kind == "sweep" else shipped("conf") / kind


def known(kind: Kind) -> list[str]:
    """Return the short names of a kind."""
    return sorted(path.stem for path in _folder(kind).glob("*.yaml"))


def file_of(kind: Kind, name: str) -> Path:
    """Return the file that a short name stands for, or the file itself if a path is given.

    Raises:
        SdaeError: If there is neither; for data of the user's own, says what the file of a problem holds.
    """
    path, parameter = Path(name), PARAMETER[kind]
    if kind == "data" and (lines := _lines_for(path)):
        raise SdaeError(f"data {name}: name a problem, or a YAML file with two lines, {lines} (docs/own-data.md)")
    if path.suffix in (".yaml", ".yml"):
        if not path.is_file():
            raise SdaeError(f"{parameter} {name}: no such file")
        return path
    if name not in known(kind):
        raise SdaeError(f"{parameter} {name}: unknown; choose one of {', '.join(known(kind))}, or a YAML file")
    return _folder(kind) / f"{name}.yaml"


def config_file(kind: Kind, name: str) -> Path:
    """Return the file of a whole configuration, with any name, or the one that a short name stands for.

    Raises:
        SdaeError: If there is neither.
    """
    return Path(name) if Path(name).is_file() else file_of(kind, name)


def _lines_for(path: Path) -> str | None:
    """Return the lines of a problem's file for a file or a folder of data, or None for anything else."""
    found = _class_for(path)
    if found is None and path.is_dir() and str(path) not in known("data"):
        found = ("ImageFolder", "path: {}")
    if found is None:
        return None
    name, parameters = found
    return f"class_path: sdae.data.{name} and init_args: {{{parameters.format(path)}}}"


def _class_for(path: Path) -> tuple[str, str] | None:
    return next((CLASSES[suffixes] for suffixes in CLASSES if path.suffix.lower() in suffixes), None)


def is_class(value: str) -> bool:
    """Return whether a value is a class's name or path, ``Rect`` or ``my_package.Mine``, not a short name or a file."""
    named = value[:1].isupper() or ("." in value and Path(value).suffix not in (".yaml", ".yml"))
    return named and "/" not in value and _class_for(Path(value)) is None


def section(kind: Kind, name: str) -> dict[str, Any]:
    """Return the content of a YAML file, or of the file of a short name.

    Raises:
        SdaeError: If there is no such file, it cannot be read, or holds no keys and values; or if it is a whole
            configuration instead of a problem, or has more than a method.
    """
    if kind == "data":
        content, others = problem_section(name)
        if others:
            raise SdaeError(f"{name}: is a whole configuration, with {others[0]} beside data; name it as config")
        return content
    content = read_mapping(file_of(kind, name))
    if kind == "method" and (found := next((key for key in ("data", "studies", "class_path") if key in content), None)):
        raise SdaeError(f"{name}: has {found}, which is no part of a method; leave it out")
    return content


def require_below(data: Any, where: str) -> None:
    """Refuse a section ``data`` with parameters beside its class, which stand below ``init_args``.

    Args:
        data: The section, or anything else.
        where: Its file, or its key, for the message.

    Raises:
        SdaeError: If it has some; names the first.
    """
    keys = data if isinstance(data, dict) and "class_path" in data else {}
    if misplaced := next((key for key in keys if key not in ("class_path", "init_args", "dict_kwargs")), None):
        raise SdaeError(f"{where}{misplaced}: belongs below init_args, not beside class_path")


def problem_section(name: str) -> tuple[dict[str, Any], list[str]]:
    """Return the content of a problem's file, or the section ``data`` of a whole configuration.

    Args:
        name: A short name, or a YAML file.

    Returns:
        The section ``data``, and the other keys of the file, which are left out.

    Raises:
        SdaeError: As :func:`section`.
    """
    content = read_mapping(file_of("data", name))
    for data in (content, content.get("data")):
        require_below(data, f"{name}: ")
    if "class_path" in content:
        return content, []
    if "data" not in content:
        raise SdaeError(f"{name}: names no problem: a class_path with its init_args, or both below data")
    data, others = content["data"], [key for key in content if key != "data"]
    if isinstance(data, str) and is_class(data):
        return {"class_path": data}, others
    if isinstance(data, str):
        data, named = read_mapping(file_of("data", data)), data
        require_below(data, f"{named}: ")
        if "data" in data:
            raise SdaeError(f"{name}: data {named}: is a whole configuration itself; name a problem's file")
        return data, others
    if not isinstance(data, dict):
        raise SdaeError(f"{name}: data: a short name, or a section of keys and values, not {data}")
    return data, others


def expanded(content: Any) -> Any:
    """Replace ``data: NAME`` and ``method: NAME`` with the content of their files; other keys override it.

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
    require_below(content.get("data"), "data.")
    return content


def read_config(path: Path) -> dict[str, Any]:
    """Read a run's configuration, with its short names expanded.

    Raises:
        SdaeError: If it cannot be read, or holds no keys and values.
    """
    content: dict[str, Any] = expanded(read_mapping(path))
    return content


def load_yaml(text: str, path: str = "") -> Any:
    """Load YAML text with its short names expanded; jsonargparse calls it for every value of a parser in this mode."""
    return expanded(parse_yaml(text, str(path or "")))


set_loader(MODE, load_yaml, exceptions=(yaml.YAMLError,))
