"""The reproduce command: planned, run once, killed and gone on with, refused in one line."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
import yaml

from sdae.report.studies import of_sweep

# A network of ten units in two epochs, where the command would take 1,000 and fifty.
TINY = """
from sdae.reproduce import known
cell = dict(nHUnit=10, lRate=0.05, nEpoq=EPOCHS, ν=0.1)
known.given = lambda problem, method, axes, fixed: [
    {name: value for name, value in {**cell, "lRateSup": rate}.items() if name in axes} for rate in (0.1, 0.05)
]
known.settings = lambda problem, method: {
    "data": {"source": "generated"}, "fine_tuning": {"max_epochs": EPOCHS}, "tracking": {"wandb": "off"}}
from sdae.reproduce import speed
speed.SECONDS = 0.01
import sys
from sdae.cli import main
main(sys.argv[1:])
"""


@pytest.fixture
def tiny(environment, tmp_path):
    """Start the command with tiny networks."""

    def start(*args, epochs=1):
        code = TINY.replace("EPOCHS", str(epochs))
        command = [sys.executable, "-c", code, "reproduce", *map(str, args), "--workers", "1"]
        return subprocess.Popen(
            command, cwd=tmp_path, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
        )

    return start


def ended(process):
    said, _ = process.communicate(timeout=300)
    assert process.returncode == 0, said
    return said


def stamps(folder: Path):
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*.json")}


@pytest.mark.slow
def test_what_is_missing_is_run_once(tiny, tmp_path):
    args = ("table3", "--problems", "rect", "--methods", "sae-3", "--budget", "10m")
    first = ended(tiny(*args))
    assert "there" not in first
    folder = tmp_path / "runs/reproduce-rect"
    [study] = of_sweep(folder)
    cells = [trial["params"] for trial in study["trials"]]
    assert [cell["lRateSup"] for cell in cells[:2]] == [0.1, 0.05]  # those that are known come first
    before = stamps(tmp_path / "runs")
    again = ended(tiny(*args))
    assert "nothing is missing" in again
    assert stamps(tmp_path / "runs") == before


@pytest.mark.slow
def test_killed_it_goes_on(tiny, tmp_path):
    args = ("table3", "--problems", "rect", "--methods", "sdae-3", "mlp-3", "--budget", "2m")
    folder = tmp_path / "runs/reproduce-rect"
    process = tiny(*args, epochs=3)
    end = time.monotonic() + 300
    while not list(folder.rglob("fine_tuned.json")):
        assert process.poll() is None
        assert time.monotonic() < end
        time.sleep(0.02)
    for child in psutil.Process(process.pid).children(recursive=True):
        child.kill()
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    planned = json.loads((tmp_path / "runs/reproduce-table3.json").read_text())
    finished = {path: path.stat().st_mtime_ns for path in folder.rglob("fine_tuned.json")}
    ended(tiny(*args, epochs=3))
    studies = {study["method"]: study for study in of_sweep(folder)}
    assert {f"rect/rect/{name.lower()}": len(study["trials"]) for name, study in studies.items()} == planned["trials"]
    assert all(study["result"]["run"] for study in studies.values())
    kept = [path for path, stamp in finished.items() if not path.exists() or path.stat().st_mtime_ns == stamp]
    assert len(kept) == len(finished)  # dropped with a beaten trial, or as it was: not trained again


def test_a_dry_run_writes_nothing(door, tmp_path, monkeypatch):
    monkeypatch.setattr("sdae.reproduce.speed.SECONDS", 0.01)
    answer = door(
        "reproduce", "table3", "--problems", "rect", "basic", "mnist", "--budget", "2h", "--dry_run", "--workers", "1"
    )
    assert answer.returncode == 0, answer.stderr
    assert "python src/cli.py sweep --config runs/reproduce-rect.yaml --folder runs/reproduce-rect" in answer.stdout
    assert "left out:" in answer.stdout
    assert "the whole, with 50 trials a study: about" in answer.stdout
    assert list(tmp_path.iterdir()) == []
    assert "about" in door("reproduce", "figure10", "--dry_run", "--workers", "1").stdout
    every = door("reproduce", "figure6", "--dry_run", "--workers", "1")
    assert every.returncode == 0, every.stderr
    assert (
        "filters --run runs/figure6-weight-decay runs/figure6-gaussian --n 49 --output runs/figure6.png" in every.stdout
    )


def test_without_workers_the_studies_wait_for_others(door, tmp_path, monkeypatch):
    monkeypatch.setattr("sdae.reproduce.speed.SECONDS", 0.01)
    monkeypatch.setattr("sdae.reproduce.known.settings", lambda problem, method: {"data": {"source": "generated"}})
    args = ("reproduce", "table3", "--problems", "rect", "--methods", "dbn-1", "svm", "--workers", "0", "--budget")
    answer = door(*args, "3m")
    assert answer.returncode == 0, answer.stderr
    assert "sweep --join --name reproduce-rect" in answer.stdout
    assert "the same command does the rest" in answer.stdout
    assert not (tmp_path / "runs/reproduce-rect-svm").exists()
    before = (tmp_path / "runs/reproduce-rect.yaml").read_text()
    more = door(*args, "1h")  # more trials, and nothing else
    assert more.returncode == 0, more.stderr
    after = (tmp_path / "runs/reproduce-rect.yaml").read_text()
    assert yaml.safe_load(after)["studies"][0]["trials"] > yaml.safe_load(before)["studies"][0]["trials"]
    [study] = of_sweep(tmp_path / "runs/reproduce-rect")
    assert study["result"] is None


def test_what_it_prints_can_be_typed(door, tmp_path, monkeypatch):
    monkeypatch.setattr("sdae.reproduce.speed.SECONDS", 0.01)
    answer = door("reproduce", "figure8", "--dry_run", "--workers", "1")
    fits = [line for line in answer.stdout.splitlines() if " fit " in line]
    assert len(fits) == 5
    for line in fits:
        asked = door(*line.split()[2:], "--print_config")
        assert asked.returncode == 0, asked.stderr


def test_strange_words_are_refused_in_one_line(refused):
    assert "no such target; choose one of table3" in refused("reproduce", "table9")
    assert "for two hours 2h" in refused("reproduce", "table3", "--budget", "2")
    assert "--problems nist: not of table3" in refused("reproduce", "table3", "--problems", "nist")
    assert "--workers" in refused("reproduce", "table3", "--workers", "-1")
