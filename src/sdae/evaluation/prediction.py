"""What a trained stack says of examples: class probabilities, or the representation at a layer."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from sdae.data.minibatches import BLOCK_ROWS
from sdae.errors import SdaeError
from sdae.files import write_aside
from sdae.models.classifier import Classifier


def predict(classifier: Classifier, x: Tensor, layer: int | None = None) -> np.ndarray:
    """Return p(t|x) for examples (n, d): (n, m); or with a layer its representation: (n, d').

    Args:
        classifier: The network.
        x: Examples, on any device.
        layer: Hidden layer counted from 1, 0 for the input itself, or None for the probabilities.

    Raises:
        SdaeError: If there is no such layer.
    """

    def values(block: Tensor) -> Tensor:
        block = block.to(classifier.device)
        return classifier(block).softmax(1) if layer is None else classifier.representation(block, layer)

    return in_blocks(values, x)


@torch.no_grad()
def in_blocks(function: Callable[[Tensor], Tensor], x: Tensor) -> np.ndarray:
    """Return what a function makes of examples (n, d), called for a block of them at a time."""
    return np.concatenate([function(block).cpu().numpy() for block in x.split(BLOCK_ROWS)])


def read_examples(path: Path, n_features: int) -> Tensor:
    """Read examples (n, d) from a ``.npy`` file, or from the array ``x`` of an ``.npz``.

    Raises:
        SdaeError: If the file is missing, is of another kind, has another number of columns, or holds NaN.
    """
    try:
        content = np.load(path, allow_pickle=False)
        x = content if isinstance(content, np.ndarray) else content["x"]
    except KeyError:
        raise SdaeError(f"{path}: has no array named x") from None
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise SdaeError(f"{path}: cannot be read as .npy or .npz ({error})") from None
    return as_examples(x, n_features, str(path))


def as_examples(x: np.ndarray, n_features: int, where: str = "x") -> Tensor:
    """Return examples (n, d) as a tensor, float32.

    Args:
        x: The examples.
        n_features: Number of components d that they must have.
        where: Where they come from, for an error.

    Raises:
        SdaeError: If they are no numbers, have another number of columns, or hold NaN.
    """
    if x.ndim != 2 or x.shape[1] != n_features or len(x) == 0:
        raise SdaeError(f"{where}: holds an array of shape {x.shape}; the run needs (n, {n_features}), n at least 1")
    if x.dtype.kind not in "biuf":
        raise SdaeError(f"{where}: holds {x.dtype}, not numbers")
    if not np.isfinite(x).all():
        row = int(np.flatnonzero(~np.isfinite(x).all(1))[0])
        raise SdaeError(f"{where}: row {row} holds NaN or infinity")
    return torch.from_numpy(x.astype(np.float32))


def write_array(path: Path, values: np.ndarray) -> None:
    """Write a ``.npy`` file whole.

    Raises:
        SdaeError: If its folder is missing or cannot be written.
    """

    def write(aside: str) -> None:
        with open(aside, "wb") as file:
            np.save(file, values)

    write_aside(path, write)
