"""What holds of the paper's claims: how many comparisons agree, disagree, and are undecided."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sdae.paper.layout import KERNELS, LAYERS, MODELS
from sdae.report.content import Counts, Plot, Table, Verdict
from sdae.report.marks import Error, Number, error_of, overlap

Pair = tuple[Error | None, Error | None]  # test errors: of what the claim calls better, and of what it is compared with
BEST_NOISE = "SDAE-3 salt-and-pepper emphasized"


def verdicts(tables: Sequence[Table], plots: Sequence[Plot]) -> tuple[Verdict, ...]:
    """Count for each claim of the abstract and of sections 6.2 to 6.6, in our numbers and in the paper's own.

    The paper's are counted in the comparisons that are measured here. Two errors whose intervals overlap are undecided.

    Args:
        tables: Tables 3 to 5.
        plots: Figures 10 to 13.
    """
    table3, table4, table5 = tables
    plot = {figure.name: figure for figure in plots}
    rivals = [model for model in MODELS["table4"] if model.startswith("SDAE-3") and model != BEST_NOISE]
    neighbours = list(zip(LAYERS[1:], LAYERS[:-1], strict=True))
    of_levels = "section 6.3, Figures 11 and 12"
    of_table3, of_table4, of_table5 = "section 6.2, Table 3", "section 6.5, Table 4", "section 6.6, Table 5"
    return (
        _of_cells("SDAE-3 is better than SAE-3", of_table3, table3, [("SDAE-3", "SAE-3")]),
        _of_cells("SDAE-3 is better than SVM-rbf", of_table3, table3, [("SDAE-3", "SVM-rbf")]),
        _of_cells("SDAE-3 is as good as or better than DBN-3", of_table3, table3, [("SDAE-3", "DBN-3")]),
        Verdict("SDAE is better than SAE, at each noise level", of_levels, count(_levels(plot)), None),
        Verdict("denoising beats training with noisy inputs", "section 6.4, Figure 12", count(_noisy(plot)), None),
        _of_cells(
            "salt-and-pepper noise with emphasis is better than the other variants",
            of_table4,
            table4,
            [(BEST_NOISE, rival) for rival in rivals],
        ),
        _of_cells("an SVM on layer 3 is better than one on the input", of_table5, table5, _layers([(3, 0)])),
        _of_cells("an SVM on a layer is better than one on the layer below", of_table5, table5, _layers(neighbours)),
    )


def _layers(pairs: Iterable[tuple[int, int]]) -> list[tuple[str, str]]:
    named = "SVM-{} on layer {}".format
    return [(named(kernel, upper), named(kernel, lower)) for upper, lower in pairs for kernel in KERNELS]


def _of_cells(claim: str, where: str, table: Table, models: Sequence[tuple[str, str]]) -> Verdict:
    cells = [(table.cells[problem, a], table.cells[problem, b]) for problem in table.problems for a, b in models]
    measured = [(a, b) for a, b in cells if a.ours and b.ours]
    ours = count((_error(a.ours), _error(b.ours)) for a, b in measured)
    return Verdict(claim, where, ours, count((_error(a.paper), _error(b.paper)) for a, b in measured))


def _levels(plots: Mapping[str, Plot]) -> Iterator[Pair]:
    """Pair every level of noise with the same network at level 0: Figure 11, and Figure 12's problems."""
    for panel in (panel for name in ("figure11", "figure12") for panel in plots[name].panels):
        for curve in (curve for curve in panel.curves if curve.label.startswith("SDAE-")):
            without = next((error_of(point.ours) for point in curve.points if point.x == 0), None)
            yield from ((error_of(point.ours), without) for point in curve.points if point.x > 0)


def _noisy(plots: Mapping[str, Plot]) -> Iterator[Pair]:
    """Pair denoising with each model trained with noisy inputs of the same level."""
    for panel in plots["figure12"].panels:
        curves = {curve.label: {point.x: error_of(point.ours) for point in curve.points} for curve in panel.curves}
        for other in ("SAE-3(1)", "SAE-3(2)", "SVM-rbf"):
            for level, error in curves.get(other, {}).items():
                if level > 0:
                    yield curves.get("SDAE-3", {}).get(level), error


def count(pairs: Iterable[Pair]) -> Counts:
    """Count the pairs of which the first error is lower, of which neither is, and of which it is higher.

    A pair counts where both errors are known; a difference counts where the intervals do not overlap.
    """
    known = [(first, second) for first, second in pairs if first is not None and second is not None]
    apart = [(first, second) for first, second in known if not overlap(first, second)]
    agree = sum(first < second for first, second in apart)
    return Counts(agree, len(known) - len(apart), len(apart) - agree)


def _error(number: Number | None) -> Error | None:
    return error_of(number) if number else None
