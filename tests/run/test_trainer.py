"""One run, one device, float32."""

import pytest
import torch

from sdae.errors import SdaeError
from sdae.run.trainer import OneDeviceTrainer


@pytest.mark.parametrize("devices", [0, 2, -1])
def test_other_than_one_device_is_refused_with_a_word_on_sweeps(devices):
    with pytest.raises(SdaeError, match="trainer.devices: .* sweep"):
        OneDeviceTrainer(devices=devices)


def test_without_a_gpu_none_is_promised(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert OneDeviceTrainer("auto").device == torch.device("cpu")
    with pytest.raises(SdaeError, match="trainer.accelerator: no usable GPU"):
        OneDeviceTrainer("gpu")


def test_float32_is_kept_unless_tf32_is_asked_for():
    before = torch.get_float32_matmul_precision()
    try:
        OneDeviceTrainer("cpu", tf32=True)
        assert torch.get_float32_matmul_precision() == "high"
        OneDeviceTrainer("cpu")
        assert torch.get_float32_matmul_precision() == "highest"
    finally:
        torch.set_float32_matmul_precision(before)


def test_a_stage_is_a_plain_trainer_on_the_same_device():
    owner = OneDeviceTrainer("cpu")
    stage = owner.stage(7, [], [])
    assert stage.max_epochs == 7
    assert (stage.num_devices, stage.precision, stage.strategy.root_device) == (1, "32-true", owner.device)
    assert stage.checkpoint_callbacks == []
    assert stage.progress_bar_callback is None
    assert stage.loggers == []
