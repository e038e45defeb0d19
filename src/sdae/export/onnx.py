"""ONNX: the network as a graph that other programs run, with its scaling and the names of its classes."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from sdae.data.preprocessing import Preprocessing
from sdae.data.scaling import Scaling
from sdae.errors import SdaeError
from sdae.evaluation.prediction import predict
from sdae.evaluation.trained import Trained, Weights, require_output
from sdae.export import library
from sdae.files import write_aside
from sdae.models.classifier import Classifier
from sdae.runs.versions import packages

OPSET, IR_VERSION = 17, 8  # of 2022, which current runtimes read
EXAMPLES = 100  # for the comparison of the graph with the network
TOLERATED = 1e-5  # difference of outputs
UNBOUNDED = (-math.inf, math.inf)


def write_onnx(model: Trained, path: Path, layer: int | None = None, weights: Weights | None = None) -> float:
    """Write a network as an ONNX model whose outputs were compared with the network's.

    The input ``x`` is (n, d), float32, for any n, not scaled: scaling is part of the graph, in float64. Grey levels
    that a run divides by 255 are 0 to 255. The encoding of a table is not part of the graph: the input is the encoded
    columns, as described by ``encoding`` in the metadata. The output is ``probabilities`` (n, m), or ``representation``
    (n, d'). ``classes`` in the metadata is a JSON list of names.

    Args:
        model: A run.
        path: The file to write.
        layer: Hidden layer whose representation is the output, counted from 1; default: class probabilities.
        weights: As for :meth:`sdae.evaluation.trained.Trained.classifier`; default: best if the run was fine-tuned,
            else pretrained.

    Returns:
        The greatest difference from the network's outputs on random examples.

    Raises:
        SdaeError: If ONNX or its runtime is not installed, there is no such layer, or the output layer of these weights
            is not trained; if the file cannot be written, or its outputs differ from the network's.
    """
    onnx, runtime = library("onnx"), library("onnxruntime")
    weights = weights or model.last_weights
    network, preprocessing = model.classifier(weights), model.preprocessing
    if layer is None and preprocessing.n_classes:
        require_output(model.folder, weights)
    onnx_model = onnx.helper.make_model(
        _graph(onnx, network, preprocessing, layer),
        opset_imports=[onnx.helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
        producer_name="sdae",
        producer_version=packages()["sdae"],
    )
    metadata: dict[str, Any] = {"problem": preprocessing.problem, "classes": list(preprocessing.classes)}
    metadata |= {"layer": layer, "weights": weights}
    if preprocessing.encoding is not None:
        metadata["encoding"] = preprocessing.encoding.described()
    properties = {key: json.dumps(value, ensure_ascii=False) for key, value in metadata.items()}
    onnx.helper.set_model_props(onnx_model, properties)
    onnx.checker.check_model(onnx_model)
    content = onnx_model.SerializeToString()
    difference = _difference(network, preprocessing.scaling, layer, content, runtime)
    if not difference <= TOLERATED:
        raise SdaeError(f"{path}: not written; onnxruntime differs from the network by {difference:.1g}")
    write_aside(path, lambda aside: Path(aside).write_bytes(content))
    return difference


def _graph(onnx: Any, network: Classifier, preprocessing: Preprocessing, layer: int | None) -> Any:
    helper, types = onnx.helper, onnx.TensorProto
    nodes, constants = [], []

    def constant(name: str, value: np.ndarray) -> str:
        constants.append(onnx.numpy_helper.from_array(np.array(value, order="C"), name))
        return name

    def node(kind: str, inputs: list[str], output: str, **attributes: Any) -> str:
        nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def product(x: str, linear: nn.Linear, w: str, b: str, output: str) -> str:
        parameters = constant(w, linear.weight.detach().numpy()), constant(b, linear.bias.detach().numpy())
        return node("Gemm", [x, *parameters], output, transB=1)

    if layer is None and preprocessing.n_classes == 0:
        raise SdaeError("layer: the network has no classes; name a layer to export its representation")
    if layer is not None and not 1 <= layer <= network.n_layers:
        raise SdaeError(f"layer {layer} does not exist; the stack has layers 1 to {network.n_layers}")
    top, output = "x", "probabilities" if layer is None else "representation"
    scaling = preprocessing.scaling
    if not scaling.identity:
        top = node("Cast", [top], "x64", to=types.DOUBLE)
        top = node("Sub", [top, constant("offset", scaling.offset)], "moved")
        top = node("Div", [top, constant("divisor", scaling.divisor)], "scaled64")
        if scaling.clips:
            low, high = (np.array(end, dtype=np.float64) for end in preprocessing.value_range)
            top = node("Clip", [top, constant("low", low), constant("high", high)], "clipped64")
        top = node("Cast", [top], "scaled", to=types.FLOAT)
    last = network.n_layers if layer is None else layer
    for k, linear in enumerate(network.hidden[:last], start=1):
        top = product(top, linear, f"W{k}", f"b{k}", f"a{k}")
        top = node("Sigmoid", [top], output if k == layer else f"y{k}")
    size = network.n_units[last - 1]
    if layer is None:
        top = product(top, network.output, "V", "c", "scores")
        node("Softmax", [top], output, axis=1)
        size = preprocessing.n_classes
    x = helper.make_tensor_value_info("x", types.FLOAT, ["n", preprocessing.n_features])
    y = helper.make_tensor_value_info(output, types.FLOAT, ["n", size])
    return helper.make_graph(nodes, "sdae", [x], [y], constants)


def _difference(network: Classifier, scaling: Scaling, layer: int | None, content: bytes, runtime: Any) -> float:
    """Return the greatest difference of outputs, on random examples that are scaled to [0, 1]."""
    x01 = np.random.default_rng(0).random((EXAMPLES, network.hidden[0].in_features))
    x = (x01 * scaling.divisor + scaling.offset).astype(np.float32)
    session = runtime.InferenceSession(content, providers=["CPUExecutionProvider"])
    (actual,) = session.run(None, {"x": x})
    expected = predict(network, torch.from_numpy(scaling(x, (0.0, 1.0) if scaling.clips else UNBOUNDED)), layer)
    return float(np.abs(actual - expected).max())
