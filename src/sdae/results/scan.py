"""Finds the studies, runs, SVMs and pictures below folders; the only module that knows their file names."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sdae.errors import SdaeError
from sdae.files import Misshapen, read_json
from sdae.results.storages import read_studies
from sdae.results.study import STUDIES, TRIALS, FoundStudy, of_kept, study_of_trial
from sdae.sweeps.storage import SQLITE, sqlite_file, sqlite_url

SKIPPED = ("wandb", "cache", "features")  # folders of a run or a sweep without results
FINDINGS = "findings.yaml"  # a person's explanations of table cells and figures
Content = dict[str, Any]


@dataclass
class OnDisk:
    """The results that were found.

    Attributes:
        studies: Each with the folder of its sweep.
        runs: The content of ``result.json``, by run folder.
        trials: Those of these folders that are trials of a study, by their names and configurations.
        svms: The content of ``svm.json``, by folder.
        pictures: ``figure*.png``.
        drawings: Plots of results, ``*.svg``.
        findings: Files of findings: explanations of single cells and of figures.
        unready: Sweeps that cannot be read yet, one line each with the reason.
        damaged: Files that cannot be read, one line each with the reason.
    """

    studies: list[FoundStudy] = field(default_factory=list)
    runs: dict[Path, Content] = field(default_factory=dict)
    trials: set[Path] = field(default_factory=set)
    svms: dict[Path, Content] = field(default_factory=dict)
    pictures: list[Path] = field(default_factory=list)
    drawings: list[Path] = field(default_factory=list)
    findings: list[Path] = field(default_factory=list)
    unready: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)


def scan(paths: Sequence[Path], storage: str | None = None) -> OnDisk:
    """Find all results below some folders, at any depth. It writes nothing, and never fails on what it finds.

    Args:
        paths: Folders; need not exist.
        storage: URL of a storage whose studies count as well, except those found in a sweep's folder.

    Raises:
        SdaeError: If the storage that was named cannot be used.
    """
    found = OnDisk()
    folders = list(dict.fromkeys(folder for path in paths for folder in _walk(path)))
    for folder in folders:
        _look(found, folder)
    if storage is not None:
        walked = {folder.resolve(): folder for folder in folders}
        studies, unready = _named_storage(storage)
        # A storage has absolute folders; runs and studies belong together by the paths under which they were found.
        studies = [replace(study, folder=walked.get(study.folder.resolve(), study.folder)) for study in studies]
        known = {(study.name, study.folder) for study in found.studies}
        found.studies += [study for study in studies if (study.name, study.folder) not in known]
        found.unready += unready
    return found


def _walk(path: Path) -> Iterator[Path]:
    for folder, below, _ in os.walk(path, followlinks=True):
        below[:] = sorted(name for name in below if name not in SKIPPED and not name.startswith("."))
        yield Path(folder)


def _look(found: OnDisk, folder: Path) -> None:
    found.studies += _studies(found, folder)
    for name, contents in {"result.json": found.runs, "svm.json": found.svms}.items():
        if (file := folder / name).is_file():
            content = _read(found, file, dict)
            if content is not None:
                contents[folder] = content
    if folder in found.runs and folder.match(TRIALS) and _is_trial(found, folder):
        found.trials.add(folder)
    if (folder / FINDINGS).is_file():
        found.findings.append(folder / FINDINGS)
    found.pictures += sorted(folder.glob("figure*.png"))
    found.drawings += sorted(folder.glob("*.svg"), key=lambda file: (len(file.name), file.name))  # -2 before -10


def _is_trial(found: OnDisk, folder: Path) -> bool:
    try:
        return study_of_trial(folder) is not None
    except SdaeError as error:
        found.damaged.append(f"{error}; leave its folder out")
        return False


def _studies(found: OnDisk, folder: Path) -> list[FoundStudy]:
    """Return the studies of a sweep's folder: those of its storage, or if that has none, the kept ones."""
    studies: list[FoundStudy] = []
    if (file := folder / SQLITE).is_file():
        try:
            studies, unready = read_studies(sqlite_url(folder), folder)
        except SdaeError as error:
            unready = [str(error).partition(": ")[2]]
        found.unready += [f"{file}: {line}" for line in unready]
    if not studies and (file := folder / STUDIES).is_file():
        try:
            studies = [of_kept(content, folder) for content in _read(found, file, [dict]) or []]
        except Misshapen as error:
            found.damaged.append(f"{file}: is not a record of studies ({error}); leave its folder out")
    return studies


def _named_storage(url: str) -> tuple[list[FoundStudy], list[str]]:
    file = sqlite_file(url)
    if file is not None and not file.is_file():
        return [], [f"{file}: no such storage"]
    studies, unready = read_studies(url)
    return studies, [f"storage: {line}" for line in unready]


def _read(found: OnDisk, file: Path, shape: Any) -> Any:
    try:
        return read_json(file, "; leave its folder out", shape)
    except SdaeError as error:
        found.damaged.append(str(error))
        return None
