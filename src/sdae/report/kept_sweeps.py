"""The kept folder of a sweep: the record of its studies, and exactly the runs that they chose."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sdae.data.registry import REGISTRY
from sdae.errors import SdaeError
from sdae.files import read_json, write_json
from sdae.results.study import RECORD, STUDIES, TRIALS, FoundStudy, study_of_trial
from sdae.runs.folder import slug
from sdae.sweeps.storage import SQLITE

Record = dict[str, Any]


@dataclass(frozen=True)
class KeptFolder:
    """What the kept folder of a sweep is to hold.

    Attributes:
        place: The folder.
        source: The folder of the sweep that was found.
        records: The content of ``studies.json``.
        newer: The studies among them that were found elsewhere than in ``place``, whose runs are to be copied.
    """

    place: Path
    source: Path
    records: list[Record]
    newer: list[FoundStudy]

    @property
    def runs(self) -> set[Path]:
        """The run folders that its studies chose; of few labels, the record has all that is shown."""
        chosen = [record["result"].get("chosen") for record in self.records if record["labels"] is None]
        return {self.place / of["folder"] for of in chosen if of}

    def other_runs(self) -> Iterator[Path]:
        """Return the trials kept before that no study chose, in the folders of these studies or by their configuration.

        So is one whose result is not that of the record, where the run that replaced it is not found.
        """
        if (self.place / SQLITE).exists():  # not a kept folder, but that of a sweep
            return
        chosen, folders = self.runs, {self.place / runs_of(record["name"]) for record in self.records}
        sweeps = {record["sweep"] for record in self.records}
        nested = {file.parent for file in self.place.rglob(STUDIES)} - {self.place}
        for run in sorted(self.place.rglob(TRIALS)):
            if run not in chosen and not nested & set(run.parents) and (run.parent in folders or _is_of(run, sweeps)):
                yield run
        for study in self.newer:  # of a storage: the run itself may be on another machine
            if study.chosen is None or study.chosen_folder is None or study.chosen_folder.is_dir():
                continue
            run = self.place / study.chosen["folder"]
            if (result := run / "result.json").is_file() and read_json(result) != study.run:
                yield run

    def write(self) -> None:
        """Write the record.

        Raises:
            SdaeError: If it cannot be written.
        """
        write_json(self.place / STUDIES, self.records)


def kept_folders(studies: Sequence[FoundStudy], places: dict[Path, Path]) -> list[KeptFolder]:
    """Return the kept folders of the sweeps that were found elsewhere and have a row of a table that is over.

    A row is kept whole, with all its folds, or as it was; studies that were kept before and are not found, or not over
    again, remain.

    Args:
        studies: All that were found.
        places: For the folder of a sweep, the one to keep it in.

    Raises:
        SdaeError: If an earlier record cannot be read, or two sweeps of different content have the same place.
    """
    kept: dict[Path, KeptFolder] = {}
    for source in dict.fromkeys(study.folder for study in studies):
        place = places[source]
        over = whole_rows([study for study in studies if study.folder == source])
        if not over or place.resolve() == source.resolve():
            continue
        found = kept.get(place) or KeptFolder(place, source, _read(place), [])
        newer = {study.name: study.kept for study in found.newer}
        for study in over:
            if newer.get(study.name, study.kept) != study.kept:
                raise SdaeError(
                    f"{place}: {study.name} of {found.source} and of {source} would both be kept there; name one of "
                    "their folders"
                )
        rows = {study.row for study in over}
        before = [record for record in found.records if record["row"] not in rows]
        kept[place] = KeptFolder(place, source, [*before, *(study.kept for study in over)], [*found.newer, *over])
    return list(kept.values())


def whole_rows(studies: Iterable[FoundStudy]) -> list[FoundStudy]:
    """Return the studies of a sweep's rows that are over, of a cross-validation only with all its folds."""
    rows: dict[str, list[FoundStudy]] = {}
    for study in studies:
        rows.setdefault(study.row, []).append(study)
    return [study for row in rows.values() if _is_whole(row) for study in row]


def _is_whole(row: Sequence[FoundStudy]) -> bool:
    facts = REGISTRY.get(row[0].problem)
    folds = facts.folds if facts is not None and row[0].fold is not None else None
    return all(study.over for study in row) and len(row) >= (folds or 1)


def _read(place: Path) -> list[Record]:
    """Return the earlier record of a kept folder."""
    file = place / STUDIES
    hint = "; remove it, and keep its sweep again"
    records: list[Record] = read_json(file, hint, [RECORD]) if file.is_file() else []
    return [record for record in records if record.get("result") is not None]


def runs_of(name: str) -> Path:
    """Return the folder of a study's runs, below its sweep's, by its name."""
    return Path(*(slug(part) for part in name.split("/")[1:]))


def _is_of(run: Path, sweeps: set[str]) -> bool:
    """Return whether a kept run is a trial of one of some sweeps, by its configuration."""
    study = study_of_trial(run)
    return study is not None and study.partition("/")[0] in sweeps
