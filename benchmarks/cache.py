"""What sharing layers saves: a grid of lRateSup × nHLay by the `sweep` command, with its cache and without, in turn.

    python benchmarks/cache.py

18 trials: six learning rates of fine-tuning, for 1, 2 and 3 hidden layers. Of the 36 layers that they pretrain without
the cache, 33 are found in it. How much time that is depends on how long is fine-tuned, which is not shared: every trial
has as many epochs of it as is said here, and is neither pruned nor stopped early.
"""

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import torch
import yaml

from sdae.formatting import duration, table

COMMAND = (sys.executable, "-W", "ignore", "-c", "from sdae.cli import main; main()", "sweep")
TIMES = ("seconds", "saved")


def sweep(gigabytes: float, units: int, pretraining: int, fine_tuning: int) -> dict[str, Any]:
    """Return the sweep file's content: the whole of `rect`, 1,000 training and 200 validation examples."""
    return {
        "sampler": "grid",
        "pruner": "none",
        "cache": gigabytes,
        "space": {"nHLay": [1, 2, 3], "nHUnit": [units], "lRate": [0.0025], "nEpoq": [pretraining], "ν": [0.1]},
        "settings": {
            "data": {"source": "generated"},
            "fine_tuning": {"max_epochs": fine_tuning, "patience": fine_tuning},
            "tracking": {"wandb": "off"},
        },
        "studies": [{"problems": ["rect"], "methods": ["sdae-3"]}],
    }


def timed(gigabytes: float, args: argparse.Namespace) -> tuple[float, float, list[dict[str, Any]]]:
    """Run the grid with one thread a worker, and return seconds on the clock, of the processor, and its results.

    The start counts. On a machine that others share, the processor's seconds are the ones to go by.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "grid.yaml"
        content = sweep(gigabytes, args.units, args.pretraining, args.fine_tuning)
        file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
        command = [*COMMAND, f"--config={file}", f"--folder={folder}/runs", f"--workers={args.workers}"]
        start, used = time.perf_counter(), processor_seconds()
        subprocess.run(command, check=True, capture_output=True, env={**os.environ, "OMP_NUM_THREADS": "1"})
        seconds, busy = time.perf_counter() - start, processor_seconds() - used
        return seconds, busy, json.loads((Path(folder) / "runs/results.json").read_text(encoding="utf-8"))


def processor_seconds() -> float:
    """Return what processes that we started have used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def plain(results: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return results without their times."""
    return [{key: value for key, value in row.items() if key not in TIMES} for row in results]


def main() -> None:
    """Print a row a round, and the medians."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--units", type=int, default=250, help="of every hidden layer")
    parser.add_argument("--pretraining", type=int, default=100, help="epochs of every layer")
    parser.add_argument("--fine_tuning", type=int, default=30, help="epochs of every trial")
    args = parser.parse_args()
    processor = platform.processor() or platform.machine()
    print(f"{processor}, {os.cpu_count()} cores, {args.workers} workers of one thread, torch {torch.__version__}")
    print(f"{args.units} units, {args.pretraining} epochs of pretraining a layer, {args.fine_tuning} of fine-tuning")
    rows, clock, processor_time = [], [], []
    for number in range(args.rounds):
        *without, alone = timed(0, args)
        *with_it, shared = timed(1, args)
        assert plain(alone) == plain(shared), "the cache has changed a result"
        clock.append(without[0] / with_it[0])
        processor_time.append(without[1] / with_it[1])
        saved = shared[0]["saved"]
        row = [str(number + 1), duration(without[0]), duration(with_it[0]), f"{clock[-1]:.2f}"]
        row += [f"{processor_time[-1]:.2f}", f"{saved['layers']} layers, {duration(saved['seconds'])}"]
        rows.append(row)
        print("  ".join(row), file=sys.stderr, flush=True)
    medians = [f"{statistics.median(ratios):.2f}" for ratios in (clock, processor_time)]
    rows.append(["median", "", "", *medians, "target: at least 3"])
    print(table(["round", "without", "with", "ratio", "of processor time", "saved"], rows))


if __name__ == "__main__":
    main()
