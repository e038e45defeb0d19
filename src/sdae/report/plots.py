"""Figures 10 to 13: which measurement is a point of which curve."""

from collections.abc import Iterable, Sequence

from sdae.formatting import CHECKOUT
from sdae.paper.claims import claims
from sdae.paper.layout import KERNELS, LAYERS, PROBLEMS
from sdae.paper.published import published
from sdae.report.cells import preference
from sdae.report.content import Curve, Panel, Plot, Point
from sdae.results.measurement import Measurement
from sdae.results.table_cells import Weights, stands
from sdae.settings.per_layer import as_list

TITLES = {
    "figure10": "Figure 10: number of layers and units, with and without pretraining",
    "figure11": "Figure 11: sensitivity to the level of corruption",
    "figure12": "Figure 12: denoising pretraining against training with noisy inputs",
    "figure13": "Figure 13: SVMs on the representations of SDAE-3, layer by layer",
}
HARDEST = "bg-img-rot"  # section 6.3's problem
FIGURE_12_UNITS = 1000  # of every hidden layer
COPIES = 9  # of each example, for Figure 12's SVM (footnote 13)
AXES = {"nHUnit", "ν"}  # of Figures 10 and 11
NOISE = "masking noise ν, %"
REMARKS: dict[Weights, str] = {"pretrained": "", "random": ", random weights"}  # on the weights of Figure 13's networks
Place = tuple[str, float, Measurement]  # name of a curve, place on the axis


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
            bars=_bars(panels[name]),
        )
        for name in TITLES
    )


def _bars(panels: Sequence[Panel]) -> str:
    """Return what the error bars are: as the tables' intervals, standard deviations where there are folds."""
    folds = [
        panel.problem for panel in panels if any(point.ours.folds for curve in panel.curves for point in curve.points)
    ]
    deviation = f", on {' and '.join(dict.fromkeys(folds))} the standard deviation over the folds" if folds else ""
    return f"{Plot.bars}{deviation}"


def _command(name: str, panels: Sequence[Panel]) -> str:
    """Return the command; of Figure 13 with measured problems, for these: the paper does not name its two."""
    if name == "figure13" and panels:
        problems = " ".join(panel.problem for panel in panels)
        random = f"; {CHECKOUT} svm --run RUN --random_weights true"  # footnote 16
        drawn = any(curve.label.endswith("random weights") for panel in panels for curve in panel.curves)
        return f"{CHECKOUT} reproduce table5 --problems {problems}{random if drawn else ''}"
    return f"{CHECKOUT} reproduce {name}"


def _figure10(measurements: Sequence[Measurement]) -> list[Panel]:
    """Error against units, a panel for each way to initialise, a curve for each depth."""
    panels = []
    for family in ("MLP", "SAE", "SDAE"):
        methods = [f"{family}-{depth}" for depth in (1, 2, 3)]
        places = _alike(_placed(_of(HARDEST, measurements), methods, "nHUnit"), "ν")
        panels += _panel(HARDEST, f"{family}, units per hidden layer", _curves(methods, places))
    return panels


def _figure11(measurements: Sequence[Measurement]) -> list[Panel]:
    """Error against ν, a curve for each depth, which begins at 0 with SAE."""
    found = _of(HARDEST, measurements)
    without = {f"SDAE-{depth}": f"SAE-{depth}" for depth in (1, 2, 3)}
    places = _alike(_placed(found, [*without], "ν"), "nHUnit")
    return _panel(HARDEST, NOISE, _curves([*without], _from_zero(places, without, found)))


def _figure12(measurements: Sequence[Measurement]) -> list[Panel]:
    """Error against ν, of denoising and of noisy inputs: three layers of 1,000 units, and SVMs."""
    panels = []
    without = dict.fromkeys(("SDAE-3", "SAE-3(1)", "SAE-3(2)"), "SAE-3")
    for problem in ("basic", "rot", "bg-rand"):
        found = _of(problem, measurements)
        masking = [result for result in found if result.corruption == "masking"]
        places = [
            place for place in _placed(masking, [*without], "ν") if _given(place[2], "nHUnit") == (FIGURE_12_UNITS,)
        ]
        svms: list[Place] = [("SVM-rbf", 0.0, result) for result in found if stands(result, "SVM-rbf")]
        svms += [
            ("SVM-rbf", 100 * result.settings["ν"], result)
            for result in masking
            if result.model == "SVM-rbf" and result.settings.get("copies") == COPIES and not result.point
        ]
        curves = _curves([*without, "SVM-rbf"], [*_from_zero(places, without, found), *svms])
        panels += _panel(problem, NOISE, curves)
    return panels


