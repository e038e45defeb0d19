"""The first layers of several runs side by side, as a picture and in numbers (section 5, Figures 5 to 8)."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from PIL import Image

from sdae.errors import SdaeError
from sdae.evaluation.filters import BAND_PASS, WELL, FilterNumbers, measure_filters
from sdae.evaluation.first_layer import FirstLayer
from sdae.evaluation.picture import PictureOfRuns
from sdae.evaluation.trained import Trained
from sdae.formatting import table
from sdae.pictures.filter_grid import panels, zoom
from sdae.pictures.tiles import LONGEST
from sdae.runs.versions import versions
from sdae.tracking.options import Mode

SUMMARY = ("gabor_fraction", "median_r2", "median_localisation")  # of each run, on the W&B run's page

SHOWN = 100  # filters of each run, by default

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Selection:
    """The selection of filters to show of each run.

    Args:
        units: Numbers of the units to show, counted from 1.
        n: Number of filters to show of each run; default: 100.
        order: In the order of the units, or by R², its mean where there are several runs, most or least first.
        layer: Only the first layer's filters are images.
        fine_tuned: Whether to take the best weights of fine-tuning, and not those before it.

    Raises:
        SdaeError: If no filter is selected, or in two ways, or the layer is not the first.
    """

    units: list[int] | None = None
    n: int | None = None
    order: Literal["units", "most-structured", "least-structured"] = "units"
    layer: int = 1
    fine_tuned: bool = False

    def __post_init__(self) -> None:
        if self.n is not None and self.n < 1:
            raise SdaeError(f"n {self.n}: at least one filter")
        if self.units and (self.n is not None or self.order != "units"):
            raise SdaeError("units: the filters to show, in this order; leave out n and order")
        if self.layer != 1:
            raise SdaeError(
                f"layer {self.layer}: only the first layer's filters are images; those above look at the layer below"
            )


def compare_filters(runs: Sequence[Trained], output: Path, selection: Selection, wandb: Mode | None = None) -> str:
    """Draw the first layers' filters side by side, measure them, and return a table of the numbers.

    Args:
        runs: One or several runs.
        output: The picture to write, a .png; the numbers go beside it, as .json.
        selection: Which filters.
        wandb: Where to track it; default: as for the first run.

    Raises:
        SdaeError: If a run has no such weights, or no images, or the runs' images differ in size; or if a file cannot
            be written.
    """
    begun_with = versions()  # now: the checkout may change before the end
    first_layers = [FirstLayer.of(run, selection.fine_tuned) for run in runs]
    shape = _one_shape(first_layers)
    chosen = _chosen(selection.units, first_layers) if selection.units else None
    numbers = []
    for layer in first_layers:
        log.info("%s: %d filters of %d × %d", layer.run.folder.path, len(layer.weight), *shape)
        if max(shape) > LONGEST:
            log.warning("sides of over %d pixels are averaged to as many, to be drawn and measured", LONGEST)
        numbers.append(measure_filters(layer.weight.numpy().reshape(-1, *shape)))
    shown = chosen if chosen is not None else _ordered(numbers, selection.order)[: selection.n or SHOWN]
    image = _image(first_layers, shape, shown, closely=selection.units is not None)
    content = {
        "picture": output.name,
        "layer": selection.layer,
        "weights": "best" if selection.fine_tuned else "pretrained",
        "shown": (shown + 1).tolist(),
        "gabor": {"least_r2": WELL, "greatest_height_at_frequency_0": BAND_PASS},
        "versions": begun_with,
        "runs": [layer.record(measured) for layer, measured in zip(first_layers, numbers, strict=True)],
    }
    beside = PictureOfRuns("filters", image, "first layer", content, SUMMARY).keep(runs[0], output, wandb)
    head = ["run", "problem", "method", "noise", "units", "R², median", "Gabor functions", "localisation, median"]
    rows = [_row(*both) for both in zip(first_layers, numbers, strict=True)]
    most = max(len(layer.weight) for layer in first_layers)
    return f"\n{table(head, rows)}\n\n{output} ({len(shown)} of {most} filters), {beside} (the numbers of all)"


def _row(layer: FirstLayer, numbers: FilterNumbers) -> list[str]:
    summary = layer.summary(numbers)
    return [
        str(layer.run.folder.path),
        layer.run.problem.name,
        layer.run.method,
        layer.noise,
        str(len(layer.weight)),
        f"{summary['median_r2']:.2f}",
        f"{100 * summary['gabor_fraction']:.0f} %",
        f"{summary['median_localisation']:.2f}",
    ]


def _one_shape(layers: Sequence[FirstLayer]) -> tuple[int, int]:
    first = layers[0].run
    assert first.problem.image_shape is not None
    for other in layers[1:]:
        if other.run.problem.image_shape != first.problem.image_shape:
            raise SdaeError(
                f"{other.run.folder.path}: is of images of another size than {first.folder.path}; "
                "only runs of one size lie side by side"
            )
    return first.problem.image_shape


def _chosen(units: list[int], layers: Sequence[FirstLayer]) -> np.ndarray:
    """Return the selected units, counted from 0."""
    for layer in layers:
        for unit in units:
            if not 1 <= unit <= len(layer.weight):
                raise SdaeError(f"units {unit}: {layer.run.folder.path} has units 1 to {len(layer.weight)}")
    return np.array(units) - 1


def _ordered(numbers: Sequence[FilterNumbers], order: str) -> np.ndarray:
    """Return the units that all runs have, counted from 0, in the requested order."""
    fewest = min(len(measured.r2) for measured in numbers)
    if order == "units":
        return np.arange(fewest)
    r2 = np.mean([measured.r2[:fewest] for measured in numbers], axis=0)
    return np.argsort(-r2 if order == "most-structured" else r2, kind="stable")


def _image(layers: Sequence[FirstLayer], shape: tuple[int, int], shown: np.ndarray, closely: bool) -> Image.Image:
    weights, captions = [layer.weight[shown] for layer in layers], [layer.caption for layer in layers]
    if closely and len(layers) > 1:
        return zoom(weights, shape, [f"unit {unit + 1}" for unit in shown], captions)
    return panels(weights, shape, captions)
