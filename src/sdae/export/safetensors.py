"""safetensors: the weights in a format that cannot contain code, and a JSON file with everything else."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from torch import Tensor

from sdae.data.preprocessing import Preprocessing, plain_range, range_of
from sdae.data.problem import Problem
from sdae.data.run_problem import RunProblem
from sdae.errors import SdaeError
from sdae.evaluation.trained import KINDS, Trained, Weights
from sdae.export import library
from sdae.files import read_json, require_replaceable, write_binary, write_json
from sdae.models.classifier import Classifier
from sdae.models.layer import Layer
from sdae.runs.folder import RunFolder
from sdae.runs.versions import packages

FORMAT = 3  # to increment when the content of the files changes
SUFFIX = ".safetensors"

M = TypeVar("M", Classifier, Layer)


@dataclass(frozen=True)
class Exported(Trained):
    """An exported run: predicts, encodes and reconstructs like the run.

    Attributes:
        network: The only network in the file, on the CPU.
        weights: Which of the run's weights it has.
        stack: The pretrained layers with their decoders.
        kept_result: The content of ``result.json``; None if the run was not finished.
    """

    network: Classifier
    weights: Weights
    stack: list[Layer]
    kept_result: dict[str, Any] | None

    def classifier(self, weights: Weights | None = None) -> Classifier:
        """Return the network.

        Raises:
            SdaeError: If other weights are requested than those that were exported.
        """
        if weights not in (None, self.weights):
            raise SdaeError(
                f"{self.folder.path}: holds the weights {self.weights}, not {weights}; export those, if any"
            )
        return self.network

    @property
    def last_weights(self) -> Weights:
        """Those in the file."""
        return self.weights

    @cached_property
    def layers(self) -> list[Layer]:
        """The pretrained layers from the input up, each with its decoder.

        Raises:
            SdaeError: If the run is an MLP.
        """
        if not self.stack:
            raise SdaeError(f"{self.folder.path}: is an MLP, without pretrained layers and so without decoders")
        return self.stack

    @property
    def result(self) -> dict[str, Any]:
        """The content of the run's ``result.json``.

        Raises:
            SdaeError: If the run was not finished.
        """
        if self.kept_result is None:
            raise SdaeError(f"{self.folder.path}: the exported run was not finished")
        return self.kept_result


def write_safetensors(model: Trained, path: Path, weights: Weights | None = None) -> Path:
    """Write a run as ``NAME.safetensors`` and, beside it, ``NAME.json``.

    Args:
        model: The run.
        path: The file of the weights, which ends in ``.safetensors``.
        weights: As for :meth:`sdae.evaluation.trained.Trained.classifier`; default: best if the run was fine-tuned,
            else pretrained.

    Returns:
        The path of the JSON.

    Raises:
        SdaeError: If the file has another suffix, safetensors is not installed, the run has no such weights, or a file
            cannot be written.
    """
    if path.suffix != SUFFIX:  # one in .json would be the description's, one without could not be loaded
        raise SdaeError(f"path {path}: the name of a {SUFFIX} file")
    safetensors, weights = library("safetensors.torch"), weights or model.last_weights
    network = model.classifier(weights)
    layers = model.layers if model.config["pretraining"]["layer"] in KINDS else []
    modules = {"network": network, **{f"layer{layer.layer}": layer for layer in layers}}
    tensors = {
        f"{name}.{key}": value.clone().contiguous()
        for name, module in modules.items()
        for key, value in module.state_dict().items()
    }
    content = safetensors.save(tensors)
    description = {
        "format": FORMAT,
        "sha256": hashlib.sha256(content).hexdigest(),  # the two files are written one after the other
        "sdae": packages()["sdae"],
        "preprocessing": model.preprocessing.described(),
        "weights": weights,
        "network": dict(network.hparams),
        "layers": [_described(layer) for layer in layers],
        "config": dict(model.config),
        "result": model.result if model.folder.finished else None,
    }
    json_path = path.with_suffix(".json")
    require_replaceable(json_path, {"format", "sha256"})
    write_binary(path, lambda file: file.write(content))
    write_json(json_path, description, default=str)
    return json_path


def read_safetensors(path: Path, build: Callable[[dict[str, Any]], Problem]) -> Exported:
    """Read a file that :func:`write_safetensors` wrote, with the JSON file beside it.

    Args:
        path: The file of the weights.
        build: Builds the problem from a configuration's section ``data`` when examples are needed.

    Raises:
        SdaeError: If safetensors is not installed, or a file is missing, damaged, from another program, or not of the
            same run as the other.
    """
    safetensors, json_path = library("safetensors.torch"), path.with_suffix(".json")
    if not path.is_file():
        raise SdaeError(f"{path}: no such file")
    description = read_json(json_path, shape=dict)
    if description.get("format") != FORMAT:
        raise SdaeError(f"{json_path}: not a run in a format that this version reads ({FORMAT})")
    try:
        content, config = path.read_bytes(), description["config"]
        tensors = safetensors.load(content)
        if hashlib.sha256(content).hexdigest() != description["sha256"]:
            raise SdaeError(f"{json_path}: is not of these weights, {path.name}; export the run again")
        problem = RunProblem(Preprocessing.of(description["preprocessing"]), lambda: build(config["data"]))
        network = _filled(Classifier(**description["network"]), "network.", tensors)
        kind = KINDS.get(config["pretraining"]["layer"])
        layers = [] if kind is None else [_rebuilt(kind, described) for described in description["layers"]]
        stack = [_filled(layer, f"layer{layer.layer}.", tensors) for layer in layers]
        return Exported(RunFolder(path), config, problem, network, description["weights"], stack, description["result"])
    except SdaeError:
        raise
    except Exception as error:  # of many types: the library's for a damaged file, torch's for other shapes
        raise SdaeError(f"{path}: cannot be read ({str(error).splitlines()[0]})") from None


def _described(layer: Layer) -> dict[str, Any]:
    """Return what builds a layer, as plain values; an infinite end of its range is null, as JSON has no infinity."""
    plain = {key: value for key, value in layer.hparams.items() if not key.startswith("_")}
    if "value_range" in plain:
        plain["value_range"] = plain_range(plain["value_range"])
    return plain


def _rebuilt(kind: type[Layer], described: dict[str, Any]) -> Layer:
    plain = dict(described)
    if "value_range" in plain:
        plain["value_range"] = range_of(plain["value_range"])
    return kind(**plain)


def _filled(module: M, prefix: str, tensors: dict[str, Tensor]) -> M:
    state = {key.removeprefix(prefix): value for key, value in tensors.items() if key.startswith(prefix)}
    module.load_state_dict(state)
    return module.eval()
