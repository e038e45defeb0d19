"""The work of ``reproduce``: plans the missing parts of a table or figure, and runs the other commands."""

import logging
import signal
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import torch

from sdae.cli.filters import filters
from sdae.cli.messages import as_called
from sdae.cli.samples import samples
from sdae.cli.storages import shared_storage
from sdae.cli.svm import USUAL, svm
from sdae.cli.sweep import sweep
from sdae.cli.training import TrainingCLI
from sdae.config.names import shipped
from sdae.config.typed import read_as
from sdae.errors import SdaeError
from sdae.evaluation.svm.workers import cores
from sdae.files import make_folder
from sdae.reproduce.budget import parse_budget
from sdae.reproduce.cost import Costs, factor_seen
from sdae.reproduce.done import Progress
from sdae.reproduce.jobs import FitJob, Job, LayersJob, PictureJob, StudyJob, SvmJob
from sdae.reproduce.plan import Plan, make_plan, read_kept, write_kept
from sdae.reproduce.scale import Scale
from sdae.reproduce.shown import plan_text
from sdae.reproduce.speed import measure_speed
from sdae.reproduce.steps import Step, command, flags, steps_of, svm_folder, write_sweep
from sdae.reproduce.targets import jobs_of
from sdae.results.scan import scan
from sdae.sweeps import launch
from sdae.tracking.options import Tracking

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Request:
    """The target to reproduce, the folder, and the number of workers.

    The attributes are the parameters of :func:`sdae.cli.reproduce.reproduce`.
    """

    target: str
    problems: list[str] | None
    methods: list[str] | None
    budget: str | None
    dry_run: bool
    folder: Path
    storage: str | None
    workers: int | None
    settings: Path | None

    def __post_init__(self) -> None:
        if self.workers is not None and self.workers < 0:
            raise SdaeError(f"--workers {self.workers}: not negative; 0 sets the studies up for others")

    @cached_property
    def scale(self) -> Scale:
        """The settings of a scaled-down version."""
        if self.settings is None:
            return Scale()
        try:
            return read_as(Scale, self.settings)
        except SdaeError as error:
            raise SdaeError(f"settings {error}") from error

    @property
    def train_size(self) -> int | None:
        """Training examples; None for all of a problem's."""
        return self.scale.settings.get("data", {}).get("train_size")

    @property
    def url(self) -> str | None:
        """The storage of the studies; None where each sweep has its own file."""
        return shared_storage(self.storage)

    @property
    def name(self) -> str:
        """The name of its plan in the folder."""
        settings = [str(self.settings)] if self.settings else []
        return " ".join([self.target, *(self.problems or []), *(self.methods or []), *settings])

    def progress(self) -> Progress:
        """Scan the folder for results."""
        return Progress(scan([self.folder], self.url), self.folder, self.train_size)

    def command(self, step: Step, stack: Path | None = None) -> str:
        """Return a step as a person would type it."""
        return as_called(command(step, self.folder, self.workers, self.scale.settings, stack))


def run_target(request: Request) -> None:
    """Show the plan of a request and run it."""
    seconds = parse_budget(request.budget)
    jobs = jobs_of(request.target, request.scale, request.problems, request.methods)
    progress = request.progress()
    plan, n_workers = _plan(request, jobs, progress, seconds)
    if request.workers == 0:
        plan.notes.append("figures and SVMs are skipped with --workers 0; run the command without it for these")
    plan.notes.extend([*_without_result(progress.failed(jobs)), *progress.found.unready, *progress.found.damaged])
    steps = _possible(steps_of(plan), request.workers)
    commands = [request.command(step, _stack(step, progress)) for step in steps]
    print(plan_text(plan, commands, n_workers), flush=True)
    if request.dry_run:
        return
    stopped: list[Step] = []
    if steps:
        make_folder(request.folder, "; name another with --folder")
        write_kept(request.folder, request.name, plan.kept)
        stopped = _run(request, steps)
    _require_results(request, [row.job for row in plan.rows if row.state == "failed"], stopped)


# -- the plan ---------------------------------------------------------------------------------------------------------


