"""``export``: writes a run as a file for other programs."""

from pathlib import Path

from sdae.cli.choices import Weights
from sdae.errors import SdaeError


def export(
    run: Path | None = None,
    output: Path = Path("model.onnx"),
    layer: int | None = None,
    weights: Weights | None = None,
) -> None:
    """Write a run's network as .onnx, or as .safetensors with a .json beside it.

    Args:
        run: The run's folder.
        output: The file to write; its suffix chooses the format.
        layer: ONNX: hidden layer whose representation is the output, counted from 1; default: the class probabilities.
        weights: best (lowest validation error), pretrained (before fine-tuning) or random (those training began with);
            default: best, of a run without classes pretrained.
    """
    from sdae.config.runs import load
    from sdae.export.onnx import write_onnx
    from sdae.export.safetensors import SUFFIX, write_safetensors
    from sdae.training.cross_validation import refuse_folds

    if run is None:
        raise SdaeError("export: a run is needed; name its folder with --run")
    if output.suffix not in (".onnx", SUFFIX):
        raise SdaeError(f"output {output}: the name of a .onnx or {SUFFIX} file")
    if output.suffix == SUFFIX and layer is not None:
        raise SdaeError(f"layer: a {SUFFIX} file holds every layer; leave it out")
    model = load(run)
    refuse_folds(model.problem, model.folder)
    if output.suffix == ".onnx":
        difference = write_onnx(model, output, layer, weights)
        print(f"{output}: onnxruntime gives the run's numbers within {difference:.1g}")
    else:
        json_path = write_safetensors(model, output, weights)
        print(f"{output}, {json_path}")
