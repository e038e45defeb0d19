"""Errors that the user can correct, with one-line messages."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import TypeVar

Name = TypeVar("Name", bound=str)
T = TypeVar("T")


class SdaeError(ValueError):
    """Input that cannot be used: names the file or the key, and what to do.

    The command line prints the message alone and exits with status 2; a traceback comes with ``--debug``.
    """


def one_of(names: Iterable[str]) -> str:
    """Return the text of several names, of which one is to be chosen."""
    *others, last = names
    return f"{', '.join(others)} or {last}"


def did_you_mean(name: str, among: Iterable[str]) -> str:
    """Return the end of a message about an unknown name: the name that is nearest to it, or nothing."""
    nearest = get_close_matches(name, among, n=1, cutoff=0.7)
    return f"; did you mean {nearest[0]}?" if nearest else ""


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


class Diverged(SdaeError):
    """Training that diverged: a loss is NaN or infinite or rises for epochs, or nearly all units became constant.

    The usual cause is a learning rate that is too large for this batch size.
    """
