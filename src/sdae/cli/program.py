"""What the program, and a parameter of it, is called by its user."""

import sys
from collections.abc import Collection
from pathlib import Path

from sdae.cli.commands import COMMANDS

CHECKOUT = "python src/cli.py"  # as files, reports and messages below the command line spell it


def program() -> str:
    """Return how the program was called: ``python src/cli.py`` in a checkout, else ``sdae``."""
    called = Path(sys.argv[0])
    return f"python {called}" if called.name == "cli.py" else "sdae"


def as_flags(message: str, flags: Collection[str] = ("data", "method", "config")) -> str:
    """Write the parameter that a message begins with as the flag that it is on the command line."""
    name = message.partition(":")[0].partition(" ")[0]
    command = message.startswith(tuple(each for each in COMMANDS if " " in each))  # data list and its like
    return f"--{message}" if name in flags and not command else message


def as_called(text: str) -> str:
    """Return a text with commands in it, as the user would type them."""
    return text.replace(CHECKOUT, program())
