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
    panels = [_panel(problem, means) for problem in dict.fromkeys(one.problem for one in means)]
    if not panels:
        return ()
    again = "; ".join(dict.fromkeys(one.command for one in means))
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
    its = [one for one in means if one.problem == problem]
    labels = sorted(dict.fromkeys(map(_label, its)), key=_place)
    curves = [curve_of(label, ((one.labels or 0, one) for one in its if _label(one) == label)) for label in labels]
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
            its = [point.ours for point in curve.points]
            columns = (
                [one.provenance for one in its],
                [str(one.draws) for one in its],
                [f"{one.trials / (one.draws or 1):g}" for one in its],
                [duration(sum(one.seconds for one in its))],
                [shown(one.settings) for one in its],
                [str(one.seed) for one in its],
                [f"`{one.folder}`" for one in its],
                [one.commit or "not recorded" for one in its],
            )
            rows.append((panel.problem, curve.label, *("; ".join(dict.fromkeys(column)) for column in columns)))
    return tuple(rows)
