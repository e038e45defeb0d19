"""What ``reproduce`` does: plans what is missing of a table or a figure, and runs the other commands."""

import logging
import os
import signal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from sdae.cli.filters import filters
from sdae.cli.program import as_called
from sdae.cli.samples import samples
from sdae.cli.svm import USUAL, svm
from sdae.cli.sweep import sweep
from sdae.cli.training import TrainingCLI
from sdae.config.names import section, shipped
from sdae.config.sections import merged
from sdae.config.typed import read_as
from sdae.config.yaml_files import read_yaml
from sdae.errors import SdaeError
from sdae.evaluation.svm.workers import cores
from sdae.files import make_folder
from sdae.reproduce.budget import parse_budget
from sdae.reproduce.cost import Costs, factor_seen
from sdae.reproduce.jobs import FigureExperiment, FitJob, Job, LayersJob, Method, PictureJob, StudyJob, SvmJob
from sdae.reproduce.plan import Plan, make_plan, read_kept, write_kept
from sdae.reproduce.shown import plan_text
from sdae.reproduce.speed import measure_speed
from sdae.reproduce.steps import Step, command, flags, steps_of, svm_folder, write_sweep
from sdae.reproduce.targets import Scale, Sources, jobs_of
from sdae.reproduce.there import begun_of, done_of, stack_run
from sdae.results.scan import OnDisk, scan
from sdae.settings.fine_tuning import FineTuning
from sdae.settings.pretraining import Pretraining
from sdae.sweeps import launch
from sdae.sweeps.sweep_file import read_sweep
from sdae.tracking.tracking import Tracking

log = logging.getLogger(__name__)


def run_target(
    target: str,
    problems: list[str] | None,
    methods: list[str] | None,
    budget: str | None,
    dry_run: bool,
    folder: Path,
    storage: str | None,
    workers: int | None,
    settings: Path | None,
) -> None:
    """Show the plan and run it; the parameters are those of :func:`sdae.cli.reproduce.reproduce`."""
    seconds = parse_budget(budget)
    if workers is not None and workers < 0:
        raise SdaeError(f"--workers {workers}: not negative; 0 sets the studies up for others")
    scale = _scale(settings) if settings is not None else Scale()
    jobs = jobs_of(target, Sources(_shipped_sweep, _method, _experiment, scale), problems, methods)
    url = storage or os.environ.get("SDAE_STORAGE") or None
    name = " ".join([target, *(problems or []), *(methods or []), *([str(settings)] if settings else [])])
    found = scan([folder], url)
    plan, n_workers = _plan(jobs, found, folder, seconds, scale, workers, name)
    if workers == 0:
        plan.notes.append("figures and SVMs are for a machine of their own: without --workers 0")
    plan.notes.extend([*found.unready, *found.damaged])
    if target in ("table5", "all"):
        plan.notes.append("tzanetakis of Table 5 is not done here: each of its ten folds chooses a stack of its own")
    steps = _possible(steps_of(plan), workers)
    stacks = [_stack(step, found, scale) for step in steps]
    commands = [
        command(step, folder, workers, scale.settings, stack) for step, stack in zip(steps, stacks, strict=True)
    ]
    print(as_called(plan_text(plan, commands, n_workers)), flush=True)
    if dry_run or not steps:
        return
    make_folder(folder, "; name another with --folder")
    write_kept(folder, name, plan.kept)
    _run(steps, folder, url, workers, scale)


# -- the plan ---------------------------------------------------------------------------------------------------------


def _plan(
    jobs: Sequence[Job],
    found: OnDisk,
    folder: Path,
    budget: float | None,
    scale: Scale,
    workers: int | None,
    name: str,
) -> tuple[Plan, int]:
    kept = read_kept(folder, name)
    each = launch.environments(workers or None, 1, launch.gpus(), cores())
    threads = int(each[0]["OMP_NUM_THREADS"]) if len(each) > 1 else torch.get_num_threads()
    speed = kept.speed if kept else measure_speed(threads)
    train_size = _train_size(scale)
    costs = Costs(speed, len(each), train_size=train_size)
    studies = [job for job in jobs if isinstance(job, StudyJob)]
    costs = replace(costs, factor=factor_seen(costs, studies, found.studies))
    done, begun = done_of(jobs, found, folder, train_size), begun_of(jobs, found, train_size)
    return make_plan(jobs, done, costs, budget, kept, begun), len(each)


