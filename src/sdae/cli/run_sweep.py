"""The work of ``sweep``: starts a search, joins one, or shows its progress."""

import json
import logging
import shlex
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock

from sdae.cli.interruption import exit_status, stop_by
from sdae.cli.messages import program
from sdae.cli.storages import FROM_ENVIRONMENT, RUNS, open_sweep, storage_options, storage_url
from sdae.config.names import config_file
from sdae.errors import SdaeError
from sdae.evaluation.svm.workers import cores
from sdae.files import make_folder, write_json
from sdae.loggers import warnings_only
from sdae.sweeps import fitting, launch
from sdae.sweeps.overview import final, summarise_sweep, without_result
from sdae.sweeps.overview import status as status_of
from sdae.sweeps.plan import StudyPlan, plan
from sdae.sweeps.space import searched
from sdae.sweeps.stopping import Stop
from sdae.sweeps.storage import SQLITE, hidden, open_storage, sqlite_file
from sdae.sweeps.studies import KeptSweep, OpenStudy, planned, set_up
from sdae.sweeps.sweep_file import read_sweep
from sdae.sweeps.worker import work

CLI = (sys.executable, "-c", "from sdae.cli import main; main()")
REFRESH = 2.0  # seconds between two updates of the status


@dataclass(frozen=True)
class Search:
    """A sweep to start, join or show, and the number of workers.

    The attributes are the parameters of :func:`sdae.cli.sweep.sweep`.
    """

    config: Path | None = None
    join: bool = False
    status: bool = False
    storage: str | None = None
    folder: Path | None = None
    name: str | None = None
    workers: int | None = None
    workers_per_gpu: int | None = None

    def __post_init__(self) -> None:
        least = 1 if self.config is None else 0  # without a worker here, the sweep is only stored
        if self.workers is not None and self.workers < least:
            raise SdaeError(f"--workers {self.workers}: at least {least}")
        if self.workers_per_gpu is not None and self.workers_per_gpu < 1:
            raise SdaeError(f"--workers_per_gpu {self.workers_per_gpu}: at least 1")
        if self.workers_per_gpu is not None and self.workers is not None:
            raise SdaeError("--workers_per_gpu: --workers is the number of workers; give one of them")
        if self.status and (self.join or self.workers is not None):
            raise SdaeError("--status: starts no worker; omit --join and --workers")


def run_search(search: Search) -> None:
    """Start, join or show a sweep."""
    config, folder = search.config, search.folder
    if config is not None and not search.status:
        if search.join:
            raise SdaeError("--join: takes its studies from the storage; omit --config")
        _begin(search, config)
        return
    if not search.join and not search.status:
        raise SdaeError("sweep: specify a sweep file with --config, or a sweep that was started with --join")
    name = search.name or (config.stem if config is not None else None)
    url = storage_url(search.storage, folder or (RUNS / name if name else None), folder is not None)
    if search.status:
        _show(url, name)
        return
    _, kept, studies = open_sweep(url, name)
    lost = _work(search, url, kept, folder or Path(kept.folder))
    studies = [study for study in studies if not study.deleted]
    if any(study.result is None for study in studies):
        if lost:
            raise SdaeError(f"{kept.name}: {lost} of its workers here ended early; the same command resumes it")
    elif search.storage != FROM_ENVIRONMENT:  # else the process that started this worker reports it
        _require_results(studies)


