"""Worker processes on this machine, each with its GPU or its share of the cores."""

import os
import subprocess
import time
from collections.abc import Mapping, Sequence

import torch

from sdae.sweeps.stopping import Stop


def gpus(environment: Mapping[str, str] = os.environ) -> list[str]:
    """Return the names of the GPUs that may be used: those of ``CUDA_VISIBLE_DEVICES``, or all."""
    visible = environment.get("CUDA_VISIBLE_DEVICES")
    if visible is not None:
        return [name.strip() for name in visible.split(",") if name.strip()] if torch.cuda.is_available() else []
    return [str(i) for i in range(torch.cuda.device_count())]


def environments(
    workers: int | None, workers_per_gpu: int, devices: Sequence[str], n_cores: int
) -> list[dict[str, str]]:
    """Return the additional environment variables per worker: its GPU, and its number of threads.

    Args:
        workers: Number of workers; default: ``workers_per_gpu`` on every GPU, or without a GPU one per core.
        workers_per_gpu: Number of workers per GPU.
        devices: The GPUs' names.
        n_cores: Number of cores, divided among the workers; each has at least one thread.
    """
    number = workers or (len(devices) * workers_per_gpu if devices else n_cores)
    threads = {"OMP_NUM_THREADS": str(max(1, n_cores // number))}
    return [threads | ({"CUDA_VISIBLE_DEVICES": devices[i % len(devices)]} if devices else {}) for i in range(number)]


def launch(command: Sequence[str], environments: Sequence[Mapping[str, str]], storage: str, stop: Stop) -> int:
    """Start workers, pass on a signal to stop, and wait for all of them.

    Args:
        command: That of one worker.
        environments: Additional environment variables per worker.
        storage: The storage's URL; passed by the environment, as command lines are public and a URL may have a
            password.
        stop: Whether to stop.

    Returns:
        Number of workers that ended with an error or were killed.
    """
    inherited = {**os.environ, "SDAE_STORAGE": storage}
    workers = [
        subprocess.Popen(command, env={**inherited, **additional}, stdin=subprocess.DEVNULL)
        for additional in environments
    ]
    stopping = False
    while any(worker.poll() is None for worker in workers):
        if stop.requested and not stopping:
            stopping = True
            for worker in workers:
                if worker.poll() is None:
                    worker.terminate()
        time.sleep(0.2)
    return sum(worker.returncode != 0 for worker in workers)
