"""Keeps what a report is made of: the small files, never the weights, so that it can be made again."""

import shutil
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

from sdae.errors import SdaeError
from sdae.files import make_folder, write_aside, write_json
from sdae.report.gather import Found
from sdae.results.study import STUDIES

OF_A_RUN = ("config.yaml", "result.json", "svm.json")
LARGEST = 200_000  # bytes of a picture


def keep(found: Found, paths: Sequence[Path], into: Path) -> None:
    """Copy what a report is made of, each file to the place that it has below the path it was found in.

    Args:
        found: What was found.
        paths: The folders searched.
        into: The folder to keep it in.

    Raises:
        SdaeError: If a file cannot be written, two would have the same place, or a picture is too large.
    """
    taken: dict[Path, Path] = {}
    for source in _files(found):
        place = into / _below(source, paths)
        if place.resolve() == source.resolve():
            continue  # kept before; what is found elsewhere is newer
        if taken.setdefault(place, source) != source and taken[place].read_bytes() != source.read_bytes():
            raise SdaeError(f"{place}: {taken[place]} and {source} would both be kept there; name one of their folders")
    for source in taken.values():
        size = source.stat().st_size
        if source.suffix == ".png" and size > LARGEST:
            raise SdaeError(f"{source}: {size:,} bytes; a picture that is kept has at most {LARGEST:,}")
    make_folder(into)  # also where nothing is over yet
    for place, source in taken.items():
        make_folder(place.parent)
        write_aside(place, partial(shutil.copyfile, source))
    for folder in dict.fromkeys(study.folder for study in found.studies):
        place = into / _below(folder, paths)
        over = [study.kept for study in found.studies if study.folder == folder and study.over]
        if over and place.resolve() != folder.resolve():
            make_folder(place)
            write_json(place / STUDIES, over)


def _files(found: Found) -> Iterable[Path]:
    folders = {measured.folder for measured in found.measurements}
    folders |= {measured.stack.folder for measured in found.measurements if measured.stack}
    for folder in map(Path, sorted(folders)):
        runs = [folder, *sorted(folder.glob("fold[0-9][0-9]"))]
        yield from (run / name for run in runs for name in OF_A_RUN if (run / name).is_file())
    for study in found.studies:  # every fold's, of which the measurement names the first
        run = study.chosen_folder
        if run and study.labels is None:  # many short ones: STUDIES has all that is shown
            yield from (run / name for name in OF_A_RUN if (run / name).is_file())
    for files in found.pictures.values():
        for picture in files:
            yield from (file for file in (picture, picture.with_suffix(".json")) if file.is_file())


def _below(path: Path, paths: Sequence[Path]) -> Path:
    """Return a path relative to that of those which holds it; another machine's sweep goes by its folder's name."""
    for root in paths:
        if path.is_relative_to(root):
            return path.relative_to(root)
    return Path(path.name)
