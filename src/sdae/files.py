"""Files: written atomically, text and JSON alike, and JSON read, and checked, with errors that name the file."""

import json
import os
import tempfile
from collections.abc import Callable, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from sdae.errors import SdaeError

PART = ".part"  # suffix of a file being written; a remaining one is of a killed process


def write_aside(path: Path, write: Callable[[str], object]) -> None:
    """Call ``write`` with a name beside ``path``, then rename: ``path`` is whole or not there at all.

    Raises:
        SdaeError: If it cannot be written; nothing is left behind.
    """
    try:
        handle, aside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=PART)
    except OSError as error:
        raise SdaeError(f"{path}: cannot be written ({error.strerror})") from None
    os.close(handle)
    try:
        write(aside)
        os.chmod(aside, 0o666 & ~_umask())
        os.replace(aside, path)
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or str(error).splitlines()[0]
        raise SdaeError(f"{path}: cannot be written ({reason})") from None
    finally:
        Path(aside).unlink(missing_ok=True)


def write_binary(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Write a binary file atomically: ``write`` is called with the open file.

    Raises:
        SdaeError: If it cannot be written.
    """

    def open_and_write(aside: str) -> None:
        with open(aside, "wb") as file:
            write(file)

    write_aside(path, open_and_write)


def write_text(path: Path, text: str) -> None:
    """Write a text file atomically, as UTF-8.

    Raises:
        SdaeError: If it cannot be written.
    """
    write_aside(path, lambda aside: Path(aside).write_text(text, encoding="utf-8"))


def write_json(path: Path, content: Any, default: Callable[[Any], Any] | None = None) -> None:
    """Write plain values as a JSON file, atomically.

    Args:
        path: The file.
        content: The values.
        default: Makes a plain value of any other; without it such a value is a TypeError.

    Raises:
        SdaeError: If it cannot be written, or a number is NaN or infinite, which JSON does not have.
    """
    try:
        text = json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False, default=default)
    except ValueError as error:
        raise SdaeError(f"{path}: cannot be written ({error})") from None
    write_text(path, text + "\n")


def make_folder(path: Path, hint: str = "") -> None:
    """Make a folder, and those that it lies in, where it is missing.

    Args:
        path: The folder.
        hint: What to do if it cannot be made.

    Raises:
        SdaeError: If it cannot be made.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SdaeError(f"{path}: cannot be written ({error.strerror}){hint}") from None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def remove_leftovers(folder: Path, name: str = "") -> None:
    """Remove unfinished files of killed processes in a folder, under this name; only for the holder of its lock."""
    for part in folder.glob(f".{name}*{PART}"):
        part.unlink(missing_ok=True)


def read_json(file: Path, hint: str = "", shape: Any = object) -> Any:
    """Return the content of a JSON file.

    Args:
        file: The file.
        hint: What to do if it cannot be read.
        shape: What it must hold, as :func:`require` takes it.

    Raises:
        SdaeError: If it is missing or damaged, or holds something else.
    """
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SdaeError(f"{file}: cannot be read ({error}){hint}") from None
    try:
        require(content, shape)
    except Misshapen as error:
        raise SdaeError(f"{file}: cannot be read ({error}){hint}") from None
    return content


def require_replaceable(file: Path, keys: Set[str]) -> None:
    """Refuse to write a JSON file over one of another kind.

    Args:
        file: The file to be written; need not exist.
        keys: Keys by which its own kind is recognised.

    Raises:
        SdaeError: If the file is there and is no JSON object with these keys.
    """
    if not file.exists():
        return
    try:
        content = read_json(file)
    except SdaeError:
        content = None
    if not isinstance(content, dict) or not keys <= content.keys():
        raise SdaeError(f"{file}: would be overwritten and holds something else; choose another name")


NUMBER = (int, float)


class Misshapen(SdaeError):
    """Plain values that are not what they should be; says which value."""


@dataclass(frozen=True)
class Maybe:
    """The shape of a value that may be null, and of a key that may be missing."""

    shape: Any


@dataclass(frozen=True)
class Each:
    """The shape of a mapping from any names to values of one shape."""

    shape: Any


def require(content: Any, shape: Any, place: str = "") -> None:
    """Check that plain values, of a JSON or YAML file, have the shape that they are to be read with.

    Args:
        content: The values.
        shape: A type, or several as a tuple; a mapping with the shape of each key, others being ignored; ``[shape]``
            for a list of any length; :class:`Maybe`; or :class:`Each`.
        place: Where they are in the file, as ``runs[0].seed``.

    Raises:
        Misshapen: If they have another.
    """
    if isinstance(shape, Maybe):
        if content is not None:
            require(content, shape.shape, place)
        return
    wanted: Any = dict if isinstance(shape, (dict, Each)) else list if isinstance(shape, list) else shape
    if not isinstance(content, wanted) or (isinstance(content, bool) and wanted in (int, NUMBER)):
        of = {dict: "a mapping", list: "a list", str: "a text", int: "a whole number", NUMBER: "a number"}
        raise Misshapen(f"{place or 'the whole'} is not {of.get(wanted, 'of the expected kind')}")
    if isinstance(shape, list):
        for i, each in enumerate(content):
            require(each, shape[0], f"{place}[{i}]")
    elif isinstance(shape, Each):
        for key, value in content.items():
            require(value, shape.shape, f"{place}.{key}".lstrip("."))
    elif isinstance(shape, dict):
        for key, of_key in shape.items():
            if key not in content and not isinstance(of_key, Maybe):
                raise Misshapen(f"{place}.{key} is missing".lstrip("."))
            require(content.get(key), of_key, f"{place}.{key}".lstrip("."))
