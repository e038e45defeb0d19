"""Converts all found results to measurements."""

from dataclasses import dataclass, field
from pathlib import Path

from sdae.files import Misshapen
from sdae.results.measurement import Measurement
from sdae.results.reading import of_run, of_study, of_svm
from sdae.results.scan import OnDisk
from sdae.results.study import FoundStudy
from sdae.results.table_cells import missing_folds

UNREADABLE = (Misshapen, KeyError, TypeError)  # of contents that are not results, or of another version


@dataclass(frozen=True)
class Measured:
    """All measurements, and what has none.

    Attributes:
        measurements: Of studies, then of runs, then of SVMs; including kept copies.
        open: Studies without a test error that no table shows, and what is of some folds only, one line each with the
            reason.
        damaged: Files that are not results, one line each with the reason.
    """

    measurements: list[Measurement] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)


def measure_all(found: OnDisk) -> Measured:
    """Make measurements of the found results: the folds of a study are one together, a single fold is not one."""
    measured = Measured()
    of_folder: dict[Path, Measurement] = {}
    for (folder, row), studies in _rows(found.studies).items():
        try:
            measurement = of_study(studies)
        except UNREADABLE as error:
            measured.damaged.append(f"{folder}: {row}: is not a result of a study ({error}); leave its folder out")
            continue
        if measurement is None:
            if all(study.in_ablation and study.diverged for study in studies):
                continue
            ended = all(study.over for study in studies)
            reason = next(filter(None, (study.failure for study in studies))) if ended else "the study is not over"
            measured.open.append(f"{folder}: {row}: {reason}")
            continue
        measured.measurements.append(measurement)
        of_folder |= {study.chosen_folder: measurement for study in studies if study.chosen_folder}
        of_folder[Path(measurement.folder)] = measurement  # of all folds together, where there are several
    of_studies = {study.chosen_folder for study in found.studies}
    for folder, result in found.runs.items():
        if folder in of_folder or result.get("test_error") is None:
            continue
        try:
            measurement = of_run(result, folder)
        except UNREADABLE as error:
            file = folder / "result.json"
            measured.damaged.append(f"{file}: is not a result of a run ({error}); leave its folder out")
            continue
        if folder in found.trials:  # of which a study may have chosen another
            if folder not in of_studies:
                said = f"{measurement.problem}, {measurement.model}: a trial that no study found here has chosen"
                measured.open.append(f"{folder}: {said}")
            continue
        of_folder[folder] = measurement
        if result.get("fold") is None:
            measured.measurements.append(measurement)
        elif folder.parent not in found.runs and folder not in of_studies:  # a part of either
            measured.open.append(f"{folder}: {measurement.problem}, {measurement.model}: fold {result['fold']} alone")
    for folder, content in found.svms.items():
        if (fold := content.get("fold")) is not None:
            if folder.parent not in found.svms and folder not in of_studies:
                measured.open.append(f"{folder}: {content.get('problem')}, SVMs: fold {fold} alone")
            continue
        try:
            measured.measurements.extend(of_svm(content, folder, of_folder.get(folder)))
        except UNREADABLE as error:
            measured.damaged.append(f"{folder / 'svm.json'}: is not a result of svm ({error}); leave its folder out")
    _exclude_some_folds(measured.measurements, measured.open)
    return measured


def _exclude_some_folds(measurements: list[Measurement], excluded: list[str]) -> None:
    """Remove the measurements of some folds only, and say so in a line each: their mean is not the problem's."""
    for measurement in list(measurements):
        if reason := missing_folds(measurement):
            measurements.remove(measurement)
            excluded.append(f"{measurement.folder}: {measurement.problem}, {measurement.model}: {reason}")


def _rows(studies: list[FoundStudy]) -> dict[tuple[Path, str], list[FoundStudy]]:
    """Return the studies of each row of a table, one or one per fold, in the order in which they were found."""
    rows: dict[tuple[Path, str], list[FoundStudy]] = {}
    for study in studies:
        rows.setdefault((study.folder, study.row), []).append(study)
    return rows
