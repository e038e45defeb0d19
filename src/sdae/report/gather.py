"""Selects the results on disk that a report shows."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sdae.config.yaml_files import read_yaml
from sdae.data.registry import REGISTRY, usual_size
from sdae.errors import SdaeError
from sdae.paper.layout import MODELS, ROWS
from sdae.report.plots import TITLES
from sdae.results.measure import measure_all
from sdae.results.measurement import Measurement
from sdae.results.over_draws import over_draws
from sdae.results.scan import scan
from sdae.results.study import FoundStudy

PICTURE = re.compile(r"figures?(\d+)(?:-(\d+))?(?:-[a-z].*)?\.png")  # figure8.png, figures5-7.png, figure8-units.png
DRAWING = re.compile(r"(figure\d+|few-labels)-\d+\.svg")  # of Report.plots


@dataclass
class Found:
    """What was found.

    Attributes:
        measurements: Every test error, for a cell of the paper's tables, a curve or the ablation.
        few_labels: Means over draws of few labels, of the studies that are over.
        studies: Every study, over or not.
        pictures: For the number of a figure, its pictures.
        drawings: For the name of a plot, what was drawn of its panels.
        findings: By ``table3/rect/DBN-1`` why our value differs from the paper's, and by ``figure10`` what is to be
            said of our values there, from ``findings.yaml``.
        left_aside: Excluded results, each in one line with the reason.
    """

    measurements: list[Measurement] = field(default_factory=list)
    few_labels: list[Measurement] = field(default_factory=list)
    studies: list[FoundStudy] = field(default_factory=list)
    pictures: dict[int, list[Path]] = field(default_factory=dict)
    drawings: dict[str, list[Path]] = field(default_factory=dict)
    findings: dict[str, str] = field(default_factory=dict)
    left_aside: list[str] = field(default_factory=list)


def gather(paths: Sequence[Path], storage: str | None = None) -> Found:
    """Gather the measurements in run folders, sweeps' folders and pictures, at any depth.

    Args:
        paths: Folders.
        storage: URL of a storage whose sweeps count as well, where their folders have none.

    Raises:
        SdaeError: If a path is not there, or a file cannot be read.
    """
    for path in paths:
        if not path.is_dir():
            raise SdaeError(f"{path}: no such folder; name those of runs and sweeps")
    on_disk = scan(paths, storage)
    measured = measure_all(on_disk)
    for line in [*on_disk.damaged, *measured.damaged]:
        raise SdaeError(line)
    found = Found(studies=on_disk.studies, left_aside=[*on_disk.unready, *measured.open])
    for measurement in measured.measurements:
        _add(found, measurement)
    means, alone = over_draws(on_disk.studies)
    for mean in means:
        _add(found, mean)
    found.left_aside += alone
    for file in on_disk.findings:
        found.findings |= read_findings(file)
    for file in on_disk.pictures:
        if named := PICTURE.fullmatch(file.name):
            for number in range(int(named[1]), int(named[2] or named[1]) + 1):
                found.pictures.setdefault(number, []).append(file)
    for file in on_disk.drawings:
        if drawn := DRAWING.fullmatch(file.name):
            found.drawings.setdefault(drawn[1], []).append(file)
    return found


def read_findings(file: Path) -> dict[str, str]:
    """Read explanations of our values: of table cells, as ``table3/rect/DBN-1``, and of figures, as ``figure10``.

    Raises:
        SdaeError: If it cannot be read, or names an unknown cell or figure.
    """
    findings = read_yaml(file) or {}
    if not isinstance(findings, dict):
        raise SdaeError(f"{file}: holds no keys and values")
    cells = {f"{table}/{problem}/{model}" for table in ROWS for problem in ROWS[table] for model in MODELS[table]}
    for key in findings:
        if key not in cells | TITLES.keys():
            raise SdaeError(f"{file}: {key}: unknown table cell or figure; name one as table3/rect/DBN-1, or figure10")
    return {key: " ".join(str(text).split()) for key, text in findings.items()}


def _add(found: Found, measured: Measurement) -> None:
    """Take a measurement in, unless it is there, of local data, or of a training set other than the paper's."""
    known = found.measurements if measured.labels is None else found.few_labels
    if any(map(measured.same_result, known)):
        return  # a run and its kept copy
    if measured.labels is not None and measured.draws is None:
        if measured.source != "study":  # which is a part of a mean
            n, usual = measured.labels, measured.examples.get("train", 0)
            found.left_aside.append(
                f"{measured.folder}: {measured.problem}, {measured.model}: {n:,.0f} of {usual:,.0f} training examples "
                "had a label"
            )
        return
    if measured.provenance == "local":
        found.left_aside.append(f"{measured.folder}: {measured.problem}, {measured.model}: local data")
    elif usual_size(measured.problem, measured.examples):
        known.append(measured)
    else:
        n, usual = measured.examples.get("train", 0), REGISTRY[measured.problem].sizes.train
        found.left_aside.append(
            f"{measured.folder}: {measured.problem}, {measured.model}: trained on {n:,.0f} examples, not the "
            f"problem's {usual:,}"
        )
