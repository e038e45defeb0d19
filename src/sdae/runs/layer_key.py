"""A key for all that determines the weights of a trained layer, so that equal keys mean equal weights, bit for bit."""

import hashlib
import json
import platform
import re
from functools import cache
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from sdae.functional.online.compiled import available
from sdae.models.layer import Layer
from sdae.runs.versions import SOURCE, packages

AT_ONCE = 2**22  # components hashed at a time, so that data on a GPU need no second place in memory


def layer_key(below: str, layer: Layer) -> str:
    """Return the key of a layer, whatever its number of epochs.

    Args:
        below: The key of the layer below with its number of epochs; of the first layer, the fingerprint of the data.
            What lies further down has gone into it: the chain covers training with noisy inputs too, where a layer
            sees the raw input through all encoders below.
        layer: The layer, on the device that it is trained on.
    """
    determined_by = {
        "below": below,
        "settings": layer.settings,
        "versions": numeric_versions(),
        "device": computed_on(layer.device),
    }
    return hashlib.sha256(json.dumps(determined_by, sort_keys=True).encode()).hexdigest()


def tensor_hash(*tensors: Tensor) -> str:
    """Return a hash of tensors as they lie in memory: types, shapes and values."""
    digest = hashlib.sha256()
    for tensor in tensors:
        digest.update(f"{tensor.dtype}{tuple(tensor.shape)}".encode())
        for part in tensor.detach().reshape(-1).split(AT_ONCE):
            digest.update(part.cpu().numpy())
    return digest.hexdigest()


def numeric_versions() -> dict[str, str]:
    """Return the versions that weights depend on; torch's says for which CPU or GPU it was built."""
    return packages() | {"torch": torch.__version__, "source": source()}


@cache
def source() -> str:
    """Return a hash of this package's source, by which files that are being worked on differ too."""
    digest = hashlib.sha256()
    for path in sorted(SOURCE.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def computed_on(device: torch.device) -> dict[str, Any]:
    """Return what the rounding of sums depends on: its order is the library's choice, made for a processor."""
    precision = torch.get_float32_matmul_precision()  # tf32
    if device.type == "cuda":
        return {
            "gpu": torch.cuda.get_device_name(device),
            "cudnn": torch.backends.cudnn.version(),
            "precision": precision,
        }
    return {
        "cpu": processor(),
        "capability": torch.backends.cpu.get_cpu_capability(),
        "threads": torch.get_num_threads(),
        "compiled": available(),
        "precision": precision,
    }


def processor() -> str:
    """Return the processor's name, as far as the system tells it."""
    try:
        found = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE)
    except OSError:
        found = None
    return found.group(1) if found else platform.processor() or platform.machine()
