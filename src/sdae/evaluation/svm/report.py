"""The results in ``svm.json`` on screen and in W&B."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from sdae.evaluation.svm.layers import Answer, Question
from sdae.evaluation.svm.run import SvmInput
from sdae.evaluation.trained import Weights
from sdae.formatting import percent, table
from sdae.paper.published import shown_beside
from sdae.runs.folder import RunFolder
from sdae.tracking.keys import NOTE, PROVENANCE, SVM_ANSWERS, SVM_LAYERS, svm_test_error
from sdae.tracking.tracking import Tracker

WEIGHTS = {"pretrained": "before fine-tuning", "best": "fine-tuned", "random": "random weights"}


def headline(target: SvmInput, folder: RunFolder) -> str:
    """Describe the stack or problem in one line."""
    description = f"{target.method}, {WEIGHTS[target.weights]}" if target.method else "the raw input"
    return f"{target.problem.name} · SVMs on {description} · {folder.path}"


PAPER = 6  # the column of the paper's errors


def alike(content: dict[str, Any], question: Question) -> dict[str, Any]:
    """Return the content with only the answers that were trained again, or not, as in the question.

    The others are of fewer or more training examples, and would be a second number at the same place.
    """
    answers = [answer for answer in content["answers"] if (answer["with_valid"] is not None) == question.refit]
    return {**content, "answers": answers}


def answers_table(content: dict[str, Any], weights: Weights, question: Question) -> str:
    """Return a table of the errors, ours beside the paper's unless the data are local, with remarks below."""
    noise = question.noise
    copies = asdict(noise) if noise is not None else None
    shown = [
        answer
        for answer in content["answers"]
        if answer["weights"] in ("input", weights)
        and (answer["layer"] in question.layers and answer["kernel"] in question.kernels and answer["noise"] == copies)
    ]
    tables = sorted({cell["table"][-1] for answer in shown if (cell := answer["published"])})
    spread = f", ± sd of {content['folds']} folds" if "folds" in content else ""
    head = [
        "layer",
        "kernel",
        "C",
        "γ",
        "validation error",
        f"test error{spread}",
        f"paper's Table {' and '.join(tables)}" if tables else "paper",
        "… without refit",
        "support vectors",
        "seconds",
    ]
    remarks = [content["provenance"] + " data", content["note"]]
    if noise is not None:
        remarks.insert(
            0, f"trained with {noise.copies} noisy copies of each example ({noise.corruption}, {noise.level:g})"
        )
    lines = [head, *(_row(answer) for answer in shown)]
    if content["provenance"] == "local":
        lines = [line[:PAPER] + line[PAPER + 1 :] for line in lines]
    return table(lines[0], lines[1:]) + "\n" + "; ".join(filter(None, remarks))


def _row(answer: Answer) -> list[str]:
    final = answer["with_valid"] or answer["without_valid"]
    other = answer["without_valid"] if answer["with_valid"] else None
    return [
        str(answer["layer"]),
        answer["kernel"],
        _value(answer["C"]),
        _value(answer["gamma"]),
        percent(answer["valid_error"]),
        percent(answer["test_error"], answer["test_interval"]),
        shown_beside(answer["published"]),
        percent(other["test_error"], other["test_interval"]) if other else "–",
        f"{final['support_vectors']:,.0f}",
        f"{answer['seconds']:,.0f}",
    ]


def _value(value: float | None | list[float | None]) -> str:
    if isinstance(value, list):
        low, high = min(map(_number, value)), max(map(_number, value))
        return _value(low or None) if low == high else f"{_value(low)} to {_value(high)}"
    if value is None:
        return "–"
    return f"{value:.3g}" if value < 1000 else f"{value:,.0f}"


def _number(value: float | None) -> float:
    return value or 0.0


def log_answers(tracker: Tracker, content: dict[str, Any], picture: Path | None) -> None:
    """Log to W&B: a table of all errors, the picture, and each test error in the summary."""
    columns = [
        "weights",
        "layer",
        "kernel",
        "noise",
        "C",
        "gamma",
        "valid_error",
        "test_error",
        "test_interval",
        "paper",
    ]
    rows = []
    for answer in content["answers"]:
        noise, paper = answer["noise"], answer["published"]
        values = {
            **answer,
            "noise": "{copies} × {corruption} {level}".format(**noise) if noise else "",
            "C": _value(answer["C"]),
            "gamma": _value(answer["gamma"]),
            "paper": paper["test_error"] if paper else None,
        }
        rows.append([values[column] for column in columns])
    tracker.table(SVM_ANSWERS, columns, rows)
    if picture is not None:
        tracker.image(SVM_LAYERS, picture, "test error against the hidden layer, as in Figure 13")
    tracker.summary(
        {key: content[key] for key in (PROVENANCE, NOTE)}
        | {
            svm_test_error(answer["weights"], answer["layer"], answer["kernel"]): answer["test_error"]
            for answer in content["answers"]
            if answer["noise"] is None
        }
    )
