"""Figure 13: the test error of SVMs against the hidden layer whose representation they are trained on."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sdae.files import write_aside

COLOURS = {"linear": "#c8553d", "rbf": "#2f5d8a"}
NAMES = {"linear": "linear", "rbf": "RBF"}
GREY = "#555555"
ASIDE = {"linear": -0.05, "rbf": 0.05}  # offset from the layer, so that error bars do not overlap


def draw(content: dict[str, Any], weights: str, fine_tuned: float | None, path: Path) -> None:
    """Draw the answers in ``svm.json`` as a picture.

    Solid curves are the stack's, dashed ones those of random weights if they were measured (footnote 16), faint
    points the paper's; a line across is the test error of the fine-tuned network itself.

    Args:
        content: The content of ``svm.json``.
        weights: Weights of the solid curves: ``pretrained``, ``best``, or ``random`` if there are no trained ones.
        fine_tuned: The fine-tuned network's own test error, a fraction, or None.
        path: The .png to write.

    Raises:
        SdaeError: If it cannot be written.
    """
    answers = [answer for answer in content["answers"] if answer["noise"] is None]
    if weights == "random" and any(answer["weights"] == "pretrained" for answer in answers):
        weights = "pretrained"
    figure = Figure(figsize=(6.4, 4.4), dpi=150, layout="constrained")
    axes = figure.add_subplot()
    named: dict[str, Any] = {}
    for kernel, colour in COLOURS.items():
        ours = _curve(answers, kernel, weights)
        named |= _line(axes, ours, kernel, f"{NAMES[kernel]} SVM", fmt="o-", color=colour, linewidth=1.8, markersize=5)
        control = _curve(answers, kernel, "random") if weights != "random" else []
        if any(answer["layer"] > 0 for answer in control):
            label = f"{NAMES[kernel]} SVM, random weights"
            named |= _line(
                axes, control, kernel, label, fmt="o--", color=colour, linewidth=1, markersize=3.5, alpha=0.75
            )
        paper = [answer for answer in ours if answer["published"] is not None]
        if paper:
            named[f"{NAMES[kernel]} SVM, the paper's"] = axes.errorbar(
                [answer["layer"] + 3 * ASIDE[kernel] for answer in paper],
                [100 * answer["published"]["test_error"] for answer in paper],
                [100 * answer["published"]["interval"] for answer in paper],
                fmt="D",
                color=colour,
                alpha=0.35,
                markersize=4.5,
                capsize=2,
                elinewidth=1,
            )
    if fine_tuned is not None:
        label = f"{content['method']}, fine-tuned"
        named[label] = axes.axhline(100 * fine_tuned, color=GREY, linestyle=":", linewidth=1.5)
    _dress(axes, content, answers, weights)
    figure.legend(named.values(), named.keys(), loc="outside lower center", ncols=3, frameon=False, fontsize=8)
    write_aside(path, lambda aside: figure.savefig(aside, format="png"))


def _curve(answers: Sequence[dict[str, Any]], kernel: str, weights: str) -> list[dict[str, Any]]:
    return [answer for answer in answers if answer["kernel"] == kernel and answer["weights"] in ("input", weights)]


def _line(axes: Axes, curve: Sequence[dict[str, Any]], kernel: str, label: str, **style: Any) -> dict[str, Any]:
    if not curve:
        return {}
    x = [answer["layer"] + ASIDE[kernel] for answer in curve]
    y, bars = ([100 * answer[key] for answer in curve] for key in ("test_error", "test_interval"))
    return {label: axes.errorbar(x, y, bars, capsize=3, elinewidth=1, **style)}


def _dress(axes: Axes, content: dict[str, Any], answers: Sequence[dict[str, Any]], weights: str) -> None:
    whose = {"best": ", fine-tuned", "random": ", random weights"}.get(weights, "")
    axes.set_title(
        f"{content['problem']}, {content['method']}{whose}: SVMs on each layer's representation", fontsize=11
    )
    axes.set_xlabel("hidden layer (0: the input)")
    bars = "± standard deviation over folds" if "folds" in content else "± 95 % interval"
    axes.set_ylabel(f"test error (%), {bars}")
    highest = max((answer["layer"] for answer in answers), default=0)
    axes.set_xlim(-0.35, highest + 0.35)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_ylim(bottom=0)
    axes.grid(axis="y", color="#dddddd", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
