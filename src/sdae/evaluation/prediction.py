"""What a trained stack says of examples: class probabilities, or the representation at a layer."""

import zipfile
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from sdae.data.minibatches import BLOCK_ROWS
from sdae.errors import SdaeError
from sdae.files import write_aside
from sdae.models.classifier import Classifier


@torch.no_grad()
def predict(classifier: Classifier, x: Tensor, layer: int | None = None) -> np.ndarray:
    """Return p(t|x) for examples (n, d): (n, m); or with a layer its representation: (n, d').

    Args:
        classifier: The network.
        x: Examples, on any device.
        layer: Hidden layer counted from 1, 0 for the input itself, or None for the probabilities.

    Raises:
        SdaeError: If there is no such layer.
    """
    parts = []
    for block in x.split(BLOCK_ROWS):
        block = block.to(classifier.device)
        values = classifier(block).softmax(1) if layer is None else classifier.representation(block, layer)
        parts.append(values.cpu().numpy())
    return np.concatenate(parts)


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
    if x.ndim != 2 or x.shape[1] != n_features or len(x) == 0:
        raise SdaeError(f"{path}: holds an array of shape {x.shape}; the run needs (n, {n_features}), n at least 1")
    if x.dtype.kind not in "biuf":
        raise SdaeError(f"{path}: holds {x.dtype}, not numbers")
    if not np.isfinite(x).all():
        row = int(np.flatnonzero(~np.isfinite(x).all(1))[0])
        raise SdaeError(f"{path}: row {row} holds NaN or infinity")
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
