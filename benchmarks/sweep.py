"""What workers side by side bring, and what a study adds to a trial.

    python benchmarks/sweep.py                  # both; some twelve minutes on two quiet cores
    python benchmarks/sweep.py --only overhead

Workers: the same grid of eight equal trials (SDAE-1, 1,000 units, online) is searched by one worker of one thread, by
two of one thread each, and by one of two threads, in turn; what counts is trials an hour from the first one's beginning
to the last one's end, as the storage has them, without the five seconds in which a worker starts.

Overhead: trials of about a minute, tracked in W&B offline and reported to a study in SQLite, in turn with a plain `fit`
of the same settings in the same process, untracked, less its test, which a trial has not.
"""

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import torch
import yaml

from sdae.cli import main as cli
from sdae.cli.run_sweep import CLI
from sdae.evaluation.svm.workers import cores
from sdae.formatting import table
from sdae.runs.folder import RunFolder
from sdae.sweeps import fitting as trials
from sdae.sweeps.plan import plan
from sdae.sweeps.space import Space
from sdae.sweeps.stopping import Stop
from sdae.sweeps.storage import open_storage
from sdae.sweeps.studies import KeptSweep, find, set_up
from sdae.sweeps.sweep_file import Part, Sweep
from sdae.sweeps.worker import take
from sdae.tracking.metrics_file import read_metrics

ARRANGEMENTS = {"1 worker × 1 thread": (1, 1), "2 workers × 1 thread": (2, 1), "1 worker × 2 threads": (1, 2)}


def settings(epochs: int) -> dict[str, Any]:
    """Return what every trial has: as many epochs of fine-tuning, whatever comes of them."""
    return {
        "data": {"source": "generated"},
        "fine_tuning": {"max_epochs": epochs, "patience": epochs},
        "tracking": {"wandb": "offline"},
    }


def trials_an_hour(workers: int, threads: int, epochs: int) -> float:
    """Search the grid and return its speed."""
    file = {
        "sampler": "grid",
        "pruner": "none",
        "space": {"nHUnit": [1000], "lRate": [0.0025, 0.005], "lRateSup": [0.005, 0.01], "nEpoq": [epochs]},
        "settings": settings(epochs),
        "studies": [{"problems": ["rect"], "methods": ["sdae-1"], "space": {"ν": [0.1, 0.25]}}],
    }
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "eight.yaml").write_text(yaml.safe_dump(file, allow_unicode=True))
        environment = {**os.environ, "OMP_NUM_THREADS": str(threads)}
        command = [*CLI, "sweep", "--config=eight.yaml", f"--workers={workers}"]
        subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
        url = f"sqlite:///{folder}/runs/eight/study.db"
        _, [study] = find(open_storage(url, 60), None)
        done = study.trials()
        begun = min(trial.datetime_start for trial in done if trial.datetime_start)
        ended = max(trial.datetime_complete for trial in done if trial.datetime_complete)
    return 3600 * len(done) / (ended - begun).total_seconds()


def workers(rounds: int, epochs: int) -> None:
    """Compare the arrangements."""
    speed: dict[str, list[float]] = {name: [] for name in ARRANGEMENTS}
    for _ in range(rounds):
        for name, (number, threads) in ARRANGEMENTS.items():
            speed[name].append(trials_an_hour(number, threads, epochs))
            print(f"{name}: {speed[name][-1]:.0f} trials an hour", flush=True)
    two = speed["2 workers × 1 thread"]
    rows = []
    for name, target in (("1 worker × 1 thread", 1.8), ("1 worker × 2 threads", 1.0)):
        ratio = statistics.median(a / b for a, b in zip(two, speed[name], strict=True))
        hourly = [f"{statistics.median(values):.0f}" for values in (two, speed[name])]
        verdict = "met" if ratio >= target else "missed"
        rows.append([f"2 workers × 1 thread to {name}", *hourly, f"{ratio:.2f}", f"{target}", verdict])
    print("\n" + table(["trials an hour", "ours", "baseline", "ratio", "at least", ""], rows) + "\n")


def overhead(rounds: int, epochs: int) -> None:
    """Compare a study's trials with plain fits of the same settings."""
    space = Space(nHUnit=[1000], lRate=[0.0025], lRateSup=[0.005], nEpoq=[epochs], ν=[0.1])
    fits, taken = [], []
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        part = Part(["rect"], ["sdae-1"], space=space)
        sweep = Sweep([part], sampler="list", given=[{}] * (rounds + 1), settings=settings(epochs), cache=0)
        [asked] = plan(sweep, "overhead", trials.resolve, trials.folds)
        trials.prepare(asked.config)
        storage = open_storage(f"sqlite:///{folder}/study.db", 60, create=True)
        [study] = set_up(storage, [asked], KeptSweep("overhead", folder, 60, 1))
        for number in range(rounds + 1):
            config = asked.trial_config(asked.given[number], number)
            config["tracking"]["wandb"] = "off"
            Path("fit.yaml").write_text(yaml.safe_dump(config, allow_unicode=True))
            run = Path(folder) / f"fit{number}"
            start = time.perf_counter()
            cli(["fit", "--config=fit.yaml", f"--run={run}"])
            between = time.perf_counter()
            take(storage, study, Path(folder), trials.fit_trial, Stop())
            tested = next(value for key, _, value in read_metrics(RunFolder(run).metrics) if key == "test/seconds")
            fits.append(between - start - tested)
            taken.append(time.perf_counter() - between)
            print(f"fit {fits[-1]:.1f} s, trial {taken[-1]:.1f} s", flush=True)
    ratio = statistics.median(b / a for a, b in zip(fits[1:], taken[1:], strict=True))  # the first round warms up
    seconds = [f"{statistics.median(values[1:]):.1f} s" for values in (taken, fits)]
    row = [*seconds, f"{100 * (ratio - 1):+.1f} %", "3 %", "met" if ratio <= 1.03 else "missed"]
    print("\n" + table(["a trial", "a fit", "more", "at most", ""], [row]))


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=["workers", "overhead"])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=40, help="of pretraining and of fine-tuning, in a trial of eight")
    parser.add_argument("--minute", type=int, default=250, help="epochs of each in a trial of a minute")
    args = parser.parse_args()
    machine = platform.processor() or platform.machine()
    print(f"{machine}, {cores()} cores, torch {torch.__version__}, Python {sys.version.split()[0]}\n", flush=True)
    if args.only != "overhead":
        workers(args.rounds, args.epochs)
    if args.only != "workers":
        overhead(args.rounds, args.minute)


if __name__ == "__main__":
    main()
