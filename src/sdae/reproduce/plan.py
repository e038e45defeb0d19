"""How much of a target fits a budget: fewer problems first of all, then fewer trials."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sdae.errors import SdaeError
from sdae.reproduce.targets import Job
from sdae.run.result import duration

LEVELS = (2, 4, 8, 16, 32, 50)  # trials a study; sweeps/table3.yaml has 50


@dataclass(frozen=True)
class Step:
    """A job, and what becomes of it.

    Attributes:
        job: What is to be done.
        trials: A study's; 0 where the job is none.
        seconds: What it would cost here, by the clock, with all workers at it; 0 where it is there.
        there: Whether it has been measured already.
        left_out: Whether the budget has no room for it.
    """

    job: Job
    trials: int
    seconds: float
    there: bool = False
    left_out: bool = False


Estimate = Callable[[Job, int], float]


def plan(jobs: Sequence[Job], there: Callable[[Job], bool], estimate: Estimate, budget: float | None) -> list[Step]:
    """Choose what to do.

    The jobs come with the most informative first. With a budget, each study in turn gets as few trials as make a
    selection, until one has no room: it and all that follow are left out, but for those that are there. What room is
    left goes to more trials for every study alike. So more budget never means less of anything.

    Args:
        jobs: The target's.
        there: Whether a job has been done.
        estimate: The seconds of a job with so many trials a study.
        budget: Seconds; None for everything.

    Raises:
        SdaeError: If not even the first fits.
    """
    if budget is None:
        return [_step(job, LEVELS[-1], there, estimate) for job in jobs]
    steps = [_step(job, LEVELS[0], there, estimate) for job in jobs]
    spent, full = 0.0, False
    for i, step in enumerate(steps):
        if step.there:
            continue
        full = full or spent + step.seconds > budget
        spent += 0.0 if full else step.seconds
        steps[i] = replace(step, left_out=full)
    missing = [step for step in steps if not step.there]
    if missing and all(step.left_out for step in missing):
        first = missing[0]
        raise SdaeError(
            f"--budget: {first.job.problem}, {first.job.method} alone takes about {duration(first.seconds)}; give more"
        )
    for level in LEVELS[1:]:
        more = [step if step.left_out or step.there else _step(step.job, level, there, estimate) for step in steps]
        if sum(step.seconds for step in more if not step.left_out) > budget:
            break
        steps = more
    return steps


def _step(job: Job, trials: int, there: Callable[[Job], bool], estimate: Estimate) -> Step:
    done = there(job)
    return Step(job, trials if job.kind == "study" else 0, 0.0 if done else estimate(job, trials), done)


def seconds_of(budget: str) -> float:
    """Return the seconds of a budget: ``90m``, ``2h``, ``1.5d``.

    Raises:
        SdaeError: If it is none.
    """
    units = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
    try:
        seconds = float(budget[:-1]) * units[budget[-1:]]
    except (ValueError, KeyError):
        raise SdaeError(f"--budget {budget}: a number and one of s, m, h, d; for two hours 2h") from None
    if not 0 < seconds < float("inf"):
        raise SdaeError(f"--budget {budget}: more than nothing")
    return seconds
