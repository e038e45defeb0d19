"""safetensors: the weights alone, which nothing can hide code in, and all else as JSON beside them."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

from torch import Tensor

from sdae.data.kept import Kept
from sdae.data.preprocessing import Preprocessing
from sdae.data.problem import Problem
from sdae.errors import SdaeError
from sdae.evaluation.trained import KINDS, Trained, Weights
from sdae.files import read_json, write_aside, write_text
from sdae.models.classifier import Classifier
from sdae.models.layer import Layer
from sdae.runs.folder import RunFolder
from sdae.runs.versions import packages

FORMAT = 1  # raised when what is written changes
SUFFIX = ".safetensors"

M = TypeVar("M", Classifier, Layer)


@dataclass(frozen=True)
class Exported(Trained):
    """A run in a file: it predicts, encodes and reconstructs as the run does.

    Attributes:
        network: The network, on the CPU; there is one, whatever weights are asked for.
        stack: The pretrained layers with their decoders.
        kept_result: What ``result.json`` said; None where the run was not finished.
    """

    network: Classifier
    stack: list[Layer]
    kept_result: dict[str, Any] | None

    def classifier(self, weights: Weights = "best") -> Classifier:
        """Return the network."""
        return self.network

    @cached_property
    def layers(self) -> list[Layer]:
        """The layers from the input up as pretraining left them, each with its decoder."""
        if not self.stack:
            raise SdaeError(f"{self.folder.path}: is an MLP, without pretrained layers and so without decoders")
        return self.stack

    @property
    def result(self) -> dict[str, Any]:
        """What the run's ``result.json`` said."""
        if self.kept_result is None:
            raise SdaeError(f"{self.folder.path}: is of a run that was not finished")
        return self.kept_result


def write_safetensors(model: Trained, path: Path, weights: Weights | None = None) -> Path:
    """Write a run as ``NAME.safetensors`` and, beside it, ``NAME.json``.

    Args:
        model: The run.
        path: The file of the weights.
        weights: Of the run, as for :meth:`sdae.evaluation.trained.Trained.classifier`; default: those it ends with,
            best where it was fine-tuned, else pretrained.

    Returns:
        The path of the JSON.

    Raises:
        SdaeError: If safetensors is not installed, the run has no such weights, or a file cannot be written.
    """
    library, network = _library(), model.classifier(weights or model.usual_weights)
    layers = model.layers if model.config["pretraining"]["layer"] in KINDS else []
    modules = {"network": network, **{f"layer{layer.layer}": layer for layer in layers}}
    tensors = {
        f"{name}.{key}": value.clone().contiguous()
        for name, module in modules.items()
        for key, value in module.state_dict().items()
    }
    description = {
        "format": FORMAT,
        "sdae": packages()["sdae"],
        "preprocessing": model.preprocessing.described(),
        "network": dict(network.hparams),
        "layers": [{key: value for key, value in layer.hparams.items() if not key.startswith("_")} for layer in layers],
        "config": dict(model.config),
        "result": model.result if model.folder.finished else None,
    }
    beside = path.with_suffix(".json")
    text = json.dumps(description, indent=1, ensure_ascii=False, default=str) + "\n"
    write_aside(path, lambda aside: library.save_file(tensors, aside))
    write_text(beside, text)
    return beside


def read_safetensors(path: Path, build: Callable[[dict[str, Any]], Problem]) -> Exported:
    """Read what :func:`write_safetensors` wrote, from the file of the weights; its JSON lies beside it.

    Args:
        path: The file of the weights.
        build: Makes the problem of a configuration's section ``data``, where examples are asked for.

    Raises:
        SdaeError: If safetensors is not installed, or a file is missing, damaged, or of another program.
    """
    library, beside = _library(), path.with_suffix(".json")
    if not path.is_file():
        raise SdaeError(f"{path}: no such file")
    description = read_json(beside)
    if not isinstance(description, dict) or description.get("format") != FORMAT:
        raise SdaeError(f"{beside}: describes no run that this version reads (format {FORMAT})")
    try:
        tensors, config = library.load_file(path), description["config"]
        problem = Kept(Preprocessing.of(description["preprocessing"]), lambda: build(config["data"]))
        network = _filled(Classifier(**description["network"]), "network.", tensors)
        kind = KINDS.get(config["pretraining"]["layer"])
        layers = [] if kind is None else [kind(**hparams) for hparams in description["layers"]]
        stack = [_filled(layer, f"layer{layer.layer}.", tensors) for layer in layers]
        return Exported(RunFolder(path), config, problem, network, stack, description["result"])
    except SdaeError:
        raise
    except Exception as error:  # whatever the library says of a damaged file, or torch of other shapes
        raise SdaeError(f"{path}: cannot be read ({str(error).splitlines()[0]})") from None


def _filled(module: M, prefix: str, tensors: dict[str, Tensor]) -> M:
    own = {key.removeprefix(prefix): value for key, value in tensors.items() if key.startswith(prefix)}
    module.load_state_dict(own)
    return module.eval()


def _library() -> Any:
    try:
        return import_module("safetensors.torch")
    except ImportError:
        raise SdaeError("safetensors is not installed; pip install 'sdae[export]'") from None