def _figure13(measurements: Sequence[Measurement]) -> list[Panel]:
    """Error against the layer that an SVM is trained on, beside the network's own after fine-tuning."""
    panels = []
    for problem in PROBLEMS:
        found = _of(problem, measurements)
        curves = []
        for kernel in KERNELS:
            for weights, remark in REMARKS.items():
                label = f"SVM-{kernel}{remark}"
                of_layers = [
                    (label, layer, result)
                    for layer in LAYERS
                    for result in found
                    if stands(result, f"SVM-{kernel} on layer {layer}", weights=weights)
                ]
                curves += _curves([label], of_layers)
        if not curves:
            continue
        curves.append(curve_of("SDAE-3, fine-tuned", ((3, stack) for stack in _stacks(curves))))
        paper = tuple(
            (f"SVM-{kernel}", float(layer), cell)
            for kernel in KERNELS
            for layer in LAYERS
            if (cell := published(problem, f"SVM-{kernel} on layer {layer}"))
        )
        panels += _panel(problem, "hidden layer", curves, paper)
    return panels


def _stacks(curves: Sequence[Curve]) -> list[Measurement]:
    """Return the networks of the drawn points, of pretrained layers where there are any."""
    drawn = [point.ours for curve in curves for point in curve.points if point.ours.stack is not None]
    trained = [result for result in drawn if result.weights == "pretrained"]
    return [result.stack for result in trained or drawn if result.stack is not None]


def _of(problem: str, measurements: Sequence[Measurement]) -> list[Measurement]:
    return [result for result in measurements if result.problem == problem]


def _placed(found: Sequence[Measurement], methods: Sequence[str], axis: str) -> list[Place]:
    """Place the studies of a point of the axis, and single runs, at the one value that they were given.

    A study's point can have the axes of both figures of section 6.3. What a study chose freely belongs to no place, nor
    does a network whose layers have different values.
    """
    return [
        (result.model, given[0], result)
        for result in found
        if result.model in methods and (result.source == "run" or {axis} <= result.point.keys() <= AXES)
        if len(given := _given(result, axis)) == 1
    ]


def _given(measured: Measurement, name: str) -> tuple[float, ...]:
    """Return a setting, one value or one per layer; nothing where a study chose it, or the method has none."""
    if name in measured.searched or name not in measured.settings:
        return ()
    return tuple(as_list(measured.settings[name]))


def _alike(places: Sequence[Place], other: str) -> list[Place]:
    """Select the places of one value of the other setting, or where it was chosen at every point.

    The value with most studies is taken, then with most places: curves of different values show no effect of the axis.
    """
    by_value: dict[tuple[float, ...], list[Place]] = {}
    for place in places:
        by_value.setdefault(_given(place[2], other), []).append(place)

    def rank(alike: Sequence[Place]) -> tuple:
        studies = {(label, x) for label, x, result in alike if result.source == "study"}
        return (
            -len(studies),
            -len({(label, x) for label, x, _ in alike}),
            min(preference(result) for _, _, result in alike),
        )

    return min(by_value.values(), key=rank, default=[])


def _from_zero(places: Sequence[Place], without: dict[str, str], found: Sequence[Measurement]) -> list[Place]:
    """Put the method without noise at 0 of each curve: with the same units, and where possible of the same sweep."""

    def rank(result: Measurement) -> tuple:
        return result.sweep not in sweeps, bool(result.point), preference(result)

    begun = list(places)
    for label, method in without.items():
        curve = [result for name, _, result in places if name == label]
        units = {_given(result, "nHUnit") for result in curve}
        sweeps = {result.sweep for result in curve}
        zeros = [
            result
            for result in found
            if result.model == method and result.point.keys() <= {"nHUnit"} and _given(result, "nHUnit") in units
        ]
        if zeros:
            begun.append((label, 0.0, min(zeros, key=rank)))
    return [(label, 100 * x, result) for label, x, result in begun]


def _curves(labels: Sequence[str], places: Sequence[Place]) -> list[Curve]:
    """Return the curves, without those of a single point, which show no change along the axis."""
    curves = [curve_of(label, ((x, result) for name, x, result in places if name == label)) for label in labels]
    return [curve for curve in curves if len(curve.points) > 1]


def curve_of(label: str, points: Iterable[tuple[float, Measurement]]) -> Curve:
    """Make a curve of the preferred measurement at each place."""
    at: dict[float, list[Measurement]] = {}
    for x, result in points:
        at.setdefault(float(x), []).append(result)
    return Curve(label, tuple(Point(x, min(at[x], key=preference)) for x in sorted(at)))


def _panel(problem: str, x_title: str, curves: Sequence[Curve], paper: tuple = ()) -> list[Panel]:
    return [Panel(problem, x_title, tuple(curves), paper)] if curves else []