def _possible(steps: list[Step], workers: int | None) -> list[Step]:
    """Leave the studies alone where others are to do the work."""
    return steps if workers != 0 else [step for step in steps if step.sweep is not None]


def _train_size(scale: Scale) -> int | None:
    return scale.settings.get("data", {}).get("train_size")


def _stack(step: Step, found: OnDisk, scale: Scale) -> Path | None:
    """Return the run that SVMs are asked of, where it is there already."""
    job = step.jobs[0]
    return stack_run(job, found, _train_size(scale)) if isinstance(job, LayersJob) else None


def _scale(settings: Path) -> Scale:
    try:
        return read_as(Scale, settings)
    except SdaeError as error:
        raise SdaeError(f"settings {error}") from error


def _shipped_sweep(name: str) -> Any:
    return read_sweep(shipped("sweeps") / f"{name}.yaml")


def _method(name: str) -> Method:
    return _network(name, section("method", name))


def _experiment(name: str) -> FigureExperiment:
    content = read_yaml(shipped("conf") / "experiment" / f"{name}.yaml")
    return FigureExperiment(content["data"], _network(name, merged(section("method", content["method"]), content)))


def _network(name: str, sections: Mapping[str, Any]) -> Method:
    pretraining, fine_tuning = Pretraining(**sections["pretraining"]), FineTuning(**sections.get("fine_tuning", {}))
    return Method(name, pretraining, fine_tuning, **sections["model"])


# -- what is run ------------------------------------------------------------------------------------------------------


def _run(steps: Sequence[Step], folder: Path, url: str | None, workers: int | None, scale: Scale) -> None:
    """Do one step after the other; what one of them cannot do leaves the others."""
    failed = []
    for step in steps:
        try:
            _do(step, folder, url, workers, scale)
        except SdaeError as error:
            log.error("%s: %s", step.jobs[0].key, error)
            failed.append(step.jobs[0].key)
    if failed:
        raise SdaeError(f"{', '.join(failed)}: not done, as said above; the same command goes on")


def _do(step: Step, folder: Path, url: str | None, workers: int | None, scale: Scale) -> None:
    job, train_size = step.jobs[0], _train_size(scale)
    if job.method == "svm" and not isinstance(job, SvmJob):  # what was done meanwhile may have made it needless
        found = scan([folder], url)
        if done_of([job], found, folder, train_size)[job.key] is None:
            return
        if isinstance(job, LayersJob):
            run = stack_run(job, found, train_size)
            if run is None:
                raise SdaeError(
                    f"{job.problem}: there is no SDAE-3 of which SVMs could be asked; its study is not over"
                )
            print(f"\n{as_called(command(step, folder, workers, scale.settings, run))}", flush=True)
            svm(run=run, workers=workers, C=scale.C, gamma=scale.gamma, fine=scale.fine)
            return
    print(f"\n{as_called(command(step, folder, workers, scale.settings))}", flush=True)
    if step.sweep is not None:
        file = write_sweep(folder, step, scale.heartbeat)
        with _signals():
            sweep(config=file, folder=folder / step.sweep, storage=url, workers=workers)
    elif isinstance(job, SvmJob):
        data = scale.settings.get("data", {})
        tracking = replace(Tracking(**scale.settings.get("tracking", {})), job_type=USUAL.job_type)
        svm(
            data=job.problem,
            output=svm_folder(folder, job),
            source=data.get("source"),
            kernels=["rbf"],
            C=scale.C,
            gamma=scale.gamma,
            fine=scale.fine,
            workers=workers,
            tracking=tracking,
        )
    elif isinstance(job, FitJob):
        told = [f"--{key}={value}" for key, value in flags(job, scale.settings).items()]
        config = shipped("conf") / "experiment" / f"{job.experiment}.yaml"
        TrainingCLI(["fit", f"--config={config}", *told, f"--run={folder / job.folder}"])
    elif isinstance(job, PictureJob):
        runs, output = [folder / run for run in job.runs], folder / job.output
        (filters if job.command == "filters" else samples)(run=runs, output=output, **job.options)


@contextmanager
def _signals() -> Iterator[None]:
    """Give the signals back that a sweep takes, so that Ctrl-C ends what comes after it too."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
