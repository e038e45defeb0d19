"""Table 5 with the weights after fine-tuning: SVMs on the layers of the same networks, beside the paper's numbers."""

from collections.abc import Sequence

from sdae.formatting import CHECKOUT
from sdae.paper.published import published
from sdae.report.cells import fill_cell
from sdae.report.content import Cell, Comparison, Table
from sdae.report.marks import mark, shown_in_a_table
from sdae.results.measurement import Measurement

HEAD = ("problem", "SVM", "layer", "before", "after", "the paper's", "our SDAE-3", "the paper's SDAE-3", "run")
TITLE = "Table 5 with the weights after fine-tuning"
TEXT = (
    "Section 6.6 says that the SVMs of Table 5 were trained on the layers as they are before fine-tuning, and so are "
    "ours in Table 5. Here the same SVMs are trained on the same layers after fine-tuning, on {problems}. The "
    "interval of our value before fine-tuning overlaps the paper's in {before} of {rows} rows, after fine-tuning in "
    "{after}; the mean distance from the paper's value is {far_before:.2f} points before and {far_after:.2f} after. "
    "In the paper itself, the linear SVM on layer 3 and the fine-tuned SDAE-3 differ by at most 2.2 points on every "
    "problem but tzanetakis, where the SVM is better by 11. ≈, ▲ and ▼ compare with the paper's value."
)
AGAIN = f"{CHECKOUT} svm --run RUN --layers 1 2 3 --fine_tuned true"


def after_fine_tuning(table5: Table, measurements: Sequence[Measurement]) -> Comparison | None:
    """Lay out the comparison, a row for each cell of Table 5 whose network has an SVM on its fine-tuned layer too.

    Args:
        table5: With the SVMs on the layers before fine-tuning.
        measurements: All that were found.

    Returns:
        None where there is no such SVM.
    """
    pairs = [(cell, after) for cell in table5.cells.values() if (after := _after(cell, measurements)).ours]
    if not pairs:
        return None
    text = TEXT.format(
        before=sum(cell.overlaps is True for cell, _ in pairs),
        after=sum(after.overlaps is True for _, after in pairs),
        rows=len(pairs),
        problems=", ".join(dict.fromkeys(cell.problem for cell, _ in pairs)),
        far_before=_distance([cell for cell, _ in pairs]),
        far_after=_distance([after for _, after in pairs]),
    )
    rows = tuple(_row(cell, after) for cell, after in pairs)
    return Comparison("fine-tuned", "Fine-tuned layers", TITLE, text, HEAD, rows, (AGAIN,))


def _after(before: Cell, measurements: Sequence[Measurement]) -> Cell:
    """Return the same cell with the SVM on the fine-tuned layer of the same network; empty without one."""
    folder = before.ours.folder if before.ours else None
    same = [measured for measured in measurements if measured.weights == "best" and measured.folder == folder]
    return fill_cell(before.problem, before.model, same, weights="best")


def _distance(cells: Sequence[Cell]) -> float:
    """Return the mean distance of our values from the paper's, in points of a percent."""
    far = [abs(cell.ours.test_error - cell.paper.test_error) for cell in cells if cell.ours and cell.paper]
    return 100 * sum(far) / len(far)


def _row(before: Cell, after: Cell) -> tuple[str, ...]:
    kernel, _, layer = before.model.removeprefix("SVM-").partition(" on layer ")
    ours = [f"{shown_in_a_table(cell.ours)} {mark(cell)}".rstrip() for cell in (before, after)]
    network = after.ours.stack if after.ours else None
    paper = [shown_in_a_table(number) for number in (before.paper, network, published(before.problem, "SDAE-3"))]
    return before.problem, kernel, layer, *ours, *paper, f"`{after.ours.folder if after.ours else ''}`"
