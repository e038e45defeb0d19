"""One run is one process on one device in float32; parallelism in this package is trials."""

import logging
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Literal

import torch
from lightning import Callback, Trainer
from lightning.pytorch.callbacks import Checkpoint, ProgressBar
from lightning.pytorch.loggers import Logger
from lightning.pytorch.plugins.environments import LightningEnvironment

from sdae.errors import SdaeError
from sdae.loggers import warnings_only

SILENT = (
    ".*does not have many workers.*",  # the data are resident
    ".*The number of training batches .* is smaller than the logging interval.*",  # an epoch is a few blocks
    ".*You defined a `validation_step` but have no `val_dataloader`.*",  # features may be learnt from all examples
    ".*Checkpoint directory .* exists and is not empty.*",
    ".*The `srun` command is available.*",  # a run is one process
    ".*`isinstance\\(treespec, LeafSpec\\)` is deprecated.*",
)


class OneDeviceTrainer(Trainer):
    """A Lightning Trainer for one device, and the maker of the trainers of a run's stages.

    Args:
        accelerator: cpu, gpu, or auto: the GPU if there is one.
        devices: 1. More is refused: run several trials side by side with ``sweep`` instead.
        tf32: Whether a GPU may round the inputs of matrix products to TF32. Faster, and not float32 any more.
        progress: Whether to draw a progress bar for each stage.

    Raises:
        SdaeError: If ``devices`` is not 1, or a GPU is requested and there is none.
    """

    def __init__(
        self,
        accelerator: Literal["auto", "cpu", "gpu"] = "auto",
        devices: int = 1,
        tf32: bool = False,
        progress: bool = True,
    ) -> None:
        if devices != 1:
            raise SdaeError(
                f"trainer.devices: one run uses one device, not {devices}; "
                "to use several, run trials side by side with sweep"
            )
        self.accelerator_name, self.tf32, self.progress = chosen(accelerator), tf32, progress
        with _quiet():
            super().__init__(**self._options(), logger=False, enable_checkpointing=False, enable_progress_bar=False)

    @property
    def device(self) -> torch.device:
        """The device everything is trained on."""
        return self.strategy.root_device

    @contextmanager
    def process_settings(self) -> Iterator[None]:
        """Set precision and silence for the whole process, while the context is open."""
        before = torch.get_float32_matmul_precision()
        torch.set_float32_matmul_precision("high" if self.tf32 else "highest")
        try:
            with _quiet():
                yield
        finally:
            torch.set_float32_matmul_precision(before)

    def stage(self, epochs: int, callbacks: Sequence[Callback], loggers: Sequence[Logger]) -> Trainer:
        """Return a plain Trainer for one stage of the run, on the same device.

        Args:
            epochs: Maximum number of epochs.
            callbacks: Callbacks of the stage.
            loggers: Loggers of its metrics.
        """
        return Trainer(
            **self._options(),
            max_epochs=epochs,
            callbacks=list(callbacks),
            logger=list(loggers),
            enable_checkpointing=any(isinstance(callback, Checkpoint) for callback in callbacks),
            enable_progress_bar=any(isinstance(callback, ProgressBar) for callback in callbacks),
        )

    def _options(self) -> dict:
        return {
            "accelerator": self.accelerator_name,
            "devices": 1,
            "precision": "32-true",
            "enable_model_summary": False,
            "num_sanity_val_steps": 0,
            "plugins": [_alone()],
        }


def chosen(accelerator: Literal["auto", "cpu", "gpu"]) -> Literal["cpu", "gpu"]:
    """Return the device for auto here: the GPU if there is one.

    Raises:
        SdaeError: If a GPU is requested and there is none.
    """
    if accelerator == "auto":
        return "gpu" if torch.cuda.is_available() else "cpu"
    if accelerator == "gpu" and not torch.cuda.is_available():
        raise SdaeError("trainer.accelerator: no usable GPU here; use cpu, or auto")
    return accelerator


def _alone() -> LightningEnvironment:
    """Let Lightning treat this process as the only one.

    Where a variable of Slurm's is set, in any job's shell, it would take the job's tasks for parts of one training, log
    nothing in all but the first of them, and requeue the job at signals of its own choice.
    """
    alone = LightningEnvironment()
    alone.set_global_rank(0)
    return alone


@contextmanager
def _quiet() -> Iterator[None]:
    """Silence Lightning's messages about each stage's Trainer and about what is intended here."""
    with warnings_only(logging.getLogger("lightning.pytorch")), warnings.catch_warnings():
        for message in SILENT:
            warnings.filterwarnings("ignore", message)
        yield
