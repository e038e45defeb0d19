"""Reads a JSON file, or says in one line which one cannot be read."""

import json
from pathlib import Path
from typing import Any

from sdae.errors import SdaeError


def read_json(file: Path, mend: str = "") -> Any:
    """Return what a JSON file holds.

    Args:
        file: The file.
        mend: What the user is to do where it cannot be read.

    Raises:
        SdaeError: If it is missing or damaged.
    """
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SdaeError(f"{file}: cannot be read ({error}){mend}") from None
