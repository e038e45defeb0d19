"""Figures 10 to 13: which measurement is a point of which curve."""

import re
from collections.abc import Iterable, Sequence

from sdae.paper.claims import claims
from sdae.paper.layout import KERNELS, LAYERS, PROBLEMS
from sdae.paper.published import published
from sdae.report.cells import preference
from sdae.report.content import Curve, Panel, Plot, Point
from sdae.results.measurement import Measurement

TITLES = {
    "figure10": "Figure 10: number of layers and units, with and without pretraining",
    "figure11": "Figure 11: sensitivity to the level of corruption",
    "figure12": "Figure 12: denoising pretraining against training with noisy inputs",
    "figure13": "Figure 13: SVMs on the representations of SDAE-3, layer by layer",
}
HARDEST = "bg-img-rot"  # section 6.3's problem
NOISE = "masking noise ν, %"
NETWORK = re.compile(r"(MLP|SAE|SDAE)-([123])")


def lay_out_plots(measurements: Sequence[Measurement]) -> tuple[Plot, ...]:
    """Lay out Figures 10 to 13."""
    panels = {
        "figure10": _figure10(measurements),
        "figure11": _figure11(measurements),
        "figure12": _figure12(measurements),
        "figure13": _figure13(measurements),
    }
    return tuple(
        Plot(name, TITLES[name], tuple(panels[name]), claims(name), f"python src/cli.py reproduce {name}")
        for name in TITLES
    )


def _figure10(measurements: Sequence[Measurement]) -> list[Panel]:
    """Error against units, a panel for each way to initialise, a curve for each depth.

    Each point is of one number of units: what a study chose freely belongs to no place on that axis.
    """
    panels = []
    for family in ("MLP", "SAE", "SDAE"):
        curves = [
            _curve(
                f"{family}-{depth}",
                (
                    (one.settings["nHUnit"], one)
                    for one in measurements
                    if one.model == f"{family}-{depth}" and one.problem == HARDEST and _fixed(one, "nHUnit")
                ),
            )
            for depth in (1, 2, 3)
        ]
        panels += _panel(HARDEST, f"{family}, units per hidden layer", curves)
    return panels


def _figure11(measurements: Sequence[Measurement]) -> list[Panel]:
    """Error against ν, a curve for each depth, which begins at 0 with SAE."""
    curves = []
    for depth in (1, 2, 3):
        its = [one for one in measurements if one.problem == HARDEST]
        curves.append(_curve(f"SDAE-{depth}", _over_noise(its, f"SDAE-{depth}", f"SAE-{depth}")))
    return _panel(HARDEST, NOISE, curves)


def _figure12(measurements: Sequence[Measurement]) -> list[Panel]:
    """Error against ν, of denoising and of noisy inputs: three layers of 1,000 units, and SVMs."""
    panels = []
    for problem in ("basic", "rot", "bg-rand"):
        its = [
            one
            for one in measurements
            if one.problem == problem and (one.source == "svm" or one.settings.get("nHUnit") == 1000)
        ]
        curves = [_curve(f"{name}", _over_noise(its, name, "SAE-3")) for name in ("SDAE-3", "SAE-3(1)", "SAE-3(2)")]
        svms = [one for one in its if one.model == "SVM-rbf"]
        curves.append(_curve("SVM-rbf", ((100 * one.settings.get("ν", 0), one) for one in svms)))
        panels += _panel(problem, NOISE, [curve for curve in curves if len(curve.points) > 1])
    return panels


def _figure13(measurements: Sequence[Measurement]) -> list[Panel]:
    """Error against the layer that an SVM is trained on, beside the network's own after fine-tuning."""
    panels = []
    for problem in PROBLEMS:
        its = [one for one in measurements if one.problem == problem and "copies" not in one.settings]
        curves = []
        for kernel in KERNELS:
            for weights, said in (("pretrained", ""), ("random", ", random weights")):
                of_layers = [
                    (layer, one)
                    for layer in LAYERS
                    for one in its
                    if one.model == f"SVM-{kernel}" + (f" on layer {layer}" if layer else "")
                    and one.weights == ("input" if layer == 0 else weights)
                ]
                curve = _curve(f"SVM-{kernel}{said}", of_layers)
                curves += [curve] if len(curve.points) > 1 else []
        if not curves:
            continue
        stacks = [(3, one.stack) for one in its if one.stack is not None]
        curves.append(_curve("SDAE-3, fine-tuned", stacks))
        paper = tuple(
            (f"SVM-{kernel}", float(layer), cell)
            for kernel in KERNELS
            for layer in LAYERS
            if (cell := published(problem, f"SVM-{kernel} on layer {layer}"))
        )
        panels += _panel(problem, "hidden layer", curves, paper)
    return panels


def _over_noise(its: Sequence[Measurement], model: str, without: str) -> Iterable[tuple[float, Measurement]]:
    """Place a method at the ν it was given; at 0 it is an ordinary autoencoder."""
    for one in its:
        if one.model == model and _fixed(one, "ν"):
            yield 100 * one.settings["ν"], one
        elif one.model == without:
            yield 0.0, one


def _fixed(measured: Measurement, name: str) -> bool:
    """Whether a setting was given: where a study chose its value, the others were not tested."""
    return name in measured.settings and name not in measured.searched


def _curve(label: str, points: Iterable[tuple[float, Measurement]]) -> Curve:
    """Make a curve of the preferred measurement at each place."""
    at: dict[float, list[Measurement]] = {}
    for x, one in points:
        at.setdefault(float(x), []).append(one)
    return Curve(label, tuple(Point(x, min(at[x], key=preference)) for x in sorted(at)))


def _panel(problem: str, x_title: str, curves: Sequence[Curve], paper: tuple = ()) -> list[Panel]:
    there = tuple(curve for curve in curves if curve.points)
    return [Panel(problem, x_title, there, paper)] if there else []
