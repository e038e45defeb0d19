"""One trial: a ``fit`` that stops before the test, watched by its study."""

import errno
import shutil
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import optuna
from lightning import Callback, LightningModule, Trainer
from optuna.exceptions import UpdateFinishedTrialError
from optuna.trial import TrialState

from sdae.errors import Diverged, SdaeError
from sdae.models.classifier import Classifier
from sdae.runs.folder import RunFolder
from sdae.runs.layer_cache import LayerCache
from sdae.runs.layer_store import LayerStore
from sdae.sweeps.plan import StudyPlan
from sdae.sweeps.stopping import GivenBack, Listen, Lost, Stop
from sdae.sweeps.storage import SharedStorage
from sdae.sweeps.studies import SAVED
from sdae.tracking.keys import FIT, VALID_ERROR, VALID_LOSS, in_stage
from sdae.tracking.metrics_file import read_metrics
from sdae.tracking.wandb_run import Untrackable
from sdae.training.checkpoints import ResumePoint

OWNERSHIP_CHECK = 15.0  # seconds between two checks that the trial has not been requeued by others
PARTIAL_EPOCH = 10.0  # seconds that a stopped worker allows for the current epoch
MINIMUM_FREE = 2**20 * 16  # minimum free bytes; a disk with less is full
CACHE = "cache"  # in the sweep's folder


class UnusableEnvironment(SdaeError):
    """A condition that would fail every other trial too: a full disk, unreadable data, no W&B. The worker stops."""


class Fit(Protocol):
    """Runs an experiment as ``fit`` does, in a run folder with a given configuration."""

    def __call__(
        self,
        folder: RunFolder,
        config: dict[str, Any],
        callbacks: Sequence[Callback] = (),
        test: bool = True,
        cache: LayerCache | None = None,
    ) -> dict[str, Any]:
        """Return the content of ``result.json``, also if it is not written.

        Raises:
            UnusableEnvironment: If the data are not available.
            Diverged: If training diverges: a loss is NaN or infinite or rises for epochs, or units become constant.
        """
        ...


class Watch(Listen):
    """Reports the validation curve of fine-tuning to the study, and ends the trial when it is pruned.

    It ends at the start of an epoch, when the metrics of the one before are on disk.

    Args:
        trial: The trial.
        storage: The study's storage.
        folder: The trial's run folder.
        stop: Whether the worker is to stop.
    """

    def __init__(self, trial: optuna.Trial, storage: SharedStorage, folder: RunFolder, stop: Stop) -> None:
        """Watch from now on."""
        super().__init__(stop)
        self.trial, self.storage, self.folder = trial, storage, folder
        self.reported = set(storage.get_trial(trial._trial_id).intermediate_values)  # before an interruption
        self.checked = time.monotonic()
        self.prune_reason: str | None = None

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Install the signal handler, and record the W&B run, which is open by now."""
        super().on_train_start(trainer, pl_module)
        self.note_wandb()

    def note_wandb(self) -> None:
        """Record the id of the W&B run."""
        if "wandb" not in self.trial.user_attrs and self.folder.wandb_id.is_file():
            self.trial.set_user_attr("wandb", self.folder.wandb_id.read_text(encoding="utf-8").strip())

    def on_train_epoch_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """End the trial, or let it continue."""
        self.check_ownership()
        if self.prune_reason is not None:
            self.trial.set_user_attr("reason", self.prune_reason)
            raise optuna.TrialPruned(self.prune_reason)

    def check_ownership(self) -> None:
        """Stop if the trial is to be requeued or was taken over."""
        if self.stop.requested:
            raise GivenBack
        if time.monotonic() - self.checked > OWNERSHIP_CHECK:
            self.checked = time.monotonic()
            if self.storage.get_trial(self.trial._trial_id).state is not TrialState.RUNNING:
                raise Lost

    def waiting(self, seconds: float) -> None:
        """Leave seconds of waiting for a layer that another worker trains out of the trial's, and stop if it is to."""
        self.storage.leave_out(self.trial._trial_id, seconds)
        self.check_ownership()

    def saved(self, layer: int, seconds: float) -> None:
        """Record the training time that the cache saved; once per layer, however often the trial is interrupted."""
        self.trial.set_user_attr(SAVED, {**self.trial.user_attrs.get(SAVED, {}), str(layer): seconds})

    def on_train_batch_end(self, trainer: Trainer, *args: Any) -> None:
        """Stop within an epoch that takes too long; training resumes from the last checkpoint."""
        if self.stop.waited() > PARTIAL_EPOCH:
            raise GivenBack

    def on_validation_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Report the validation error of an epoch of fine-tuning."""
        if not isinstance(pl_module, Classifier):
            return
        epoch = trainer.current_epoch + 1
        error = float(trainer.callback_metrics[VALID_ERROR])
        if epoch not in self.reported:
            self.trial.report(error, epoch)
            self.reported.add(epoch)
        if self.trial.should_prune():
            outcome = f"validation error {100 * error:.2f} % in epoch {epoch}"
            self.prune_reason = f"{outcome}: worse than the trials before it"

    def on_train_epoch_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Save the epoch if the worker is to stop."""
        if self.stop.requested:
            for callback in trainer.checkpoint_callbacks:
                if isinstance(callback, ResumePoint):
                    callback.hurry()


