"""What is kept of a study, as plain values: the same from its storage and from ``studies.json``."""

from pathlib import Path
from typing import Any

from optuna.trial import TrialState

from sdae.files import read_json
from sdae.sweeps.space import searched
from sdae.sweeps.storage import open_storage
from sdae.sweeps.studies import SWEEP, OpenStudy, find

STUDIES = "studies.json"
STORAGE = "study.db"  # of a sweep on one machine, in its folder

Record = dict[str, Any]


def record(study: OpenStudy) -> Record:
    """Return a study as plain values: what it searched, how its trials came out, and its result."""
    plan = study.plan
    ended = study.trials(TrialState.COMPLETE, TrialState.PRUNED)
    return {
        "name": plan.name,
        "row": plan.row,
        "sweep": plan.sweep,
        "problem": plan.problem,
        "method": plan.method,
        "fold": plan.fold,
        "searched": searched(plan.axes),
        "trials": [
            {
                "params": trial.params,
                "valid_error": trial.value if trial.state is TrialState.COMPLETE else None,
                "state": trial.state.name.lower(),
                "seconds": round(trial.duration.total_seconds(), 1) if trial.duration else None,
            }
            for trial in ended
        ],
        "result": study.result,
    }


def from_storage(url: str) -> list[tuple[Record, Path]]:
    """Return the studies of every sweep in a storage, each with the folder of its sweep.

    Raises:
        SdaeError: If it cannot be reached.
    """
    storage = open_storage(url, heartbeat=60)
    names = {attrs["name"] for study in storage.get_all_studies() if (attrs := study.user_attrs.get(SWEEP))}
    found = []
    for name in sorted(names):
        kept, studies = find(storage, name)
        found += [(record(study), Path(kept.folder)) for study in studies]
    storage.remove_session()
    return found


def of_sweep(folder: Path) -> list[Record]:
    """Return the studies of a sweep's folder; none where it is no sweep's.

    Raises:
        SdaeError: If its file cannot be read.
    """
    if (folder / STORAGE).is_file():
        return [one for one, _ in from_storage(f"sqlite:///{(folder / STORAGE).absolute()}")]
    file = folder / STUDIES
    return read_json(file) if file.is_file() else []
