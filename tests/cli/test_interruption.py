"""Exit statuses and last lines of real processes: terminated, piped into a reader that leaves, in any encoding."""

import os
import signal
import subprocess
import sys
import time

import pytest

from patience import PATIENT
from small_sweep import TINY

ASCII = {"PYTHONIOENCODING": "ascii"}
LOCALE = {"LC_ALL": "C", "PYTHONUTF8": "0"}  # a locale that is not UTF-8


@pytest.fixture
def start(environment, tmp_path):
    """Start a command as a process of its own."""
    started = []

    def run(*args, **more):
        command = [sys.executable, "-c", "from sdae.cli import main; main()", *map(str, args)]
        options = {"cwd": tmp_path, "env": environment, "stdin": subprocess.DEVNULL, "stderr": subprocess.PIPE}
        started.append(subprocess.Popen(command, text=True, **options | {"stdout": subprocess.PIPE} | more))
        return started[-1]

    yield run
    for process in started:
        process.kill()
        process.wait()


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 1)])
def test_a_fit_that_is_stopped_says_so_and_ends_with_the_signals_status(start, small, tmp_path, number, status):
    long = ("--pretraining.epochs", "2", "--fine_tuning.max_epochs", "1000000", "--fine_tuning.patience", "1000000")
    process = start(
        *("fit", *small, *long, "--run", "mine"),
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    metrics = tmp_path / "mine/metrics.csv"
    end = time.monotonic() + PATIENT
    while not (metrics.exists() and "fit/" in metrics.read_text()):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.05)
    process.send_signal(number)
    _, err = process.communicate(timeout=PATIENT)
    assert err.splitlines()[-1] == "interrupted; to resume: sdae fit --run mine"
    assert process.returncode == status
    assert not (tmp_path / "mine/result.json").exists()


@pytest.mark.parametrize("args", [("data", "list"), ("--help",)], ids=["data list", "--help"])
def test_a_closed_pipe_is_no_error(start, args):
    read, write = os.pipe()
    os.close(read)
    process = start(*args, stdout=write)
    os.close(write)
    _, err = process.communicate(timeout=PATIENT)
    assert (process.returncode, err) == (141, "")


@pytest.mark.parametrize("encoding", [ASCII, LOCALE], ids=["PYTHONIOENCODING=ascii", "a locale that is not UTF-8"])
def test_any_encoding_will_do(python, small, tmp_path, encoding):
    (tmp_path / "mine.yaml").write_text("# ν = 0.25\ntracking: {name: noise ν}\n", encoding="utf-8")
    short = ("--pretraining.epochs", "1", "--fine_tuning.max_epochs", "1", "--config", "mine.yaml")
    commands = ["fit", *small, *short, "--run", "mine"], ["test", "--run", "mine"]
    both = f"from sdae.cli import main\nfor words in {commands!a}: main(words)"  # in one process, which imports once
    answer = python("-c", both, cwd=tmp_path, env=encoding)
    assert answer.returncode == 0, answer.stderr
    assert "test error" in answer.stdout.splitlines()[-3]
    assert "noise ν" in (tmp_path / "mine/config.yaml").read_text(encoding="utf-8")
    assert (tmp_path / "mine/result.json").exists()


def test_a_sweep_file_is_read_as_utf8(sdae, sweep_file, tmp_path):
    answer = sdae("sweep", "--config", sweep_file(TINY), "--workers", "0", cwd=tmp_path, env=LOCALE)
    assert answer.returncode == 0, answer.stderr


def test_a_home_folder_is_found_behind_an_equals_sign(door, small, monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    short = ("--pretraining.epochs", "1", "--fine_tuning.max_epochs", "1")
    assert door("fit", *small, *short, "--run=~/mine").returncode == 0
    assert (tmp_path / "home/mine/result.json").exists()
    assert not (tmp_path / "~").exists()
    assert door("test", "--run=~/mine").returncode == 0


@pytest.mark.parametrize(
    ("command", "said"),
    [("filters", "interrupted"), ("sweep", "interrupted; the same command resumes it")],
)
def test_only_what_can_be_resumed_is_said_to_be(door, monkeypatch, command, said):
    def interrupted() -> None:
        """Stop at once."""
        raise KeyboardInterrupt

    monkeypatch.setattr(f"sdae.cli.{command}.{command}", interrupted)
    answer = door(command)
    assert (answer.returncode, answer.stderr.splitlines()) == (1, [said])
