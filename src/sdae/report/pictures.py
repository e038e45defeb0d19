"""Figures 5 to 8 and 15: pictures of filters and samples, and the numbers that were measured with them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sdae.files import NUMBER, Maybe, read_json
from sdae.formatting import CHECKOUT, percent
from sdae.paper.claims import claims
from sdae.report.content import Picture
from sdae.report.texts import OF_FILTERS, OF_SAMPLES

TITLES = {
    5: "Figure 5: filters of a regular autoencoder, on natural image patches",
    6: "Figure 6: filters with weight decay, and with Gaussian noise",
    7: "Figure 7: filters with other kinds of noise",
    8: "Figure 8: filters learnt from MNIST at increasing masking noise",
    15: "Figure 15: samples of three stacks, without supervision",
}
SHOW_SAMPLES = (15,)
Table = tuple[tuple[str, ...], ...]  # head and rows
RUN = {"run": str, "seed": int}
RUNS = {"runs": [RUN], "versions": Maybe(dict)}
GABOR = {"gabor_fraction": NUMBER, "median_r2": NUMBER, "median_localisation": NUMBER}
FILTERS = {**RUN, "method": str, "units": int, "noise": str, **GABOR}
JUDGEMENT = {"label_error": Maybe(NUMBER), "interval": Maybe(NUMBER), "distance": NUMBER, "variability": Maybe(NUMBER)}
SAMPLES = {**RUN, "method": str, "pretrained_with": str, **{key: Maybe(shape) for key, shape in JUDGEMENT.items()}}


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
        text, again = claims(name), f"{CHECKOUT} reproduce {name}"
        meaning = OF_SAMPLES if number in SHOW_SAMPLES else OF_FILTERS
        for file in sorted(found.get(number, [])):
            content, numbers = _read(file.with_suffix(".json"), number in SHOW_SAMPLES)
            laid_out.append(Picture(name, title, text, again, file, numbers, meaning, _trace(content)))
            text = ()
        if not found.get(number):
            laid_out.append(Picture(name, title, text, again))
    return tuple(laid_out)


def _read(file: Path, of_samples: bool) -> tuple[dict[str, Any], Table]:
    """Return what the file beside a picture holds, and its numbers as head and rows."""
    if not file.is_file():
        return {}, ()
    shape = {**RUNS, "runs": [SAMPLES if of_samples else FILTERS], "real": Maybe(JUDGEMENT)}
    content: dict[str, Any] = read_json(file, shape=shape)
    return content, (_of_samples if of_samples else _of_filters)(content)


def _of_filters(content: Mapping[str, Any]) -> Table:
    return ("method", "units", "noise", "Gabor functions", "R², median", "localisation, median"), *(
        (
            run["method"],
            str(run["units"]),
            run["noise"],
            f"{100 * run['gabor_fraction']:.0f} %",
            f"{run['median_r2']:.2f}",
            f"{run['median_localisation']:.2f}",
        )
        for run in content["runs"]
    )


def _of_samples(content: Mapping[str, Any]) -> Table:
    judged = [
        (run["method"], run["pretrained_with"], run) for run in content["runs"] if run.get("distance") is not None
    ]
    if not judged:
        return ()
    if content.get("real"):
        judged.append(("real test examples", "–", content["real"]))
    head = ("method", "pretrained with", "label error", "distance to the nearest example", "distance of two samples")
    return head, *(
        (
            method,
            pretrained_with,
            percent(of.get("label_error"), of.get("interval")),
            f"{of['distance']:.2f}",
            "–" if of.get("variability") is None else f"{of['variability']:.2f}",
        )
        for method, pretrained_with, of in judged
    )


def _trace(content: Mapping[str, Any]) -> str:
    if not content:
        return "Its runs are not recorded; the command trains new ones."
    commit = (content.get("versions") or {}).get("commit") or "not recorded"
    runs = "; ".join(f"{run['run']}, seed {run['seed']}" for run in content["runs"])
    return f"Runs, which the command trains again: {runs}. Commit: {commit}."
