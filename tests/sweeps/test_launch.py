"""How GPUs and cores are shared out among workers."""

import pytest
import torch

from sdae.sweeps.launch import environments, gpus


@pytest.mark.parametrize(
    ("workers", "per_gpu", "devices", "cores", "shared"),
    [
        (None, 1, [], 3, [{"OMP_NUM_THREADS": "1"}] * 3),
        (2, 1, [], 5, [{"OMP_NUM_THREADS": "2"}] * 2),
        (4, 1, [], 2, [{"OMP_NUM_THREADS": "1"}] * 4),
        (None, 2, ["0"], 4, [{"OMP_NUM_THREADS": "2", "CUDA_VISIBLE_DEVICES": "0"}] * 2),
    ],
)
def test_workers_share_what_there_is(workers, per_gpu, devices, cores, shared):
    assert environments(workers, per_gpu, devices, cores) == shared


def test_gpus_take_turns():
    each = environments(3, 1, ["a", "b"], 3)
    assert [one["CUDA_VISIBLE_DEVICES"] for one in each] == ["a", "b", "a"]


def test_visible_devices_are_those_of_the_environment(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 3)
    assert gpus({"CUDA_VISIBLE_DEVICES": "1, GPU-7"}) == ["1", "GPU-7"]
    assert gpus({"CUDA_VISIBLE_DEVICES": ""}) == []
    assert gpus({}) == ["0", "1", "2"]
