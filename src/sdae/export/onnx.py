"""ONNX: the network as a graph that other programs run, with its preprocessing and the names of its classes."""

import json
import math
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from sdae.data.preprocessing import Preprocessing
from sdae.data.scaling import Scaling
from sdae.errors import SdaeError
from sdae.evaluation.prediction import predict
from sdae.evaluation.trained import Trained, Weights
from sdae.files import write_aside
from sdae.models.classifier import Classifier
from sdae.runs.versions import packages

OPSET, IR_VERSION = 17, 8  # of 2022, which every runtime in use reads
EXAMPLES = 100  # on which the written file is compared with the network
WITHIN = 1e-5
UNBOUNDED = (-math.inf, math.inf)


def write_onnx(model: Trained, path: Path, layer: int | None = None, weights: Weights | None = None) -> float:
    """Write a network as an ONNX model, then run it and compare it with the network.

    The input ``x`` is (n, d), float32, for any n, as the user has it: scaling is in the graph, in float64. Grey levels
    that a run divides by 255 are to be given as 0 to 255. What makes numbers of a table's words is not in it: such a
    graph takes the encoded columns, as ``encoding`` in its metadata says. The output is ``probabilities`` (n, m), or
    ``representation`` (n, d'). ``classes`` in the metadata is a JSON list of names.

    Args:
        model: A run.
        path: The file to write.
        layer: Hidden layer whose representation is the output, counted from 1; the class probabilities where None.
        weights: Of the run, as for :meth:`sdae.evaluation.trained.Trained.classifier`; default: those it ends with,
            best where it was fine-tuned, else pretrained.

    Returns:
        The greatest difference to the network's own numbers on random examples.

    Raises:
        SdaeError: If ONNX or its runtime is not installed, there is no such layer, the file cannot be written, or its
            numbers are not the network's.
    """
    onnx, runtime = _import("onnx"), _import("onnxruntime")
    weights = weights or model.usual_weights
    network, done = model.classifier(weights), model.preprocessing
    graph = _graph(network, done, layer, onnx.helper, onnx.numpy_helper, onnx.TensorProto)
    content = onnx.helper.make_model(
        graph,
        opset_imports=[onnx.helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
        producer_name="sdae",
        producer_version=packages()["sdae"],
    )
    about: dict[str, Any] = {"problem": done.problem, "classes": list(done.classes), "layer": layer, "weights": weights}
    if done.encoding is not None:
        about["encoding"] = done.encoding.described()
    onnx.helper.set_model_props(content, {key: json.dumps(value, ensure_ascii=False) for key, value in about.items()})
    onnx.checker.check_model(content)
    difference = _difference(network, done.scaling, layer, content.SerializeToString(), runtime)
    if not difference <= WITHIN:
        raise SdaeError(f"{path}: not written; onnxruntime differs from the network by {difference:.1g}")
    write_aside(path, lambda aside: Path(aside).write_bytes(content.SerializeToString()))
    return difference


def _graph(
    network: Classifier, done: Preprocessing, layer: int | None, helper: Any, numpy_helper: Any, types: Any
) -> Any:
    nodes, constants = [], []

    def constant(name: str, value: np.ndarray) -> str:
        constants.append(numpy_helper.from_array(np.array(value, order="C"), name))
        return name

    def node(kind: str, inputs: list[str], output: str, **attributes: Any) -> str:
        nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    if layer is None and done.n_classes == 0:
        raise SdaeError("layer: the network has no classes; name a layer whose representation to export")
    if layer is not None and not 1 <= layer <= network.n_layers:
        raise SdaeError(f"layer: {layer} is not there; the stack has layers 1 to {network.n_layers}")
    top, output = "x", "probabilities" if layer is None else "representation"
    if not done.scaling.identity:
        top = node("Cast", [top], "x64", to=types.DOUBLE)
        top = node("Sub", [top, constant("offset", done.scaling.offset)], "moved")
        top = node("Div", [top, constant("divisor", done.scaling.divisor)], "scaled64")
        if done.scaling.clips:
            low, high = (np.array(end, dtype=np.float64) for end in done.value_range)
            ends = [constant("low", low), constant("high", high)]
            top = node("Clip", [top, *ends], "clipped64")
        top = node("Cast", [top], "scaled", to=types.FLOAT)
    last = network.n_layers if layer is None else layer
    for k, linear in enumerate(network.hidden[:last], start=1):
        top = node("Gemm", [top, *_parameters(linear, f"W{k}", f"b{k}", constant)], f"a{k}", transB=1)
        top = node("Sigmoid", [top], output if k == layer else f"y{k}")
    size = network.n_units[last - 1]
    if layer is None:
        top = node("Gemm", [top, *_parameters(network.output, "V", "c", constant)], "scores", transB=1)
        node("Softmax", [top], output, axis=1)
        size = done.n_classes
    x = helper.make_tensor_value_info("x", types.FLOAT, ["n", done.n_features])
    y = helper.make_tensor_value_info(output, types.FLOAT, ["n", size])
    return helper.make_graph(nodes, "sdae", [x], [y], constants)


def _parameters(linear: nn.Linear, w: str, b: str, constant: Callable[[str, np.ndarray], str]) -> list[str]:
    return [constant(name, parameter.detach().numpy()) for name, parameter in ((w, linear.weight), (b, linear.bias))]


def _difference(network: Classifier, scaling: Scaling, layer: int | None, content: bytes, runtime: Any) -> float:
    """Return how far the runtime is from the network, on examples that are spread as the scaled training ones."""
    spread = np.random.default_rng(0).random((EXAMPLES, network.hidden[0].in_features))
    x = (spread * scaling.divisor + scaling.offset).astype(np.float32)
    session = runtime.InferenceSession(content, providers=["CPUExecutionProvider"])
    (ours,) = session.run(None, {"x": x})
    theirs = predict(network, torch.from_numpy(scaling(x, (0.0, 1.0) if scaling.clips else UNBOUNDED)), layer)
    return float(np.abs(ours - theirs).max())


def _import(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError:
        raise SdaeError(f"{name} is not installed; pip install 'sdae[export]'") from None
