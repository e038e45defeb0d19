"""The program's name and option names as users see them."""

import sys
from collections.abc import Collection
from pathlib import Path

from sdae.cli.commands import COMMANDS

CHECKOUT = "python src/cli.py"  # as in files, in reports and in messages from below the command line


def program() -> str:
    """Return the program's name as it was called: ``python src/cli.py`` in a checkout, else ``sdae``."""
    called = Path(sys.argv[0])
    return f"python {called}" if called.name == "cli.py" else "sdae"


def as_flags(message: str, flags: Collection[str] = ("data", "method", "config", "output")) -> str:
    """Write the parameter at the start of a message as a flag of the command line."""
    name = message.partition(":")[0].partition(" ")[0]
    command = message.startswith(tuple(each for each in COMMANDS if " " in each))  # such as data list
    return f"--{message}" if name in flags and not command else message


def as_called(text: str) -> str:
    """Return a text with its commands as the user would type them."""
    return text.replace(CHECKOUT, program())