def run_trial(trial: optuna.Trial, plan: StudyPlan, storage: SharedStorage, root: Path, fit: Fit, stop: Stop) -> float:
    """Run a trial, or resume an interrupted one, and return its validation error, a fraction.

    Args:
        trial: The Optuna trial.
        plan: The study's plan.
        storage: The study's storage.
        root: The sweep's folder.
        fit: Runs an experiment.
        stop: Whether the worker is to stop.

    Raises:
        TrialPruned: If it diverged, or is worse than those before it; the reason is in the trial's attributes.
        GivenBack: If the worker is to stop.
        Lost: If other workers consider this one dead.
        UnusableEnvironment: If every other trial would fail here too.
    """
    params = {name: trial.suggest_categorical(name, values) for name, values in plan.axes.items()}
    folder = RunFolder(root / trial.user_attrs["folder"])
    config = plan.trial_config(params, trial.user_attrs["cell"])
    watch = Watch(trial, storage, folder, stop)
    cache = LayerCache(LayerStore(root / CACHE, plan.cache), watch.waiting, watch.saved) if plan.cache else None
    try:
        result = fit(folder, config, [watch], test=False, cache=cache)
        trial.set_user_attr(VALID_LOSS, _loss_at(folder, result["epochs"]["best"]))
    except Diverged as diverged:
        watch.note_wandb()  # no training if the cache already recorded the divergence
        trial.set_user_attr("reason", str(diverged))
        raise optuna.TrialPruned(str(diverged)) from None
    except (optuna.TrialPruned, UnusableEnvironment):
        raise
    except Untrackable as error:
        # The trial is requeued, so that tracking does not use up the budget.
        raise UnusableEnvironment(str(error)) from error
    except UpdateFinishedTrialError:
        raise Lost from None
    except KeyboardInterrupt:
        raise GivenBack from None
    except Exception as error:
        if full := no_room(error, root):
            raise full from error
        trial.set_user_attr("errors", [*trial.user_attrs.get("errors", []), f"{type(error).__name__}: {error}"])
        trial.set_user_attr("traceback", traceback.format_exc())
        raise
    for name in ("epochs", "seconds"):
        trial.set_user_attr(name, result[name])
    return result["valid_error"]


def _loss_at(folder: RunFolder, epoch: int) -> float:
    """Return the validation loss in the epoch of the lowest validation error.

    Raises:
        SdaeError: If the file of metrics lacks it.
    """
    for key, number, value in read_metrics(folder.metrics):
        if key == in_stage(FIT, VALID_LOSS) and number == epoch:
            return value
    raise SdaeError(f"{folder.metrics}: has no validation loss of epoch {epoch}, the best")


def no_room(error: BaseException | None, root: Path) -> UnusableEnvironment | None:
    """Return an error that names the disk if an error was caused by a full disk, else None."""
    full = shutil.disk_usage(root).free < MINIMUM_FREE
    while error is not None:
        full = full or (isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT))
        error = error.__cause__ or error.__context__
    return (
        UnusableEnvironment(f"{root}: no space left; free some, and run the same command to resume") if full else None
    )
