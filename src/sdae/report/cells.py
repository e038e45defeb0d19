"""Fills the paper's tables: which measurement stands in which cell."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sdae.formatting import CHECKOUT
from sdae.paper.layout import MODELS, ROWS, TITLES, rivals
from sdae.paper.published import published
from sdae.report.content import Cell, Table
from sdae.report.marks import best_models, error_of, ordering, overlap
from sdae.results.measurement import Measurement
from sdae.results.table_cells import Weights, stands

SOURCES = ("study", "svm", "run")  # a model selection is preferred to a single run


def preference(measured: Measurement) -> tuple:
    """Return what measurements of one cell are compared by, the smaller the better; never the test error.

    A study before a single run, the study with most trials, the paper's data before generated ones; then the lower
    validation error, for an SVM on a representation that of the network (section 6.6), and the folder's name.
    """
    network = measured.stack or measured
    valid = network.valid_error if network.valid_error is not None else 1.0
    return (
        SOURCES.index(network.source),
        -network.trials,
        measured.provenance != "original",
        valid,
        measured.folder,
    )


def fill_table(name: str, measurements: Sequence[Measurement], findings: Mapping[str, str]) -> Table:
    """Fill a table.

    Args:
        name: ``table3``, ``table4`` or ``table5``.
        measurements: Everything that was found.
        findings: By ``table3/rect/DBN-1``, why our value differs from the paper's.
    """
    models, problems = MODELS[name], ROWS[name]
    cells = {(problem, model): fill_cell(problem, model, measurements) for problem in problems for model in models}
    orderings = {}
    for problem in problems:
        row = {model: cells[problem, model] for model in models}
        ours = {model: error_of(cell.ours) for model, cell in row.items() if cell.ours}
        paper = {model: error_of(cell.paper) for model, cell in row.items() if cell.paper}
        for model, cell in row.items():
            measured = {rival: ours[rival] for rival in rivals(name, model) if rival in ours}
            printed = {rival: paper[rival] for rival in rivals(name, model) if rival in paper}
            cells[problem, model] = replace(
                cell,
                our_best=len(measured) > 1 and model in best_models(measured),
                finding=findings.get(f"{name}/{problem}/{model}"),
                paper_best=model in best_models(printed),
            )
        if description := ordering(ours, paper):
            orderings[problem] = description
    again = f"{CHECKOUT} reproduce {name}"
    return Table(name, TITLES[name], problems, models, cells, orderings, again)


def fill_cell(problem: str, model: str, measurements: Sequence[Measurement], weights: Weights = "pretrained") -> Cell:
    """Fill a cell, without its marks: of those that stand in it, the measurement that :func:`preference` puts first.

    Args:
        problem: Its row.
        model: Its column.
        measurements: Everything that was found.
        weights: Of the network that an SVM is on, as for :func:`sdae.results.table_cells.stands`.
    """
    paper = published(problem, model)
    fitting = [
        result for result in measurements if result.problem == problem and stands(result, model, weights=weights)
    ]
    fitting.sort(key=preference)
    chosen = fitting[0] if fitting else None
    overlaps = overlap(error_of(chosen), error_of(paper)) if chosen and paper else None
    return Cell(problem, model, paper, chosen, overlaps, others=tuple(fitting[1:]))