def _plan(request: Request, jobs: Sequence[Job], progress: Progress, budget: float | None) -> tuple[Plan, int]:
    """Return the plan, and the number of workers."""
    kept = read_kept(request.folder, request.name)
    environments = launch.environments(request.workers or None, 1, launch.gpus(), cores())
    threads = int(environments[0]["OMP_NUM_THREADS"]) if len(environments) > 1 else torch.get_num_threads()
    if kept is None:
        log.info("measuring the speed of training here, for the estimates of time")
    speed = kept.speed if kept else measure_speed(threads)
    costs = Costs(speed, len(environments), train_size=request.train_size)
    studies = [job for job in jobs if isinstance(job, StudyJob)]
    costs = replace(costs, factor=factor_seen(costs, studies, progress.found.studies))
    done, begun, failed = progress.done(jobs), progress.begun(jobs), progress.failed(jobs)
    return make_plan(jobs, done, costs, budget, kept, begun, failed), len(environments)


def _possible(steps: list[Step], workers: int | None) -> list[Step]:
    """Return the steps to run: only studies if other workers do the work."""
    return steps if workers != 0 else [step for step in steps if step.sweep is not None]


def _stack(step: Step, progress: Progress) -> Path | None:
    """Return the run that SVMs are trained on, where it exists already."""
    job = step.jobs[0]
    return progress.stack_run(job) if isinstance(job, LayersJob) else None


# -- what is run ------------------------------------------------------------------------------------------------------


def _run(request: Request, steps: Sequence[Step]) -> list[Step]:
    """Run the steps one after the other; return those that ended with an error, which does not stop the others."""
    stopped = []
    for step in steps:
        try:
            _do(request, step)
        except SdaeError as error:
            log.error("%s: %s", step.jobs[0].key, error)
            stopped.append(step)
    return stopped


def _require_results(request: Request, failed: Sequence[Job], stopped: Sequence[Step]) -> None:
    """Raise an error that names the jobs without a result: those that the same command resumes, and the others.

    Args:
        request: The request.
        failed: Jobs that had failed before.
        stopped: Steps that ended with an error now.
    """
    if not failed and not stopped:
        return
    progress = request.progress()
    reasons = progress.failed([*failed, *(job for step in stopped for job in step.jobs)])
    unfinished = {step.jobs[0].key: _unfinished(step, progress, reasons) for step in stopped}
    keys = [key for of_step in unfinished.values() for key in of_step]
    errors = [f"{', '.join(keys)}: not done, see above; the same command resumes it"] if keys else []
    errors += _without_result(reasons)
    if reasons:
        more = "a larger --budget, or without one trials in --settings"
        errors.append(f"for more trials, {more}; for other values, another --folder")
    raise SdaeError("; ".join(errors) or f"{', '.join(unfinished)}: ended with an error, see above")


def _unfinished(step: Step, progress: Progress, failed: Collection[str]) -> list[str]:
    """Return the keys of a step's jobs that the same command resumes."""
    done = progress.done(step.jobs)
    left = [job.key for job in step.jobs if (n := done[job.key]) is not None and n < max(step.trials[job.key], 1)]
    return [key for key in left if key not in failed]


def _without_result(failed: Mapping[str, str]) -> list[str]:
    return [f"{key}: no result: {reason}" for key, reason in failed.items()]


def _do(request: Request, step: Step) -> None:
    job, folder, scale = step.jobs[0], request.folder, request.scale
    if job.method == "svm" and not isinstance(job, SvmJob):  # the steps before may have made it unnecessary
        progress = request.progress()
        if progress.done([job])[job.key] is None:
            return
        if isinstance(job, LayersJob):
            run = progress.stack_run(job)
            if run is None:
                reason = progress.failed([job]).get(job.key, "its study is not over")
                raise SdaeError(f"{job.problem}: there is no SDAE-3 on which SVMs could be trained; {reason}")
            print(f"\n{request.command(step, run)}", flush=True)
            svm(run=run, workers=request.workers, C=scale.C, gamma=scale.gamma, fine=scale.fine)
            return
    print(f"\n{request.command(step)}", flush=True)
    if step.sweep is not None:
        file = write_sweep(folder, step, scale.heartbeat)
        with _signals():
            sweep(config=file, folder=folder / step.sweep, storage=request.url, workers=request.workers)
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
            workers=request.workers,
            tracking=tracking,
        )
    elif isinstance(job, FitJob):
        options = [f"--{key}={value}" for key, value in flags(job, scale.settings).items()]
        config = shipped("conf") / "experiment" / f"{job.experiment}.yaml"
        TrainingCLI(["fit", f"--config={config}", *options, f"--run={folder / job.folder}"])
    elif isinstance(job, PictureJob):
        runs, output = [folder / run for run in job.runs], folder / job.output
        (filters if job.method == "filters" else samples)(run=runs, output=output, **job.options)


@contextmanager
def _signals() -> Iterator[None]:
    """Restore the signal handlers that a sweep replaces, so that Ctrl-C ends the steps after it too."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
