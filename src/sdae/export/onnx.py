"""ONNX: the network as a graph that other programs run, with its preprocessing and the names of its classes."""

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

import sdae
from sdae.errors import SdaeError
from sdae.export.portable import Portable
from sdae.files import write_aside

OPSET, IR_VERSION = 17, 8  # of 2022, which every runtime in use reads
EXAMPLES = 100  # on which the written file is compared with the network
WITHIN = 1e-5


def write_onnx(model: Portable, path: Path, layer: int | None = None) -> float:
    """Write a stack as an ONNX model, then run it and compare it with the network.

    The input ``x`` is (n, d), float32, for any n, as the user has it: what is done to the inputs is in the graph, in
    float64. The output is ``probabilities`` (n, m), or ``representation`` (n, d'). ``classes`` in the metadata is a
    JSON list of names.

    Args:
        model: The stack.
        path: The file to write.
        layer: Hidden layer whose representation is the output, counted from 1; the class probabilities where None.

    Returns:
        The greatest difference to the network's own numbers on random examples.

    Raises:
        SdaeError: If ONNX or its runtime is not installed, there is no such layer, the file cannot be written, or its
            numbers are not the network's.
    """
    onnx, runtime = _import("onnx"), _import("onnxruntime")
    graph = _graph(model, layer, onnx.helper, onnx.numpy_helper, onnx.TensorProto)
    content = onnx.helper.make_model(
        graph,
        opset_imports=[onnx.helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
        producer_name="sdae",
        producer_version=sdae.__version__,
    )
    about = {**model.about, "classes": list(model.classes), "layer": layer}
    onnx.helper.set_model_props(content, {key: json.dumps(value, ensure_ascii=False) for key, value in about.items()})
    onnx.checker.check_model(content)
    difference = _difference(model, layer, content.SerializeToString(), runtime)
    if not difference <= WITHIN:
        raise SdaeError(f"{path}: not written; onnxruntime differs from the network by {difference:.1g}")
    write_aside(path, lambda aside: Path(aside).write_bytes(content.SerializeToString()))
    return difference


def _graph(model: Portable, layer: int | None, helper: Any, numpy_helper: Any, types: Any) -> Any:
    network, nodes, constants = model.network, [], []

    def constant(name: str, value: np.ndarray) -> str:
        constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(kind: str, inputs: list[str], output: str, **attributes: Any) -> str:
        nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    if layer is None and not model.classes:
        raise SdaeError("layer: the network has no classes; name a layer whose representation to export")
    if layer is not None and not 1 <= layer <= network.n_layers:
        raise SdaeError(f"layer: {layer} is not there; the stack has layers 1 to {network.n_layers}")
    top, output = "x", "probabilities" if layer is None else "representation"
    if model.scaling is not None:
        top = node("Cast", [top], "x64", to=types.DOUBLE)
        top = node("Sub", [top, constant("offset", model.scaling.offset)], "moved")
        top = node("Mul", [top, constant("factor", model.scaling.factor)], "scaled64")
        top = node("Cast", [top], "scaled", to=types.FLOAT)
    last = network.n_layers if layer is None else layer
    for k, linear in enumerate(network.hidden[:last], start=1):
        parameters = [
            constant(f"{name}{k}", p.detach().numpy()) for name, p in (("W", linear.weight), ("b", linear.bias))
        ]
        top = node("Gemm", [top, *parameters], f"a{k}", transB=1)
        top = node("Sigmoid", [top], output if k == layer else f"y{k}")
    size = network.n_units[last - 1]
    if layer is None:
        parameters = [constant("V", network.output.weight.detach().numpy())]
        parameters.append(constant("c", network.output.bias.detach().numpy()))
        top = node("Gemm", [top, *parameters], "scores", transB=1)
        node("Softmax", [top], output, axis=1)
        size = len(model.classes)
    x = helper.make_tensor_value_info("x", types.FLOAT, ["n", model.n_features])
    y = helper.make_tensor_value_info(output, types.FLOAT, ["n", size])
    return helper.make_graph(nodes, "sdae", [x], [y], constants)


def _difference(model: Portable, layer: int | None, content: bytes, runtime: Any) -> float:
    """Return how far the runtime is from the network, on examples that are spread as the scaled training ones."""
    x = np.random.default_rng(0).random((EXAMPLES, model.n_features), dtype=np.float32)
    if model.scaling is not None:
        x = (x / model.scaling.factor + model.scaling.offset).astype(np.float32)
    session = runtime.InferenceSession(content, providers=["CPUExecutionProvider"])
    (ours,) = session.run(None, {"x": x})
    theirs = model.predict_proba(x) if layer is None else model.transform(x, layer)
    return float(np.abs(ours - theirs).max())


def _import(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError:
        raise SdaeError(f"{name} is not installed; pip install 'sdae[export]'") from None
