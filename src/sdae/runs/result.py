"""What one run ends with: ``result.json`` and a row on screen."""

import platform
import subprocess
from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sdae.paper.published import Published, published, published_model

PACKAGES = ("sdae", "torch", "lightning", "torchmetrics", "numpy", "numba", "wandb")


def versions() -> dict[str, str | None]:
    """Return the versions that the numbers were made with, and the commit of this source."""
    packages = {package: version(package) for package in PACKAGES}
    return {"python": platform.python_version(), **packages, "commit": commit()}


@cache
def commit() -> str | None:
    """Return the commit that this source is of, with a + where it differs from it; None outside a checkout of ours."""
    source = Path(__file__).parents[1]

    def git(*args: str) -> str:
        return subprocess.run(["git", "-C", source, *args], check=True, capture_output=True, text=True).stdout.strip()

    try:
        if not git("ls-files", "--", "errors.py"):
            return None  # installed somewhere below another project
        return git("rev-parse", "--short=12", "HEAD") + ("+" if git("status", "--porcelain", "--", ".") else "")
    except (OSError, subprocess.CalledProcessError):
        return None


def beside(method: str, problem: str, corruption: str, emphasised: bool) -> dict[str, Any] | None:
    """Return the paper's cell for this run as plain values, or None where the paper prints none."""
    model = published_model(method, problem, corruption, emphasised)
    cell: Published | None = published(problem, model)
    if cell is None:
        return None
    return {
        "table": cell.table,
        "model": model,
        "test_error": cell.test_error,
        "interval": cell.interval,
        "noise_level": cell.noise_level,
    }


def percent(error: float | None, half_width: float | None = None) -> str:
    """Show an error as the paper's tables do, ``2.84 ± 0.15 %``, or a dash where there is none."""
    if error is None:
        return "–"
    if half_width is None:
        return f"{100 * error:.2f} %"
    return f"{100 * error:.2f} ± {100 * half_width:.2f} %"


def duration(seconds: float) -> str:
    """Show seconds as a person says them."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02d} min"
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"


def row(result: dict[str, Any]) -> str:
    """Show a result as a table of one row, ours beside the paper's, and under it what has to be said of it."""
    paper = result["published"]
    spread = f", ± sd of {len(result['folds'])} folds" if "folds" in result else ""
    how = result["hyperparameters"]["pretraining"]
    cells = {
        "problem": result["problem"],
        "method": result["method"],
        "ν": _noise(how["noise_level"], how["corruption"]) if how and "noise_level" in how else "–",
        "validation error": percent(result["valid_error"]),
        f"test error{spread}": percent(result["test_error"], result["test_interval"]),
        f"paper's Table {paper['table'][-1]}" if paper else "paper": percent(paper["test_error"], paper["interval"])
        if paper
        else "prints none",
        "data": result["provenance"],
        "time": duration(result["seconds"]),
    }
    note = result.get("note")
    return table(list(cells), [list(cells.values())]) + (f"\n{note}" if note else "")


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Align columns with two spaces between them."""
    widths = [max(len(line[i]) for line in (head, *rows)) for i in range(len(head))]
    lines = [head, ["─" * width for width in widths], *rows]
    return "\n".join("  ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)).rstrip() for line in lines)


def _noise(level: float | list[float], corruption: str) -> str:
    if isinstance(level, list):
        return ", ".join(_noise(one, corruption) for one in level)
    return f"σ = {level:g}" if corruption == "gaussian" else f"{100 * level:g} %"
