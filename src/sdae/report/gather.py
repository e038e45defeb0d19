"""Finds everything that was measured below some folders."""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from sdae.errors import SdaeError
from sdae.files import read_json
from sdae.paper.layout import MODELS, ROWS, SIZES
from sdae.report.measurement import Measurement
from sdae.report.reading import of_run, of_study, of_svm
from sdae.report.studies import Record, from_storage, of_sweep

SKIPPED = ("wandb", "cache", "features")  # folders of a run or a sweep in which no result lies
FINDINGS = "findings.yaml"  # what a person found out about a cell
PICTURE = re.compile(r"figures?(\d+)(?:-(\d+))?(?:-[a-z].*)?\.png")  # figure8.png, figures5-7.png, figure8-units.png


@dataclass
class Found:
    """What was found.

    Attributes:
        measurements: Every test error.
        sweeps: The studies of each sweep's folder that are over.
        pictures: For the number of a figure, its pictures.
        findings: By ``table3/rect/DBN-1``, why ours differs from the paper's: of ``findings.yaml``.
        left_aside: What cannot be used, each in a line with its reason.
    """

    measurements: list[Measurement] = field(default_factory=list)
    sweeps: dict[Path, list[Record]] = field(default_factory=dict)
    pictures: dict[int, list[Path]] = field(default_factory=dict)
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
    found = Found()
    for path in paths:
        if not path.is_dir():
            raise SdaeError(f"{path}: no such folder; name those of runs and sweeps")
    folders = [folder for path in paths for folder in _walk(path)]
    for folder in folders:
        if records := of_sweep(folder):
            found.sweeps[folder] = records
    for one, folder in from_storage(storage) if storage else []:
        found.sweeps.setdefault(folder, []).append(one)
    of_folder: dict[Path, Measurement] = {}
    for sweep, records in found.sweeps.items():
        for row in dict.fromkeys(one["row"] for one in records):
            its = [one for one in records if one["row"] == row]
            measured = of_study(its, sweep)
            if measured is None:
                found.left_aside.append(f"{sweep}: {row}: the study is not over")
            else:
                _add(found, measured)
                of_folder[Path(measured.folder)] = measured
            of_folder |= {sweep / chosen["folder"]: measured for one in its if (chosen := _chosen(one)) and measured}
    for folder in folders:
        _run(found, folder, of_folder)
    for folder in folders:
        _svm(found, folder, of_folder)
        found.findings |= _findings(folder / FINDINGS)
        for file in sorted(folder.iterdir()):
            if named := PICTURE.fullmatch(file.name):
                for number in range(int(named[1]), int(named[2] or named[1]) + 1):
                    found.pictures.setdefault(number, []).append(file)
    return found


def _walk(path: Path) -> Iterator[Path]:
    for folder, below, _ in os.walk(path, followlinks=True):
        below[:] = sorted(name for name in below if name not in SKIPPED and not name.startswith("."))
        yield Path(folder)


def _chosen(one: Record) -> dict[str, Any] | None:
    return (one["result"] or {}).get("chosen")


def _run(found: Found, folder: Path, of_folder: dict[Path, Measurement]) -> None:
    file = folder / "result.json"
    if not file.is_file() or folder in of_folder:
        return
    result = _read(file)
    if result.get("test_error") is None:
        return
    try:
        measured = of_run(result, folder)
    except (KeyError, TypeError) as error:
        raise SdaeError(f"{file}: is no result of a run ({error!r}); leave its folder out") from None
    of_folder[folder] = measured
    if result["fold"] is None:
        _add(found, measured)


def _svm(found: Found, folder: Path, of_folder: dict[Path, Measurement]) -> None:
    file = folder / "svm.json"
    if not file.is_file():
        return
    content = _read(file)
    if content.get("fold") is not None:
        return
    try:
        measured = of_svm(content, folder, of_folder.get(folder))
    except (KeyError, TypeError) as error:
        raise SdaeError(f"{file}: is no answer of svm ({error!r}); leave its folder out") from None
    for one in measured:
        _add(found, one)


def _findings(file: Path) -> dict[str, str]:
    if not file.is_file():
        return {}
    try:
        findings = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise SdaeError(f"{file}: cannot be read ({error})") from None
    cells = {f"{table}/{problem}/{model}" for table in ROWS for problem in ROWS[table] for model in MODELS[table]}
    for key in findings:
        if key not in cells:
            raise SdaeError(f"{file}: {key} is no cell; name one as table3/rect/DBN-1")
    return {key: " ".join(str(text).split()) for key, text in findings.items()}


def _add(found: Found, measured: Measurement) -> None:
    """Take a measurement in, unless it is there, of local data, or of a training set other than the paper's."""
    if any(
        replace(measured, folder=one.folder, command=one.command, stack=one.stack) == one for one in found.measurements
    ):
        return  # a run and its kept copy
    usual = SIZES.get(measured.problem)
    n = measured.examples.get("train")
    if usual is not None and n != usual.train:
        found.left_aside.append(
            f"{measured.folder}: {measured.problem}, {measured.model}: trained on {n:,} examples, not the "
            f"problem's {usual.train:,}"
        )
    elif measured.provenance == "local":
        found.left_aside.append(f"{measured.folder}: {measured.problem}, {measured.model}: of local data")
    else:
        found.measurements.append(measured)


def _read(file: Path) -> dict[str, Any]:
    content = read_json(file)
    if not isinstance(content, dict):
        raise SdaeError(f"{file}: is no result of ours; leave its folder out")
    return content
