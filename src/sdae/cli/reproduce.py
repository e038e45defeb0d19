"""``reproduce``: a table or a figure of the paper, as much of it as is missing."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from sdae.cli.estimates import Told, seconds
from sdae.cli.steps import commands, run
from sdae.errors import SdaeError
from sdae.report.gather import gather
from sdae.reproduce.plan import Estimate, Step, plan, seconds_of
from sdae.reproduce.shown import shown
from sdae.reproduce.situation import Situation
from sdae.reproduce.speed import measure
from sdae.reproduce.stored import chosen_before, store
from sdae.reproduce.targets import Job, jobs
from sdae.sweeps import launch


def reproduce(
    target: str,
    problems: list[str] | None = None,
    methods: list[str] | None = None,
    budget: str | None = None,
    dry_run: bool = False,
    folder: Path = Path("runs"),
    storage: str | None = None,
    workers: int | None = None,
) -> None:
    """Run what is missing for a table or a figure, and nothing that is there; then report shows it.

    Studies begin with settings that are known to do, the paper's noise level first, and go on with TPE over Table 2.
    With a budget, the most informative part of it: fewer problems, and fewer trials. Stopped or killed, the same
    command goes on.

    Args:
        target: table3, table4, table5, figure5 to figure8, figure10 to figure13, figure15, or all.
        problems: Only these.
        methods: Only these: short names, and svm, svm-layers, filters, samples.
        budget: How long it may take here, as 90m, 2h or 1.5d; by an estimate from measured speed. All, where none.
        dry_run: Whether to print the plan, and do nothing.
        folder: Where the runs lie, and where is looked for what is there.
        storage: Where the studies are kept, postgresql://USER@HOST/DATABASE for several machines.
        workers: Number of worker processes here, as for sweep; 0, with --storage, sets the studies up for others.
    """
    every = jobs(target, problems, methods)
    room = None if budget is None else seconds_of(budget)
    if workers is not None and workers < 0:
        raise SdaeError(f"--workers {workers}: not negative")
    asked = {"target": target, "problems": problems, "methods": methods, "budget": budget}
    told = {job.key: Told.of(job) for job in every if job.kind == "study"}
    found = gather([folder] if folder.is_dir() else [], storage)
    situation = Situation(found, {key: one.model for key, one in told.items()})
    print("measuring the speed of this machine ...", flush=True)
    speed = measure(workers or _workers())

    def estimate(job: Job, trials: int) -> float:
        return seconds(job, trials, told.get(job.key), speed)

    if before := chosen_before(folder, asked):
        steps = _again(every, before, situation, estimate)
    else:
        steps = plan(every, situation.has, estimate, room)
    whole = sum(step.seconds for step in plan(every, lambda job: False, estimate, None))
    print(shown(steps, whole, speed.workers))
    todo = [step for step in steps if not (step.there or step.left_out)]
    if dry_run:
        print("\n".join(["", *commands(todo, folder, storage, workers)]))
        return
    if not todo:
        return
    store(folder, asked, steps)
    run(todo, told, folder, storage, workers)


def _again(every: Sequence[Job], trials: Mapping[str, int], situation: Situation, estimate: Estimate) -> list[Step]:
    """Take up a plan that was begun: the same jobs with the same trials, whatever the speed is today."""
    steps = []
    for job in every:
        there, n = situation.has(job), trials.get(job.key)
        seconds = 0.0 if there else estimate(job, n or 2)
        steps.append(Step(job, n or 0, seconds, there, left_out=n is None and not there))
    return steps


def _workers() -> int:
    return len(launch.gpus()) or launch.cores()
