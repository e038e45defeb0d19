"""Figures 5 to 8 and 15: pictures of filters and samples, and the numbers that were measured with them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sdae.files import NUMBER, Maybe, read_json
from sdae.formatting import percent
from sdae.paper.claims import claims
from sdae.report.content import Picture

TITLES = {
    5: "Figure 5: filters of a regular autoencoder, on natural image patches",
    6: "Figure 6: filters with weight decay, and with Gaussian noise",
    7: "Figure 7: filters with other kinds of noise",
    8: "Figure 8: filters learnt from MNIST at increasing masking noise",
    15: "Figure 15: samples of three stacks, without supervision",
}
RUNS = {"runs": Maybe([{"run": str, "seed": int}]), "versions": Maybe(dict)}
FILTERS = {
    **{"method": str, "units": int, "noise": str, "gabor_fraction": NUMBER},
    **{"median_r2": NUMBER, "median_localisation": NUMBER},
}
SAMPLES = {
    **{"method": str, "pretrained_with": str, "label_error": NUMBER, "interval": NUMBER},
    **{"distance": NUMBER, "variability": Maybe(NUMBER)},
}


def lay_out_pictures(found: Mapping[int, Sequence[Path]]) -> tuple[Picture, ...]:
    """Lay out Figures 5 to 8 and 15; a figure has one picture or several.

    Args:
        found: Pictures by the number of the figure.

    Raises:
        SdaeError: If the file of numbers beside a picture cannot be read.
    """
    laid_out = []
    for number, title in TITLES.items():
        name = f"figure{number}"
        text, again = claims(name), f"python src/cli.py reproduce {name}"
        for file in sorted(found.get(number, [])):
            content = _read(file.with_suffix(".json"))
            laid_out.append(Picture(name, title, text, again, file, _numbers(content), _traces(content)))
            text = ()
        if not found.get(number):
            laid_out.append(Picture(name, title, text, again))
    return tuple(laid_out)


def _read(file: Path) -> dict[str, Any]:
    if not file.is_file():
        return {}
    content: dict[str, Any] = read_json(file, shape=RUNS)
    for kind, key in ((FILTERS, "gabor_fraction"), (SAMPLES, "label_error")):
        if any(run.get(key) is not None for run in content.get("runs") or []):
            read_json(file, shape={"runs": [kind]})
    return content


def _numbers(content: Mapping[str, Any]) -> tuple[tuple[str, ...], ...]:
    """Return head and rows, of filters or of samples."""
    runs = content.get("runs") or []
    if runs and runs[0].get("gabor_fraction") is not None:
        head: tuple[str, ...] = ("method", "units", "noise", "Gabor functions", "R², median", "localisation, median")
        return head, *(
            (
                run["method"],
                str(run["units"]),
                run["noise"],
                f"{100 * run['gabor_fraction']:.0f} %",
                f"{run['median_r2']:.2f}",
                f"{run['median_localisation']:.2f}",
            )
            for run in runs
        )
    if runs and runs[0].get("label_error") is not None:
        head = (
            "method",
            "pretrained with",
            "label error",
            "distance to the nearest example",
            "distance of two samples",
        )
        return head, *(
            (
                run["method"],
                run["pretrained_with"],
                percent(run["label_error"], run["interval"]),
                f"{run['distance']:.2f}",
                "–" if run.get("variability") is None else f"{run['variability']:.2f}",
            )
            for run in runs
        )
    return ()


def _traces(content: Mapping[str, Any]) -> tuple[str, ...]:
    if not content:
        return ("the runs of this picture were not kept; the command reproduces them",)
    commit = (content.get("versions") or {}).get("commit") or "not recorded"
    return tuple(f"{run['run']}, seed {run['seed']}, commit {commit}" for run in content.get("runs") or [])
