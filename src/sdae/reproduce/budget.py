"""Selects the jobs that fit a budget, the most informative first."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sdae.errors import SdaeError
from sdae.reproduce.cost import Costs
from sdae.reproduce.jobs import FitJob, Job, LayersJob, PictureJob, StudyJob
from sdae.reproduce.targets import CHEAPEST_FIRST, CURVES

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
DEEPER = (10, 25)  # trials of a study, between its known cells and the whole


def parse_budget(text: str | None) -> float | None:
    """Return the seconds of ``2h``, ``90m`` or ``1d``; None for no budget.

    Raises:
        SdaeError: If it has another form.
    """
    if text is None:
        return None
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([smhd])", text.strip())
    if match is None or float(match[1]) <= 0:
        raise SdaeError(f"budget {text}: a number and s, m, h or d, as 90m, 2h or 1d")
    return float(match[1]) * UNITS[match[2]]


@dataclass(frozen=True)
class Piece:
    """A job, or further trials of a study.

    Attributes:
        job: The job.
        trials: Number of trials that the study then has; 0 for other jobs.
        seconds: Its cost.
    """

    job: Job
    trials: int
    seconds: float


def pieces(jobs: Sequence[Job], done: dict[str, int | None], costs: Costs) -> list[Piece]:
    """Divide jobs into pieces that are useful by themselves, the most informative first.

    First everything once, problem by problem, the cheapest first, and every study with its known cells, so that the
    methods of a problem can be compared; then deeper studies, all of them alike.

    Args:
        jobs: The jobs.
        done: By key, how many trials of a study are over; None for a job that is done.
        costs: Estimates.
    """
    found: list[tuple[tuple[int, int, int], Piece]] = []
    for number, job in enumerate(jobs):
        place = _place(job)
        if not isinstance(job, StudyJob):
            seconds = 0.0 if done.get(job.key, 0) is None else costs.wall(job)
            found.append(((0, place, number), Piece(job, 0, seconds)))
            continue
        before = 0
        for depth, trials in enumerate(_depths(job)):
            n_done = done.get(job.key, 0)
            start = trials if n_done is None else min(max(n_done, before), trials)
            found.append(((depth, place, number), Piece(job, trials, costs.wall(job, start, trials))))
            before = trials
    return [piece for _, piece in sorted(found, key=lambda placed: placed[0])]


def _depths(job: StudyJob) -> list[int]:
    least = min(len(job.given) or 2, job.trials)
    return [least, *(max(min(trials, job.trials), least) for trials in DEEPER), job.trials]


def _place(job: Job) -> int:
    """Return a problem's place: figures of filters and samples after the two cheapest, curves after all tables."""
    if isinstance(job, FitJob | PictureJob):
        return 1 + CHEAPEST_FIRST.index("basic") * 2 + (2 if job.key.startswith("figure15") else 0)
    if isinstance(job, StudyJob) and job.sweep.removeprefix("reproduce-") in CURVES:
        return 1000 + CHEAPEST_FIRST.index(job.problem) * 2
    return CHEAPEST_FIRST.index(job.problem) * 2


def affordable(all_pieces: Sequence[Piece], budget: float | None) -> dict[str, int]:
    """Return the jobs that fit a budget, by key, with the trials of each: the pieces before the first too expensive.

    A larger budget only adds jobs.

    Args:
        all_pieces: From :func:`pieces`.
        budget: Seconds; None for no limit.
    """
    bought: dict[str, int] = {}
    left = float("inf") if budget is None else budget
    for piece in all_pieces:
        left -= piece.seconds
        if left < 0:
            break
        bought[piece.job.key] = max(piece.trials, bought.get(piece.job.key, 0))
    return _complete(all_pieces, bought)


def _complete(all_pieces: Sequence[Piece], bought: dict[str, int]) -> dict[str, int]:
    """Leave out a stack whose SVMs were not selected, as it is not useful by itself."""
    stacks = {piece.job.stack.key: piece.job.key for piece in all_pieces if isinstance(piece.job, LayersJob)}
    for_svm = {piece.job.key for piece in all_pieces if piece.job.method == "svm"}
    return {key: n for key, n in bought.items() if key not in stacks or stacks[key] in bought or key not in for_svm}
