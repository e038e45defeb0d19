"""Home folders in arguments, and UTF-8 for input and output whatever the locale is."""

import re
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import Any

import jsonargparse._paths


def at_home(args: Sequence[str]) -> list[str]:
    """Expand ``~`` at the start of a value: a shell does this in ``--run ~/x`` but not in ``--run=~/x``."""
    return [re.sub(r"^(--[\w.]+=)?~(?=/|$)", lambda found: f"{found[1] or ''}{Path.home()}", arg) for arg in args]


def readable_everywhere() -> None:
    """Print a replacement for characters that the terminal's encoding lacks, and read configuration files as UTF-8."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    # jsonargparse opens files in the locale's encoding, without an option to change it.
    jsonargparse._paths.open = _open  # type: ignore[attr-defined]


def _open(file: Any, mode: str = "r") -> Any:
    return open(file, mode, encoding=None if "b" in mode else "utf-8")
