"""How many workers a machine, or a container, has room for, and what their processes keep and leave alone."""

import multiprocessing
import os
import time
from contextlib import closing

import psutil
import pytest

from sdae.evaluation.svm.workers import Workers, cores


@pytest.mark.parametrize(("quota", "number"), [("100000 100000", 1), ("150000 100000", 2), ("50000 100000", 1)])
def test_a_containers_quota_is_kept(tmp_path, monkeypatch, quota, number):
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: set(range(8)))
    (tmp_path / "cpu.max").write_text(f"{quota}\n")
    assert cores(tmp_path / "cpu.max") == number


@pytest.mark.parametrize("quota", ["max 100000", "", None])
def test_without_a_quota_it_is_the_cores_that_the_process_is_bound_to(tmp_path, monkeypatch, quota):
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {1, 3, 5})
    if quota is not None:
        (tmp_path / "cpu.max").write_text(quota)
    assert cores(tmp_path / "cpu.max") == 3


def counted(calls: list[int], number: int) -> tuple[int, int]:
    calls.append(number)
    return os.getpid(), len(calls)


@pytest.mark.parametrize("n", [1, 2])
def test_a_process_keeps_its_own_from_call_to_call(n):
    with closing(Workers(n, list)) as workers:
        found = [*workers.map(counted, [(0,)] * 3), *workers.map(counted, [(0,)] * 3)]
    assert len(found) == 6
    for process in {process for process, _ in found}:
        counts = sorted(count for other, count in found if other == process)
        assert counts == list(range(1, len(counts) + 1))
    assert (os.getpid() in dict(found)) == (n == 1)


def test_only_the_processes_of_the_pool_are_ended():
    bystander = multiprocessing.get_context("spawn").Process(target=time.sleep, args=(300,))
    bystander.start()
    try:
        with closing(Workers(2, list)) as workers:
            ours = [psutil.Process(process) for process, _ in workers.map(counted, [(0,)] * 2)]
        gone, alive = psutil.wait_procs(ours, 60)
        assert gone and not alive
        bystander.join(1)
        assert bystander.is_alive()
        workers.close()  # again, to no effect
    finally:
        bystander.terminate()
        bystander.join()
