"""One run, one process, one device, float32."""

import json
import logging
import warnings

import pytest
import torch

from sdae.errors import SdaeError
from sdae.training.trainer import OneDeviceTrainer


@pytest.mark.parametrize("devices", [0, 2, -1])
def test_other_than_one_device_is_refused_with_a_word_on_sweeps(devices):
    with pytest.raises(SdaeError, match="trainer.devices: .* sweep"):
        OneDeviceTrainer(devices=devices)


def test_without_a_gpu_none_is_promised(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert OneDeviceTrainer("auto").device == torch.device("cpu")
    with pytest.raises(SdaeError, match="trainer.accelerator: no usable GPU"):
        OneDeviceTrainer("gpu")


def test_float32_is_kept_unless_tf32_is_asked_for_and_the_process_keeps_its_own():
    before = torch.get_float32_matmul_precision()
    try:
        torch.set_float32_matmul_precision("medium")
        with OneDeviceTrainer("cpu", tf32=True).process_settings():
            assert torch.get_float32_matmul_precision() == "high"
        with OneDeviceTrainer("cpu").process_settings():
            assert torch.get_float32_matmul_precision() == "highest"
        assert torch.get_float32_matmul_precision() == "medium"
    finally:
        torch.set_float32_matmul_precision(before)


def test_what_is_silenced_is_silenced_for_training_alone():
    logger = logging.getLogger("lightning.pytorch")
    filters, level = list(warnings.filters), logger.level
    with OneDeviceTrainer("cpu").process_settings():
        assert len(warnings.filters) > len(filters)
        assert logger.level == logging.WARNING
    assert list(warnings.filters) == filters
    assert logger.level == level


def test_a_stage_is_a_plain_trainer_on_the_same_device():
    owner = OneDeviceTrainer("cpu")
    stage = owner.stage(7, [], [])
    assert stage.max_epochs == 7
    assert (stage.num_devices, stage.precision, stage.strategy.root_device) == (1, "32-true", owner.device)
    assert stage.checkpoint_callbacks == []
    assert stage.progress_bar_callback is None
    assert stage.loggers == []


def test_a_task_of_a_slurm_job_is_a_run_of_its_own(sdae, small, fitted, tmp_path):
    """The second of two tasks: Lightning would refuse it for one device, or log nothing in it."""
    job = {"SLURM_JOB_ID": "7", "SLURM_JOB_NAME": "sdae", "SLURM_NTASKS": "2", "SLURM_NTASKS_PER_NODE": "2"}
    task = {"SLURM_PROCID": "1", "SLURM_LOCALID": "1", "SLURM_NODEID": "0", "SLURM_JOB_NODELIST": "node"}
    args = (*small[:-2], "--tracking.wandb", "offline", "--run", "mine")
    answer = sdae("fit", *args, cwd=tmp_path, env=job | task)
    assert answer.returncode == 0, answer.stderr
    result = json.loads((tmp_path / "mine/result.json").read_text())
    timed = {"seconds"}
    assert {k: v for k, v in result.items() if k not in timed} == {
        k: v for k, v in fitted.result.items() if k not in timed
    }
    [told] = (tmp_path / "mine").glob("wandb/offline-run-*/*.wandb")
    assert told.read_bytes().count(b"fit/valid_error") >= result["epochs"]["fine_tuning"]
