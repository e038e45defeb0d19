"""The program's name and option names as users see them."""

import re
import sys
from collections.abc import Collection
from pathlib import Path

from sdae.cli.commands import COMMANDS
from sdae.config.typed import plain
from sdae.errors import did_you_mean
from sdae.formatting import CHECKOUT


def program() -> str:
    """Return the program's name as it was called: ``python src/cli.py`` in a checkout, else ``sdae``."""
    called = Path(sys.argv[0])
    return f"python {called}" if called.name == "cli.py" else "sdae"


def as_flags(message: str, flags: Collection[str] = ("data", "method", "config", "output")) -> str:
    """Write the parameter at the start of a message as a flag of the command line."""
    name = message.partition(":")[0].partition(" ")[0]
    command = message.startswith(tuple(each for each in COMMANDS if " " in each))  # such as data list
    return f"--{message}" if name in flags and not command else message


def plain_option(text: str, flags: Collection[str]) -> str:
    """Return a parser's message about the command line in plain words, with the flag most like an unknown one."""
    if unknown := re.search(r"unrecognized arguments: ([^\s=]+)", text):
        word = unknown.group(1)
        if not word.startswith("-"):
            return f"{word}: not expected here; options begin with --"
        return f"{word}: no such option{did_you_mean(word, [f'--{flag}' for flag in flags])}"
    if missing := re.search(r"required: (\S+)$", text):
        return f"{missing.group(1).rpartition('.')[2]}: is missing"
    return plain(text, flags) if re.search("Parser key|does not accept option", text) else text


def as_called(text: str) -> str:
    """Return a text with its commands as the user would type them."""
    return text.replace(CHECKOUT, program())
