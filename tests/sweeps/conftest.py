"""Sweeps as real processes."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
import yaml

CLI = Path(__file__).parents[2] / "src" / "cli.py"
Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a sweep file."""

    def write(content: dict[str, Any], name: str = "small") -> Path:
        path = tmp_path / f"{name}.yaml"
        path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
        return path

    return write


@pytest.fixture
def start(environment: dict[str, str], tmp_path: Path) -> Iterator[Start]:
    """Start ``sdae sweep ...`` as a process of its own; none is left behind."""
    started: list[subprocess.Popen[str]] = []

    def start(*args: object, env: dict[str, str] | None = None) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, str(CLI), "sweep", *map(str, args)],
            cwd=tmp_path,
            env=environment | (env or {}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            for child in psutil.Process(process.pid).children(recursive=True):
                child.kill()
            process.kill()
        process.wait()
