"""Versions of the packages and the commit of this source, by which results can be reproduced."""

import platform
import subprocess
from functools import cache
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("sdae", "torch", "lightning", "torchmetrics", "numpy", "numba", "wandb")
SOURCE = Path(__file__).parents[1]  # of this package


def packages() -> dict[str, str]:
    """Return the versions of Python and of the packages that the numbers depend on."""
    return {"python": platform.python_version(), **{package: version(package) for package in PACKAGES}}


def versions() -> dict[str, str | None]:
    """Return the versions of :func:`packages`, and ``commit``, that of this source."""
    return {**packages(), "commit": commit()}


@cache
def commit() -> str | None:
    """Return the commit of this source, with a + if files have changed since; None outside a checkout of it."""

    def git(*args: str) -> str:
        return subprocess.run(["git", "-C", SOURCE, *args], check=True, capture_output=True, text=True).stdout.strip()

    try:
        if not git("ls-files", "--", "__init__.py"):
            return None  # installed below another project
        return git("rev-parse", "--short=12", "HEAD") + ("+" if git("status", "--porcelain", "--", ".") else "")
    except (OSError, subprocess.CalledProcessError):
        return None
