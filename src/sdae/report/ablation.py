"""Ablation: one example per update against minibatches, from the studies whose axes are the rate and the batch size."""

from collections.abc import Container, Sequence

from sdae.formatting import CHECKOUT, percent
from sdae.paper.layout import PROBLEMS
from sdae.paper.published import published
from sdae.report.content import Comparison
from sdae.report.marks import shown_in_a_table
from sdae.results.measurement import Measurement
from sdae.results.study import FoundStudy

LAYERS = (1, 2, 3)
HEAD = (
    *("problem", "method", "lRate", "batch", "validation", "test"),
    *(f"linear SVM on layer {layer}" for layer in LAYERS),
    "run",
)
TITLE = "Online learning compared with minibatches of 20"
TEXT = (
    "Learning rates are per example: a minibatch of 20 takes one step of 20 times the rate along the mean gradient. "
    "Where a layer's inputs are dense, as representations and backgrounds are, that step can be beyond the stability "
    "limit at Table 2's usual rates, while 20 single steps are not. In rows with “diverged”, every trial diverged. "
    "The linear SVMs show how well each layer is trained at a rate. All rows of a problem have the same "
    "seed and number of epochs of pretraining; “batch” is the batch size of pretraining and of fine-tuning. On rect "
    "the fine-tuning rate (0.005 or 0.02) was chosen on validation data, on basic it is 0.05."
)


def ablation(studies: Sequence[FoundStudy], measurements: Sequence[Measurement]) -> Comparison | None:
    """Lay out the ablation: for every problem and method the paper's numbers, then a row for each rate and batch size.

    Args:
        studies: All that were found; those of the ablation are shown.
        measurements: All that were found, among them SVMs on the chosen runs' layers.

    Returns:
        None where there is no such study.
    """
    by_row: dict[tuple[str, str], list[FoundStudy]] = {}
    for study in studies:  # those of runs, and kept copies of them
        if study.in_ablation:
            by_row.setdefault((study.sweep, study.row), []).append(study)
    if not by_row:
        return None
    found = sorted(
        (copies[0] for copies in by_row.values()),
        key=lambda study: (PROBLEMS.index(study.problem), study.method, study.point["lRate"], study.point["batch"]),
    )
    rows = []
    for problem, method in dict.fromkeys((study.problem, study.method) for study in found):
        rows.append(_papers(problem, method))
        rows += [
            _row(study, by_row[study.sweep, study.row], measurements)
            for study in found
            if (study.problem, study.method) == (problem, method)
        ]
    sweeps = dict.fromkeys(study.sweep for study in found)
    again = tuple(f"{CHECKOUT} sweep --config sweeps/{sweep}.yaml" for sweep in sweeps)
    return Comparison("ablation", "Online learning", TITLE, TEXT, HEAD, tuple(rows), again)


def _papers(problem: str, method: str) -> tuple[str, ...]:
    of_layers = [published(problem, f"SVM-linear on layer {layer}") if method == "SDAE-3" else None for layer in LAYERS]
    cells = [published(problem, method), *of_layers]
    return problem, method, "the paper's", "", "", *map(shown_in_a_table, cells), ""


def _row(study: FoundStudy, copies: Sequence[FoundStudy], measurements: Sequence[Measurement]) -> tuple[str, ...]:
    """Return the row of a study; SVMs may have been found beside any copy of its run."""
    name = study.problem, study.method, f"{study.point['lRate']:g}", f"{study.point['batch']:g}"
    run, folder = study.run, study.chosen_folder
    if run is None or folder is None or run["test_error"] is None:
        return *name, "–", "diverged" if study.diverged else "failed", *("–" for _ in LAYERS), f"`{study.folder}`"
    folders = {str(copy.chosen_folder) for copy in copies if copy.run == run}
    test = percent(run["test_error"], run["test_interval"], unit="")
    return *name, percent(run["valid_error"], unit=""), test, *_linear(folders, measurements), f"`{folder}`"


def _linear(folders: Container[str], measurements: Sequence[Measurement]) -> list[str]:
    """Return the errors of linear SVMs on a run's pretrained layers."""
    errors = {
        measured.model: shown_in_a_table(measured)
        for measured in measurements
        if measured.folder in folders and measured.weights == "pretrained" and "copies" not in measured.settings
    }
    return [errors.get(f"SVM-linear on layer {layer}", "–") for layer in LAYERS]
