"""Figures 10 to 13: which measurement is a point of which curve."""

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


def lay_out_plots(measurements: Sequence[Measurement]) -> tuple[Plot, ...]:
    """Lay out Figures 10 to 13."""
    panels = {
        "figure10": _figure10(measurements),
        "figure11": _figure11(measurements),
        "figure12": _figure12(measurements),
        "figure13": _figure13(measurements),
    }
    return tuple(
        Plot(
            *(name, f"Figure {name[6:]}", TITLES[name], tuple(panels[name]), claims(name)),
            _command(name, panels[name]),
        )
        for name in TITLES
    )


def _command(name: str, panels: Sequence[Panel]) -> str:
    """Return the command; of Figure 13 with measured problems, for these: the paper does not name its two."""
    if name == "figure13" and panels:
        problems = " ".join(panel.problem for panel in panels)
        random = "; python src/cli.py svm --run RUN --random_weights true"  # footnote 16
        drawn = any(curve.label.endswith("random weights") for panel in panels for curve in panel.curves)
        return f"python src/cli.py reproduce table5 --problems {problems}{random if drawn else ''}"
    return f"python src/cli.py reproduce {name}"


def _figure10(measurements: Sequence[Measurement]) -> list[Panel]:
    """Error against units, a panel for each way to initialise, a curve for each depth.

    Each point is of one number of units: what a study chose freely belongs to no place on that axis.
    """
    panels = []
    for family in ("MLP", "SAE", "SDAE"):
        curves = []
        for depth in (1, 2, 3):
            method = f"{family}-{depth}"
            fixed = [one for one in _of(HARDEST, measurements) if one.model == method and _fixed(one, "nHUnit")]
            curves.append(curve_of(method, ((one.settings["nHUnit"], one) for one in fixed)))
        panels += _panel(HARDEST, f"{family}, units per hidden layer", curves)
    return panels


def _figure11(measurements: Sequence[Measurement]) -> list[Panel]:
    """Error against ν, a curve for each depth, which begins at 0 with SAE."""
    found = _of(HARDEST, measurements)
    curves = [curve_of(f"SDAE-{depth}", _over_noise(found, f"SDAE-{depth}", f"SAE-{depth}")) for depth in (1, 2, 3)]
    return _panel(HARDEST, NOISE, curves)


def _figure12(measurements: Sequence[Measurement]) -> list[Panel]:
    """Error against ν, of denoising and of noisy inputs: three layers of 1,000 units, and SVMs."""
    panels = []
    for problem in ("basic", "rot", "bg-rand"):
        found = _of(problem, measurements)
        networks = [one for one in found if one.source != "svm" and one.settings.get("nHUnit") == 1000]
        curves = [curve_of(name, _over_noise(networks, name, "SAE-3")) for name in ("SDAE-3", "SAE-3(1)", "SAE-3(2)")]
        svms = [one for one in found if one.model == "SVM-rbf"]
        curves.append(curve_of("SVM-rbf", ((100 * one.settings.get("ν", 0), one) for one in svms)))
        panels += _panel(problem, NOISE, [curve for curve in curves if len(curve.points) > 1])
    return panels


def _figure13(measurements: Sequence[Measurement]) -> list[Panel]:
    """Error against the layer that an SVM is trained on, beside the network's own after fine-tuning."""
    panels = []
    for problem in PROBLEMS:
        found = [one for one in _of(problem, measurements) if "copies" not in one.settings]
        curves = []
        for kernel in KERNELS:
            for weights, said in (("pretrained", ""), ("random", ", random weights")):
                of_layers = [
                    (layer, one)
                    for layer in LAYERS
                    for one in found
                    if one.model == f"SVM-{kernel}" + (f" on layer {layer}" if layer else "")
                    and one.weights == ("input" if layer == 0 else weights)
                ]
                curve = curve_of(f"SVM-{kernel}{said}", of_layers)
                curves += [curve] if len(curve.points) > 1 else []
        if not curves:
            continue
        stacks = [(3, one.stack) for one in found if one.stack is not None]
        curves.append(curve_of("SDAE-3, fine-tuned", stacks))
        paper = tuple(
            (f"SVM-{kernel}", float(layer), cell)
            for kernel in KERNELS
            for layer in LAYERS
            if (cell := published(problem, f"SVM-{kernel} on layer {layer}"))
        )
        panels += _panel(problem, "hidden layer", curves, paper)
    return panels


def _of(problem: str, measurements: Sequence[Measurement]) -> list[Measurement]:
    return [one for one in measurements if one.problem == problem]


def _over_noise(found: Sequence[Measurement], model: str, without: str) -> Iterable[tuple[float, Measurement]]:
    """Place a method at the ν it was given; at 0 it is an ordinary autoencoder."""
    for one in found:
        if one.model == model and _fixed(one, "ν"):
            yield 100 * one.settings["ν"], one
        elif one.model == without:
            yield 0.0, one


def _fixed(measured: Measurement, name: str) -> bool:
    """Whether a setting was given: where a study chose its value, the others were not tested."""
    return name in measured.settings and name not in measured.searched


def curve_of(label: str, points: Iterable[tuple[float, Measurement]]) -> Curve:
    """Make a curve of the preferred measurement at each place."""
    at: dict[float, list[Measurement]] = {}
    for x, one in points:
        at.setdefault(float(x), []).append(one)
    return Curve(label, tuple(Point(x, min(at[x], key=preference)) for x in sorted(at)))


def _panel(problem: str, x_title: str, curves: Sequence[Curve], paper: tuple = ()) -> list[Panel]:
    there = tuple(curve for curve in curves if curve.points)
    return [Panel(problem, x_title, there, paper)] if there else []
