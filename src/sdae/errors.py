"""Errors that the user can correct, with one-line messages."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import TypeVar

Name = TypeVar("Name", bound=str)
T = TypeVar("T")
MANY = 3  # suggestions at most


class SdaeError(ValueError):
    """Input that cannot be used: names the file or the key, and what to do.

    The command line prints the message alone and exits with status 2; a traceback comes with ``--debug``.
    """


def one_of(names: Iterable[str]) -> str:
    """Return the text of several names, of which one is to be chosen."""
    *others, last = names
    return f"{', '.join(others)} or {last}" if others else last


def did_you_mean(name: str, among: Iterable[str]) -> str:
    """Return the end of a message about an unknown name: the names that it may stand for, or nothing.

    A name may be misspelt, or lack its section, or words: ``epochs`` stands for ``pretraining.epochs`` and for
    ``fine_tuning.max_epochs``, ``lr`` for every learning rate, ``pretraining.lr`` for one.
    """
    written = {each.lstrip("-"): each for each in among}  # options are compared without their hyphens
    section, _, word = name.lstrip("-").rpartition(".")
    beside = [each for each in written if not section or each.rpartition(".")[0] == section]
    endings = {each: each.rpartition(".")[2] for each in beside}
    matches = (
        get_close_matches(name.lstrip("-"), written, n=1, cutoff=0.85)
        or [each for each, ending in endings.items() if _abbreviates(word, ending)]
        or get_close_matches(name.lstrip("-"), written, n=1, cutoff=0.7)
        or [each for each, end in endings.items() if end in get_close_matches(word, endings.values(), n=1, cutoff=0.7)]
    )
    return f"; did you mean {one_of([written[each] for each in matches[:MANY]])}?" if matches else ""


def _abbreviates(word: str, ending: str) -> bool:
    """Whether a word of two letters or more is a part of a name, or its initials."""
    parts, given = ending.split("_"), word.split("_")
    return len(word) > 1 and (set(given) <= set(parts) or (len(parts) > 1 and word == "".join(p[:1] for p in parts)))


def by_name(among: Mapping[Name, T], name: Name, key: str) -> T:
    """Return the object of a name, or refuse the name with those there are.

    Args:
        among: The objects by name.
        name: The name.
        key: The parameter that an error names.

    Raises:
        SdaeError: If nothing has this name.
    """
    if name not in among:
        raise SdaeError(f"{key}: {one_of(among)}, not {name!r}")
    return among[name]


class MissingData(SdaeError):
    """A file or folder of data that is not there, perhaps because it was moved."""


class Diverged(SdaeError):
    """Training that diverged: a loss is NaN or infinite or rises for epochs, or nearly all units became constant.

    The usual cause is a learning rate that is too large for this batch size.
    """
