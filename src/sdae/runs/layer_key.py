"""The key of a trained layer, a hash of everything that determines its weights: equal keys, equal weights."""

import hashlib
import json
from functools import cache
from typing import Any

import torch
from torch import Tensor

from sdae.functional.online.compiled import available
from sdae.models.layer import Layer
from sdae.runs.versions import SOURCE, packages, processor

CHUNK = 2**22  # components hashed at a time, so that data on a GPU are not copied as a whole


def layer_key(below: str, layer: Layer) -> str:
    """Return the key of a layer, whatever its number of epochs.

    Args:
        below: The key of the layer below with its number of epochs; of the first layer, the fingerprint of the data.
            The key includes all lower layers, also for training with noisy inputs, where a layer sees the raw input
            through all encoders below.
        layer: The layer, on the device that it is trained on.
    """
    determined_by = {
        "below": below,
        "settings": layer.settings,
        "versions": numeric_versions(),
        "device": numeric_environment(layer.device),
    }
    return hashlib.sha256(json.dumps(determined_by, sort_keys=True).encode()).hexdigest()


def tensor_hash(*tensors: Tensor) -> str:
    """Return a hash of tensors as they lie in memory: types, shapes and values."""
    digest = hashlib.sha256()
    for tensor in tensors:
        digest.update(f"{tensor.dtype}{tuple(tensor.shape)}".encode())
        for part in tensor.detach().reshape(-1).split(CHUNK):
            digest.update(part.cpu().numpy())
    return digest.hexdigest()


def numeric_versions() -> dict[str, str | None]:
    """Return the versions that weights depend on; torch's says for which CPU or GPU it was built."""
    return packages() | {"torch": torch.__version__, "source": source()}


@cache
def source() -> str:
    """Return a hash of this package's source, so uncommitted changes also change the key."""
    digest = hashlib.sha256()
    for path in sorted(SOURCE.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def numeric_environment(device: torch.device) -> dict[str, Any]:
    """Return what the rounding of sums depends on."""
    precision = torch.get_float32_matmul_precision()  # tf32
    if device.type == "cuda":
        return {
            "gpu": torch.cuda.get_device_name(device),
            "cudnn": torch.backends.cudnn.version(),
            "precision": precision,
        }
    return {
        "cpu": processor(),
        "threads": torch.get_num_threads(),
        "compiled": available(),
        "precision": precision,
    }
