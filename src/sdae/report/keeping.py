"""Keeps what a report is made of: the small files, never the weights, so that it can be made again."""

import shutil
from collections.abc import Container, Iterable, Sequence
from functools import partial
from pathlib import Path

import yaml

from sdae.errors import SdaeError
from sdae.files import make_folder, read_json, write_aside, write_text
from sdae.report.gather import Found, read_findings
from sdae.report.kept_sweeps import KeptFolder, kept_folders, runs_of
from sdae.report.pictures import RUNS
from sdae.results.scan import FINDINGS
from sdae.runs.folder import FOLDS, RunFolder

OF_A_RUN = ("config.yaml", "result.json", "svm.json")
LARGEST = 200_000  # bytes of a picture


def keep(found: Found, paths: Sequence[Path], into: Path) -> None:
    """Copy what a report is made of, each file to the place that it has below the path it was found in.

    Of a run whose result is another than the one kept before, the old SVMs and pictures are deleted. The kept folder
    of a sweep has the runs that its studies chose, and no others. Explanations of table cells are merged into one file,
    where those that were found replace those that were kept before.

    Args:
        found: What was found.
        paths: The folders searched.
        into: The folder to keep it in.

    Raises:
        SdaeError: If a file cannot be read or written, two would have the same place, or a picture is too large.
    """
    places = {study.folder: into / _below(study.folder, paths) for study in found.studies}
    sweeps = kept_folders(found.studies, places)
    taken: dict[Path, Path] = {}
    for source in _files(found, sweeps):
        place = into / _below(source, paths)
        if place.resolve() == source.resolve():
            continue  # kept before; what is found elsewhere is newer
        if taken.setdefault(place, source) != source and taken[place].read_bytes() != source.read_bytes():
            raise SdaeError(f"{place}: {taken[place]} and {source} would both be kept there; name one of their folders")
    for source in taken.values():
        size = source.stat().st_size
        if source.suffix == ".png" and size > LARGEST:
            raise SdaeError(f"{source}: {size:,} bytes; a picture that is kept has at most {LARGEST:,}")
    explanations = _explanations(found, into)
    make_folder(into)  # also where nothing is over yet
    for stale in [*_of_old_results(taken, into), *(file for sweep in sweeps for file in _others(sweep, taken))]:
        _delete(stale, into)
    for place, source in taken.items():
        make_folder(place.parent)
        write_aside(place, partial(shutil.copyfile, source))
    for sweep in sweeps:
        make_folder(sweep.place)
        sweep.write()
    if explanations is not None:
        text = yaml.safe_dump(explanations, sort_keys=False, allow_unicode=True, width=120)
        write_text(into / FINDINGS, text)


def _explanations(found: Found, into: Path) -> dict[str, str] | None:
    """Return the explanations to keep; None where the kept file has them already, which a person may have laid out."""
    file = into / FINDINGS
    kept = read_findings(file) if file.is_file() else {}
    merged = kept | found.findings
    return None if merged == kept else merged


def _files(found: Found, sweeps: Sequence[KeptFolder]) -> Iterable[Path]:
    chosen = {study.chosen_folder for sweep in sweeps for study in sweep.newer if study.labels is None}
    trials = {study.folder / runs_of(study.name) for study in found.studies}
    folders = {measured.folder for measured in found.measurements}
    folders |= {measured.stack.folder for measured in found.measurements if measured.stack}
    for folder in map(Path, sorted(folders)):
        if folder not in chosen and folder.parent in trials:
            continue  # a trial is kept with its study, or not at all
        runs = [folder, *(fold.path for fold in RunFolder(folder).folds)]
        yield from (run / name for run in runs for name in OF_A_RUN if (run / name).is_file())
    for run in sorted(filter(None, chosen)):  # every fold's, of which the measurement names the first
        yield from (run / name for name in OF_A_RUN if (run / name).is_file())
    for files in found.pictures.values():
        for picture in files:
            yield from (file for file in (picture, picture.with_suffix(".json")) if file.is_file())


def _of_old_results(taken: dict[Path, Path], into: Path) -> Iterable[Path]:
    """Return the kept SVMs and pictures of runs whose result is replaced by another."""
    changed = {
        place.parent: source.parent
        for place, source in taken.items()
        if place.name == "result.json" and place.is_file() and place.read_bytes() != source.read_bytes()
    }
    for place in changed:
        beside = [
            place / "svm.json",
            *place.glob("*.png"),
            *(file.with_suffix(".json") for file in place.glob("*.png")),
            *_of_all_folds(place),
        ]
        yield from (file for file in beside if file.is_file() and file not in taken)
    for picture in into.rglob("figure*.png"):
        numbers = picture.with_suffix(".json")
        if picture in taken or not changed or not numbers.is_file():
            continue
        if any(Path(run["run"]) in changed.values() for run in read_json(numbers, shape=RUNS)["runs"]):
            yield from (picture, numbers)


def _others(sweep: KeptFolder, taken: Container[Path]) -> Iterable[Path]:
    """Return the kept files of runs that no study of a sweep chose."""
    for run in sweep.other_runs():
        names = (*OF_A_RUN, "*.png", "*.json")
        yield from dict.fromkeys(file for name in names for file in run.glob(name))
        yield from (file for file in _of_all_folds(run) if file not in taken)


def _of_all_folds(run: Path) -> Iterable[Path]:
    """Return the kept SVMs of all folds together, if a run is that of one fold's study: they are of its layers, too."""
    if run.parent.match(FOLDS):
        yield from run.parents[1].glob("svm.json")


def _delete(file: Path, into: Path) -> None:
    """Delete a file, and the folders that are empty without it."""
    try:
        file.unlink(missing_ok=True)
        for folder in file.parents:
            if folder == into or any(folder.iterdir()):
                break
            folder.rmdir()
    except OSError as error:
        raise SdaeError(f"{file}: cannot be deleted ({error.strerror})") from None


def _below(path: Path, paths: Sequence[Path]) -> Path:
    """Return a path relative to that of those which holds it; another machine's sweep goes by its folder's name."""
    for root in paths:
        if path.is_relative_to(root):
            return path.relative_to(root)
    return Path(path.name)