def _begin(search: Search, config: Path) -> None:
    file = config_file("sweep", str(config))
    sweep = read_sweep(file)
    name = search.name or file.stem
    if "/" in name or name in (".", ".."):
        raise SdaeError(f"name {name}: a folder's name, without a slash")
    try:
        plans = plan(sweep, name, fitting.resolve, fitting.folds)
    except SdaeError as error:
        raise SdaeError(f"{config}: {error}") from error
    folder = search.folder or RUNS / name
    root = folder.absolute()
    url = storage_url(search.storage, root, search.folder is not None)
    if sqlite_file(url) != root / SQLITE:
        open_storage(url, sweep.heartbeat, create=True)  # raises before there is a folder
    make_folder(root, "; name another with --folder")
    kept = KeptSweep(name, str(root), sweep.heartbeat, len(plans))
    with FileLock(root / ".beginning.lock"):
        opened = open_storage(url, sweep.heartbeat, create=True)
        _prepare(plans, planned(opened))
        studies = set_up(opened, plans, kept)
        opened.remove_session()
    n_trials = sum(plan.trials for plan in plans)
    size = f"{_count(len(plans), 'study', 'studies')}, {_count(n_trials, 'trial', 'trials')}"
    print(f"{name} · {size} · {root} · {hidden(url)}", flush=True)
    needless = search.workers == 0 or all(study.result for study in studies)
    lost = 0 if needless else _work(search, url, kept, root)
    _, _, studies = open_sweep(url, name)
    if any(study.result is None for study in studies):
        if search.workers == 0:
            options = ["--name", name, *storage_options(url, name, folder)]
            print(f"workers: {program()} sweep --join {shlex.join(options)}")
            return
        raise SdaeError(f"{name}: {lost} of its workers ended early; the same command resumes it")
    rows = summarise_sweep(studies)
    write_json(root / "results.json", rows)
    print(f"\n{final(rows, _searched(studies))}\n\n{root / 'results.json'}", flush=True)
    _require_results(studies)


def _require_results(studies: list[OpenStudy]) -> None:
    if missing := without_result(studies):
        untested = any("error" in (study.result or {}) for study in studies)
        again = "; start the sweep again, with --config, to repeat its test" if untested else ""
        raise SdaeError(f"{'; '.join(missing)}{again}")


def _prepare(plans: list[StudyPlan], existing: set[str]) -> None:
    """Prepare the data of every new study, once per problem, and record their source."""
    sources: dict[str, Any] = {}
    for study in plans:
        if study.name in existing:
            continue
        data = study.config["data"]
        key = json.dumps({**data, "init_args": {**data.get("init_args", {}), "fold": None}})
        if key not in sources:
            fitting.prepare(study.config)
            sources[key] = study.config["data"].get("init_args", {}).get("source")  # prepare has resolved it
        elif sources[key] is not None:
            data["init_args"]["source"] = sources[key]


def _work(search: Search, url: str, kept: KeptSweep, root: Path) -> int:
    """Work in this process, or start several; return how many of those ended early."""
    stop = Stop()
    stop.listen()
    root = root.absolute()
    if not root.is_dir():
        raise SdaeError(f"--folder {root}: does not exist; the runs' folder must be shared by all workers")
    environments = launch.environments(search.workers, search.workers_per_gpu or 1, launch.gpus(), cores())
    lost = 0
    if len(environments) == 1:
        # A study keeps the id of each trial's W&B run; it gets no line here.
        with warnings_only(logging.getLogger("sdae.tracking.tracking")):
            storage, _, studies = open_sweep(url, kept.name)
            work(storage, studies, root, fitting.fit_trial, stop)
    else:
        joining = ["sweep", "--join=true", f"--name={kept.name}", f"--folder={root}", "--workers=1"]
        command = [*CLI, *joining, f"--storage={FROM_ENVIRONMENT}"]
        lost = launch.launch(command, environments, url, stop)
    if stop.signal is not None:
        if search.storage == FROM_ENVIRONMENT:  # the process that started this worker says how to resume
            sys.exit(exit_status(stop.signal))
        stop_by(stop.signal)
    return lost


def _count(n: int, singular: str, plural: str) -> str:
    return f"{n:,} {singular if n == 1 else plural}"


def _searched(studies: list[OpenStudy]) -> list[list[str]]:
    found: dict[str, list[str]] = {}
    for study in studies:
        found.setdefault(study.plan.row, searched(study.plan.axes))
    return list(found.values())


def _show(url: str, name: str | None) -> None:
    """Print the status, on a terminal repeatedly until all is over; the storage is reopened each time, read-only."""
    while True:
        storage, kept, studies = open_sweep(url, name, read_only=True)
        text = f"{kept.name} · {kept.folder}\n\n{status_of(studies)}"
        if not sys.stdout.isatty():
            print(text)
            return
        print(f"\x1b[H\x1b[2J{text}", flush=True)
        if all(study.result is not None for study in studies):
            return
        storage.remove_session()
        time.sleep(REFRESH)
