"""Versions of the packages, the processor and the commit of this source, by which results can be reproduced."""

import platform
import re
import subprocess
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import torch

from sdae.files import Maybe, read_json, write_json

PACKAGES = ("sdae", "torch", "lightning", "torchmetrics", "numpy", "numba", "wandb")
SOURCE = Path(__file__).parents[1]  # of this package


def packages() -> dict[str, str | None]:
    """Return the versions of Python and of the packages that the numbers depend on; None if one is not installed."""
    return {"python": platform.python_version(), **{package: _installed(package) for package in PACKAGES}}


def _installed(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:  # such as numba, without which online learning runs in torch
        return None


def versions() -> dict[str, str | None]:
    """Return the versions of :func:`packages`, ``processor``, and ``commit``, that of this source."""
    return {**packages(), "processor": processor(), "commit": commit()}


def versions_of_run(file: Path) -> dict[str, str | None]:
    """Return :func:`versions` for a run that is started or resumed now.

    Its ``commit`` is every commit that has worked on the run, as ``abc, def``; None if one of them is unknown.

    Args:
        file: Keeps the commits, in the run folder.

    Raises:
        SdaeError: If the file is damaged, or cannot be written.
    """
    known = versions()
    kept = read_json(file, shape=[Maybe(str)]) if file.exists() else []
    commits = list(dict.fromkeys([*kept, known["commit"]]))
    if commits != kept:
        write_json(file, commits)
    return {**known, "commit": None if None in commits else ", ".join(commits)}


def versions_of_all(each: Sequence[Mapping[str, str | None]]) -> dict[str, str | None]:
    """Return the versions of what was made of several runs, such as folds: where they differ, all of them.

    Args:
        each: The versions of every run. ``commit`` is None, unknown, if it is so for one of them.
    """
    together: dict[str, str | None] = {}
    for name in dict.fromkeys(name for run in each for name in run):
        values = list(dict.fromkeys(run.get(name) for run in each))
        if name == "commit":
            commits = dict.fromkeys(commit for value in values if value is not None for commit in value.split(", "))
            together[name] = None if None in values else ", ".join(commits)
        else:
            together[name] = values[0] if len(values) == 1 else "; ".join(value or "none" for value in values)
    return together


def processor() -> str:
    """Return the processor's name, as far as the system reports it, and its vector instructions, such as AVX2.

    Libraries choose by them the order of summation, and with it the rounding.
    """
    try:
        found = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE)
    except OSError:
        found = None
    name = found.group(1) if found else platform.processor() or platform.machine()
    return f"{name}, {torch.backends.cpu.get_cpu_capability()}"


@cache
def commit() -> str | None:
    """Return the commit of this source, with a + if files have changed since; None outside a checkout of it.

    A process looks it up once, and must do so before it works: the code that it has loaded stays, while the checkout
    may change.
    """

    def git(*args: str) -> str:
        return subprocess.run(["git", "-C", SOURCE, *args], check=True, capture_output=True, text=True).stdout.strip()

    try:
        if not git("ls-files", "--", "__init__.py"):
            return None  # installed below another project
        return git("rev-parse", "--short=12", "HEAD") + ("+" if git("status", "--porcelain", "--", ".") else "")
    except (OSError, subprocess.CalledProcessError):
        return None
