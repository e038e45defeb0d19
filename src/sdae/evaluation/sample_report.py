"""The numbers of samples, as a table on screen."""

from pathlib import Path
from typing import Any

from sdae.formatting import percent, table


def shown_on_screen(content: dict[str, Any], picture: Path | None, beside: Path) -> str:
    """Return a table with a row a run, real examples last where there is a test set, and how to read it.

    Args:
        content: What ``samples.json`` holds.
        picture: Path of the picture, or None.
        beside: Path of the numbers.
    """
    lines = []
    if "judged" in content:
        head = ["run", "method", "pretrained with", "label error", "nearest example", "variability"]
        rows = [[run["run"], run["method"], run["pretrained_with"], *_numbers(run)] for run in content["runs"]]
        if "real" in content:
            rows.append(["–", "real test examples", "–", *_numbers(content["real"])])
        lines += ["", table(head, rows), ""]
        if machine := content["classifier"]:
            lines.append(
                f"label error: by an RBF SVM, C = {machine['C']:g}, γ = {machine['gamma']:g}, "
                f"trained on {machine['training_examples']:,} other training examples"
            )
        lines += ["nearest example: Euclidean distance to the nearest training example but its own", ""]
    if content["note"]:
        lines += [content["note"], ""]
    if picture is None:
        lines.append(f"{content['problem']}: its examples are not pictures; numbers alone")
    return "\n".join([*lines, ", ".join(str(path) for path in (picture, beside) if path is not None)])


def _numbers(judged: dict[str, Any]) -> list[str]:
    variability = "–" if judged["variability"] is None else f"{judged['variability']:.2f}"
    return [percent(judged["label_error"], judged["interval"]), f"{judged['distance']:.2f}", variability]
