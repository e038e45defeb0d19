"""The result of a run: ``result.json``, and a row on screen."""

from collections.abc import Mapping
from typing import Any

from sdae.data.registry import usual_size
from sdae.formatting import duration, percent, table
from sdae.paper.published import published, shown_beside


def published_cell(
    provenance: str, problem: str, model: str, examples: Mapping[str, float], labels: int | None
) -> dict[str, Any] | None:
    """Return the paper's cell for a run as plain values, or None if the paper has none.

    Results on local data are never compared with the paper, whatever the problem's name, nor are those of few labels,
    or of another number of training examples.

    Args:
        provenance: Of the data.
        problem: Short name.
        model: Name of its row in the paper's tables.
        examples: Number of training, validation and test examples.
        labels: Number of training examples with a label; None for all.
    """
    cell = published(problem, model)
    usual = provenance != "local" and labels in (None, examples["train"]) and usual_size(problem, examples)
    return cell.kept if cell and usual else None


def row(result: dict[str, Any]) -> str:
    """Show a result as a table of one row, with remarks below.

    The paper's stands beside it, unless the data are local or nothing was tested.
    """
    paper = result["published"]
    spread = f", ± sd of {len(result['folds'])} folds" if "folds" in result else ""
    pretraining = result["hyperparameters"]["pretraining"] or {}
    beside = {f"paper's Table {paper['table'][-1]}" if paper else "paper": shown_beside(paper)}
    cells = {
        "problem": result["problem"],
        "method": result["method"],
        "ν": _noise(pretraining["noise_level"], pretraining["corruption"]) if "noise_level" in pretraining else "–",
        "validation error": percent(result["valid_error"]),
        f"test error{spread}": percent(result["test_error"], result["test_interval"]),
        **({} if result["provenance"] == "local" or result["test_error"] is None else beside),
        "data": result["provenance"],
        "time": duration(result["seconds"]),
    }
    note = result.get("note")
    return table(list(cells), [list(cells.values())]) + (f"\n{note}" if note else "")


def _noise(level: float | list[float], corruption: str) -> str:
    if isinstance(level, list):
        return ", ".join(_noise(each, corruption) for each in level)
    return f"σ = {level:g}" if corruption == "gaussian" else f"{100 * level:g} %"
