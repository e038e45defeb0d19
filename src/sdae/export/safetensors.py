"""safetensors: the weights alone, which nothing can hide code in, and all else as JSON beside them."""

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import torch

import sdae
from sdae.errors import SdaeError
from sdae.export.portable import Portable, Scaling
from sdae.files import read_json, write_aside
from sdae.models.classifier import Classifier

FORMAT = 1  # raised when what is written changes


def write_safetensors(model: Portable, path: Path) -> Path:
    """Write a stack as ``NAME.safetensors`` and, beside it, ``NAME.json``.

    Args:
        model: The stack.
        path: The file of the weights.

    Returns:
        The path of the JSON.

    Raises:
        SdaeError: If safetensors is not installed, or a file cannot be written.
    """
    library = _library()
    tensors = {f"network.{key}": value.contiguous() for key, value in model.network.state_dict().items()}
    if model.scaling is not None:
        tensors |= {f"scaling.{key}": torch.from_numpy(getattr(model.scaling, key)) for key in ("offset", "factor")}
    description = {
        "format": FORMAT,
        "sdae": sdae.__version__,
        "network": dict(model.network.hparams),
        "classes": list(model.classes),
        "about": model.about,
    }
    beside = path.with_suffix(".json")
    write_aside(path, lambda aside: library.save_file(tensors, aside))
    text = json.dumps(description, indent=1, ensure_ascii=False) + "\n"
    write_aside(beside, lambda aside: Path(aside).write_text(text, encoding="utf-8"))
    return beside


def read_safetensors(path: Path) -> Portable:
    """Read what :func:`write_safetensors` wrote, from the file of the weights; its JSON lies beside it.

    Raises:
        SdaeError: If safetensors is not installed, or a file is missing, damaged, or of another program.
    """
    library, beside = _library(), path.with_suffix(".json")
    if not path.is_file():
        raise SdaeError(f"{path}: no such file")
    description = read_json(beside)
    if not isinstance(description, dict) or description.get("format") != FORMAT:
        raise SdaeError(f"{beside}: describes no stack that this version reads (format {FORMAT})")
    try:
        tensors = library.load_file(path)
        network = Classifier(**description["network"])
        network.load_state_dict(_below("network.", tensors))
        parts = {key: value.numpy().astype(np.float64) for key, value in _below("scaling.", tensors).items()}
        scaling = Scaling(**parts) if parts else None
        return Portable(network.eval(), description["classes"], scaling, description["about"])
    except SdaeError:
        raise
    except Exception as error:  # whatever the library says of a damaged file, or torch of other shapes
        raise SdaeError(f"{path}: cannot be read ({str(error).splitlines()[0]})") from None


def _below(prefix: str, tensors: dict[str, Any]) -> dict[str, Any]:
    return {key.removeprefix(prefix): value for key, value in tensors.items() if key.startswith(prefix)}


def _library() -> Any:
    try:
        return import_module("safetensors.torch")
    except ImportError:
        raise SdaeError("safetensors is not installed; pip install 'sdae[export]'") from None
