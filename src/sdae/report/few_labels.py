"""The benefit of pretraining with few labels: test error against their number, a curve for each method."""

from collections.abc import Sequence

from sdae.formatting import duration
from sdae.report.content import Panel, Plot
from sdae.report.marks import shown_in_a_table
from sdae.report.plots import curve_of
from sdae.results.measurement import Measurement
from sdae.settings.table2 import shown

NAME = "few-labels"
METHODS = ("MLP", "SAE", "SDAE", "DBN")
BEYOND = (
    "Not in the paper. The layers of all methods but MLP-3 are pretrained on all training examples, without labels; "
    "the network is fine-tuned on a labelled subset, drawn in the classes' proportions. Each number is the mean ± the "
    "standard deviation over draws of this subset. The validation set, which controls early stopping, keeps all of its "
    "labels."
)


def lay_out_few_labels(means: Sequence[Measurement]) -> tuple[Plot, ...]:
    """Lay out the plot, with the tables below it.

    Args:
        means: Over draws of the labels.

    Returns:
        Nothing if nothing was measured: unlike the paper's figures, it is not shown as missing.
    """
    panels = [_panel(problem, means) for problem in dict.fromkeys(mean.problem for mean in means)]
    if not panels:
        return ()
    again = "; ".join(dict.fromkeys(mean.command for mean in means))
    return (
        Plot(
            name=NAME,
            short="Few labels",
            title="Few labels: the benefit of pretraining (not in the paper)",
            panels=tuple(panels),
            claims=(),
            again=again,
            beyond=BEYOND,
            bars="the standard deviation over draws of the labels",
            numbers=_numbers(panels),
            sources=_sources(panels),
        ),
    )


def _panel(problem: str, means: Sequence[Measurement]) -> Panel:
    of_problem = [mean for mean in means if mean.problem == problem]
    labels = sorted(dict.fromkeys(map(_label, of_problem)), key=_place)
    curves = [
        curve_of(label, ((mean.labels or 0, mean) for mean in of_problem if _label(mean) == label)) for label in labels
    ]
    return Panel(problem, "training examples with a label", tuple(curves), log=True)


def _label(mean: Measurement) -> str:
    """Name a curve by its method, and by further settings that its studies are points of."""
    return ", ".join(filter(None, [mean.model, shown({**mean.point, "labels": None})]))


def _place(label: str) -> tuple[int, str]:
    family = label.partition("-")[0]
    return METHODS.index(family) if family in METHODS else len(METHODS), label


def _numbers(panels: Sequence[Panel]) -> tuple[tuple[str, ...], ...]:
    """Return a row for each method, a column for each number of labels."""
    labels = sorted({point.x for panel in panels for curve in panel.curves for point in curve.points})
    rows: list[tuple[str, ...]] = [("problem", "method", *(f"{x:,.0f} labels" for x in labels))]
    for panel in panels:
        for curve in panel.curves:
            at = {point.x: shown_in_a_table(point.ours) for point in curve.points}
            rows.append((panel.problem, curve.label, *(at.get(x, "–") for x in labels)))
    return tuple(rows)


def _sources(panels: Sequence[Panel]) -> tuple[tuple[str, ...], ...]:
    """Return a row for each method: what all its points have in common, or every value that they have."""
    rows: list[tuple[str, ...]] = [
        ("problem", "method", "data", "draws", "trials per draw", "time", "settings", "seed", "studies", "commit")
    ]
    for panel in panels:
        for curve in panel.curves:
            points = [point.ours for point in curve.points]
            columns = (
                [mean.provenance for mean in points],
                [str(mean.draws) for mean in points],
                [f"{mean.trials / (mean.draws or 1):g}" for mean in points],
                [duration(sum(mean.seconds for mean in points))],
                [shown(mean.settings) for mean in points],
                [str(mean.seed) for mean in points],
                [f"`{mean.folder}`" for mean in points],
                [mean.commit or "not recorded" for mean in points],
            )
            rows.append((panel.problem, curve.label, *("; ".join(dict.fromkeys(column)) for column in columns)))
    return tuple(rows)
