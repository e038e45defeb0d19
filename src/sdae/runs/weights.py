"""A module's weights on disk: read as plain tensors only, and checked against the model."""

import pickle
from pathlib import Path
from typing import Any

import lightning
import torch
from lightning import LightningModule

from sdae.errors import SdaeError
from sdae.files import write_aside
from sdae.runs.folder import BEST, PRETRAINED

RESUMES = "or its weights were removed; fit with this run folder resumes an unfinished run"
MISSING = {  # by the name of a run's checkpoint, why it may not be there
    BEST: f": the run is not fine-tuned, {RESUMES}; weights pretrained are those before fine-tuning",
    PRETRAINED: f": the run is not pretrained to the end, {RESUMES}",
}


def save_weights(module: LightningModule, path: Path) -> None:
    """Write a checkpoint of weights and constructor arguments, one that ``load_from_checkpoint`` reads.

    Raises:
        SdaeError: If the folder cannot be written.
    """
    checkpoint = {
        "state_dict": module.state_dict(),
        # Without jsonargparse's notes on how it built the module.
        "hyper_parameters": {key: value for key, value in module.hparams.items() if not key.startswith("_")},
        "pytorch-lightning_version": lightning.__version__,
    }
    write_aside(path, lambda aside: torch.save(checkpoint, aside))


def load_weights(module: LightningModule, path: Path, hint: str = "") -> None:
    """Load a checkpoint's weights into a module, in place.

    Args:
        module: The module.
        path: The checkpoint, of a run, or the user's own.
        hint: What to do if it is damaged.

    Raises:
        SdaeError: If the file is missing, is not a checkpoint, or holds weights of another shape.
    """
    state = read_checkpoint(path, hint)["state_dict"]
    own = module.state_dict()
    for name in own.keys() | state.keys():
        ours, theirs = own.get(name), state.get(name)
        if ours is None or theirs is None:
            where = "the file" if ours is None else "the model"
            raise SdaeError(f"{path}: {name} is only in {where}: a checkpoint of another model; check model.n_layers")
        if ours.shape != theirs.shape:
            raise SdaeError(
                f"{path}: {name} is {_shape(theirs)} in the file and {_shape(ours)} in the model; "
                "check model.n_units and the problem"
            )
    module.load_state_dict(state)


def read_checkpoint(path: Path, hint: str = "") -> dict[str, Any]:
    """Read a checkpoint, plain tensors and values only.

    Args:
        path: The checkpoint.
        hint: What to do if it is damaged.

    Raises:
        SdaeError: If the file is missing, damaged, or no checkpoint.
    """
    if not path.is_file():
        raise SdaeError(f"{path}: no such checkpoint{MISSING.get(path.name, '')}")
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
    except (OSError, RuntimeError, pickle.UnpicklingError, KeyError, TypeError, EOFError, ValueError):
        content = None
    if not isinstance(content, dict) or "state_dict" not in content:
        raise SdaeError(f"{path}: is damaged, or not a checkpoint of this package{hint}")
    return content


def _shape(tensor: torch.Tensor) -> str:
    return " × ".join(map(str, tensor.shape))
