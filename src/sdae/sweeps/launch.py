"""Workers on this machine: processes of their own, each with its GPU or its share of the cores."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch

from sdae.sweeps.stopping import Stop

CLI = (sys.executable, "-c", "from sdae.cli import main; main()")

FROM_ENVIRONMENT = "$SDAE_STORAGE"  # as a storage: the URL that the environment has, whatever lies in the folder


def gpus(environment: Mapping[str, str] = os.environ) -> list[str]:
    """Return the names of the GPUs there are for us: those of ``CUDA_VISIBLE_DEVICES``, or all."""
    visible = environment.get("CUDA_VISIBLE_DEVICES")
    if visible is not None:
        return [name.strip() for name in visible.split(",") if name.strip()] if torch.cuda.is_available() else []
    return [str(i) for i in range(torch.cuda.device_count())]


def environments(
    workers: int | None, workers_per_gpu: int, devices: Sequence[str], n_cores: int
) -> list[dict[str, str]]:
    """Return what each worker has in its environment beside ours: its GPU, and its threads.

    Args:
        workers: How many; default: ``workers_per_gpu`` on every GPU, or without a GPU one per core.
        workers_per_gpu: How many share a GPU.
        devices: The GPUs' names.
        n_cores: To be shared out; no worker has less than one thread.
    """
    number = workers or (len(devices) * workers_per_gpu if devices else n_cores)
    threads = {"OMP_NUM_THREADS": str(max(1, n_cores // number))}
    return [threads | ({"CUDA_VISIBLE_DEVICES": devices[i % len(devices)]} if devices else {}) for i in range(number)]


def launch(each: Sequence[Mapping[str, str]], name: str, storage: str, folder: Path, stop: Stop) -> int:
    """Start workers, pass on a signal to stop, and wait for all of them.

    Args:
        each: What each has in its environment.
        name: The sweep's.
        storage: Its URL; in the environment, because a command line is for all to read, and a URL may have a password.
        folder: The sweep's.
        stop: Whether to stop.

    Returns:
        How many ended with an error, or were killed.
    """
    command = [*CLI, "sweep", "--join=true", f"--name={name}", f"--folder={folder}", "--workers=1"]
    command.append(f"--storage={FROM_ENVIRONMENT}")
    ours = {**os.environ, "SDAE_STORAGE": storage}
    workers = [subprocess.Popen(command, env={**ours, **own}, stdin=subprocess.DEVNULL) for own in each]
    stopping = False
    while any(worker.poll() is None for worker in workers):
        if stop.requested and not stopping:
            stopping = True
            for worker in workers:
                if worker.poll() is None:
                    worker.terminate()
        time.sleep(0.2)
    return sum(worker.returncode != 0 for worker in workers)
