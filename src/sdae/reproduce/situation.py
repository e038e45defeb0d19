"""What is there already: studies in storages, SVMs and runs, anywhere below a folder."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from optuna.trial import TrialState

from sdae.errors import SdaeError
from sdae.files import read_json
from sdae.sweeps.plan import StudyPlan
from sdae.sweeps.storage import NO_SWEEP, open_storage
from sdae.sweeps.studies import SWEEP, OpenStudy, find

STORAGE = "study.db"  # of a sweep on one machine, in its folder
SKIPPED = ("wandb", "cache", "features")


@dataclass(frozen=True)
class Seen:
    """A study, or one fold's.

    Attributes:
        plan: Its plan.
        folder: Its sweep's.
        over: Whether it has its result.
        done: Trials that are over.
        took: For every completed trial, its settings and how long it took, in seconds.
        chosen: What its result says of the chosen trial: its settings and its run's folder.
    """

    plan: StudyPlan
    folder: Path
    over: bool
    done: int
    took: list[tuple[dict[str, Any], float]]
    chosen: dict[str, Any] | None


@dataclass
class Situation:
    """What was found."""

    studies: list[Seen] = field(default_factory=list)
    svms: dict[Path, dict[str, Any]] = field(default_factory=dict)
    finished: set[Path] = field(default_factory=set)
    pictures: set[Path] = field(default_factory=set)


def look(folder: Path, storage: str | None = None) -> Situation:
    """Find what there is; nothing is written.

    Args:
        folder: Looked through at any depth; need not be there.
        storage: URL of a storage whose studies count as well.

    Raises:
        SdaeError: If a storage cannot be used.
    """
    found = Situation()
    for path in _walk(folder):
        if (file := path / STORAGE).is_file() and file.stat().st_size:
            found.studies += _studies(f"sqlite:///{file.absolute()}", path)
        if (path / "svm.json").is_file():
            found.svms[path] = _read(path / "svm.json")
        if (path / "result.json").is_file():
            found.finished.add(path)
        found.pictures |= {file for file in path.glob("figure*.png")}
    if storage is not None and not (storage.startswith("sqlite") and not Path(storage[10:]).is_file()):
        seen = {one.plan.name for one in found.studies}
        found.studies += [one for one in _studies(storage, None) if one.plan.name not in seen]
    return found


def _walk(folder: Path) -> Iterator[Path]:
    for path, below, _ in os.walk(folder, followlinks=True):
        below[:] = sorted(name for name in below if name not in SKIPPED and not name.startswith("."))
        yield Path(path)


def _studies(url: str, folder: Path | None) -> list[Seen]:
    """Return the studies of every sweep in a storage; none where it has none yet."""
    try:
        storage = open_storage(url, heartbeat=60)
    except SdaeError as error:
        if NO_SWEEP in str(error):
            return []
        raise
    try:
        attributes = [study.user_attrs.get(SWEEP) for study in storage.get_all_studies()]
        seen: list[Seen] = []
        for name in sorted({one["name"] for one in attributes if one}):
            try:
                kept, studies = find(storage, name)
            except SdaeError:
                continue  # it is being set up, and begun again it is found whole
            seen += [_seen(study, folder or Path(kept.folder)) for study in studies]
        return seen
    finally:
        storage.remove_session()
        storage._backend.engine.dispose()  # else SQLite leaves its log beside the file


def _seen(study: OpenStudy, folder: Path) -> Seen:
    ended = study.trials(TrialState.COMPLETE, TrialState.PRUNED)
    took = [
        (trial.params, trial.duration.total_seconds())
        for trial in ended
        if trial.state is TrialState.COMPLETE and trial.duration is not None
    ]
    result = study.result or {}
    return Seen(study.plan, folder, study.result is not None, len(ended), took, result.get("chosen"))


def svm_answers(content: dict[str, Any], weights: str) -> set[tuple[int, str]]:
    """Return the layers and kernels of which there is an answer, of the input or of some weights, without noise."""
    return {
        (answer["layer"], answer["kernel"])
        for answer in content.get("answers", [])
        if not answer.get("noise") and answer["weights"] in ("input", weights)
    }


def units_of(found: Situation, folder: Path) -> int | None:
    """Return the units of every layer of a run that is finished; None where it is not, or they differ."""
    if folder not in found.finished:
        return None
    units = _read(folder / "result.json").get("hyperparameters", {}).get("n_units")
    alike = set(units) if isinstance(units, list) else {units}
    return alike.pop() if len(alike) == 1 else None


def _read(file: Path) -> dict[str, Any]:
    content = read_json(file, "; remove it, and it is made again")
    return content if isinstance(content, dict) else {}
