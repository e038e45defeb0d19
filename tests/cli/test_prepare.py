"""``data prepare`` by several real processes at once, and by one that is killed."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from patience import PATIENT
from sdae.data import Convex, Rect, RectImg
from sdae.data.registry import Sizes

PROBLEMS = (Convex, Rect, RectImg)

# The real command, on problems of a few hundred examples.
PREPARE = """
import sys
from sdae.cli import main
from sdae.data import Convex, Rect, RectImg
from sdae.data.registry import Sizes
for problem in (Convex, Rect, RectImg):
    problem.sizes = Sizes(500, 100, 1500)
main(["data", "prepare", *sys.argv[1:], "--root", "data", "--source", "generated"])
"""

# As above, but it stops with half of a file written, and says so.
STOP_HALFWAY = """
import time
from sdae.data import cache
whole = cache._write
def half(path, arrays):
    whole(path, arrays)
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)
    print("half", flush=True)
    time.sleep(1000)
cache._write = half
"""

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Start:
    """Start ``data prepare NAME... --root data`` as a process of its own; problems have the same sizes in this one."""
    for problem in PROBLEMS:
        monkeypatch.setattr(problem, "sizes", Sizes(500, 100, 1500))

    def run(*names: str, before: str = "") -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-c", before + PREPARE, *names],
            cwd=tmp_path,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return run


def kept(folder: Path) -> dict[str, bytes]:
    """Return what a data folder holds, but for locks."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock"]
    return {path.name: path.read_bytes() for path in files}


def test_processes_at_once_make_each_problem_once_and_the_same(start: Start, tmp_path: Path) -> None:
    orders = (["rect", "convex", "rect-img"], ["rect-img", "rect"], ["convex", "rect"])
    for names, process in [(names, start(*names)) for names in orders]:
        said, wrong = process.communicate(timeout=PATIENT)
        assert process.returncode == 0, wrong
        assert said == "".join(f"{name}: generated\n" for name in names)
    for problem in PROBLEMS:
        problem(tmp_path / "alone", "generated").prepare_data()
    assert kept(tmp_path / "data") == kept(tmp_path / "alone")


def test_one_that_is_killed_leaves_nothing_in_the_way(start: Start, tmp_path: Path) -> None:
    killed = start("rect", before=STOP_HALFWAY)
    assert killed.stdout is not None
    assert killed.stdout.readline() == "half\n"
    waiting = start("rect")
    with pytest.raises(subprocess.TimeoutExpired):
        waiting.wait(timeout=1)
    assert [name.endswith(".part") for name in kept(tmp_path / "data")] == [True]
    killed.kill()
    killed.communicate()
    said, wrong = waiting.communicate(timeout=PATIENT)
    assert (waiting.returncode, said) == (0, "rect: generated\n"), wrong
    Rect(tmp_path / "alone", "generated").prepare_data()
    assert kept(tmp_path / "data") == kept(tmp_path / "alone")
