"""Sweeps in real storages, whose trials are made up."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from made import RESULT
from sdae.sweeps import fitting as trials
from sdae.sweeps.plan import plan
from sdae.sweeps.space import Space
from sdae.sweeps.storage import open_storage, sqlite_url
from sdae.sweeps.studies import RESULT as OVER
from sdae.sweeps.studies import KeptSweep, OpenStudy, set_up
from sdae.sweeps.sweep_file import Part, Sweep

SPACE = Space(nHUnit=[1000], lRate=[0.1], lRateSup=[0.1, 0.2], nEpoq=[1])
NOISE = Space(ν=[0.1])
GAUSSIAN = Space(σ=[0.1])


def store(
    folder: Path, over: bool = True, method: str = "sdae-3", url: str | None = None, done: int = 2, **settings: Any
) -> list[OpenStudy]:
    """Keep a sweep of one study on rect in a storage: two trials, of which some are done.

    Args:
        folder: The sweep's.
        over: Whether it has its result.
        method: Of conf/method/.
        url: Of the storage; its folder's own where None.
        done: Number of completed trials.
        settings: Of the problem.
    """
    folder.mkdir(parents=True, exist_ok=True)
    data = {"data": {"source": "generated", **settings}}
    noise = GAUSSIAN if "gaussian" in method else NOISE if method.startswith("sdae") else Space()
    space = noise.over(SPACE)
    sweep = Sweep([Part(["rect"], [method])], sampler="grid", space=space, settings=data)
    plans = plan(sweep, folder.name, trials.resolve, trials.folds)
    storage = open_storage(url or sqlite_url(folder), 60, create=True)
    studies = set_up(storage, plans, KeptSweep(folder.name, str(folder), 60, len(plans)))
    for study in studies:
        for number in range(done):
            trial = study.study.ask()
            for name, values in study.plan.axes.items():
                trial.suggest_categorical(name, values)
            study.study.tell(trial, 0.1 + number / 100)
        if over:
            chosen = study.chosen
            assert chosen is not None
            run = {**RESULT, "test_error": 0.1, "method": study.plan.method}
            run |= {"labels": settings["labels"]} if "labels" in settings else {}
            run["examples"] = {**run["examples"], "train": settings.get("train_size", 1000)}
            counts = {"complete": done, "pruned": 0, "failed": 0}
            kept = {"folder": chosen.user_attrs["folder"], "params": chosen.params}
            study.study.set_user_attr(OVER, {"trials": counts, "seconds": 2.0, "chosen": kept, "run": run})
    storage.remove_session()
    storage._backend.engine.dispose()  # type: ignore[attr-defined]
    return studies


def state_of(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Return every file below a folder, its bytes, and when it was written."""
    return {str(file): (file.read_bytes(), file.stat().st_mtime_ns) for file in folder.rglob("*") if file.is_file()}


@contextmanager
def open_to_all() -> Iterator[Path]:
    """Make a folder that every user may look into: pytest's own is of the user who runs the tests alone."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def without_rights(call: Callable[[], object]) -> str:
    """Return what a call says, in a process that may write nowhere: root may write where nobody may."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        if os.getuid() == 0:
            os.setuid(65534)
        try:
            said = str(call())
        except BaseException as error:
            said = f"{type(error).__name__}: {error}"
        os.write(writing, said.encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as file:
        said = file.read()
    os.waitpid(child, 0)
    return said
