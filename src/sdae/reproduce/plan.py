"""What is done now, what is there, and what is left out; kept in the folder, so that a budget means the same again."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from sdae.files import read_json, write_json
from sdae.reproduce.budget import Piece, affordable, pieces
from sdae.reproduce.cost import Costs
from sdae.reproduce.done import Done
from sdae.reproduce.jobs import Job, StudyJob
from sdae.reproduce.speed import Speed

RECORD = "reproduce.json"


@dataclass(frozen=True)
class KeptPlan:
    """What is kept of a plan.

    Attributes:
        budget: Seconds; None for none.
        seconds: What was bought, as estimated.
        bought: By key, how many trials each study gets; 0 for other jobs.
        speed: Of the machine, as measured then.
    """

    budget: float | None
    seconds: float
    bought: dict[str, int]
    speed: Speed


@dataclass(frozen=True)
class Row:
    """A job in a plan.

    Attributes:
        job: The job.
        state: Whether it is there, done now, or left out.
        trials: How many trials a study has in the end.
        had: How many of them are over.
        seconds: What is still to be done of it costs.
    """

    job: Job
    state: Literal["there", "now", "left out"]
    trials: int
    had: int
    seconds: float


@dataclass(frozen=True)
class Plan:
    """All jobs of a target, in the order in which they are done.

    Attributes:
        rows: One per job.
        whole: Seconds that everything which is not there would cost.
        kept: What is to be kept of it.
        resumed: The budget, in seconds, of an earlier plan that is resumed in place of this smaller one.
    """

    rows: list[Row]
    whole: float
    kept: KeptPlan
    resumed: float | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        """What is done now costs."""
        return sum(row.seconds for row in self.rows if row.state == "now")


def make_plan(
    jobs: Sequence[Job],
    done: Done,
    costs: Costs,
    budget: float | None,
    kept: KeptPlan | None,
    begun: dict[str, int] | None = None,
) -> Plan:
    """Choose what is done now.

    What an earlier plan of this folder has bought stays bought, so that an interrupted command resumes the same
    plan and does not buy as much again; a larger budget adds what the difference buys.

    Args:
        jobs: Of a target.
        done: How far each is.
        costs: Estimates.
        budget: Seconds in all; None for no limit.
        kept: The earlier plan, if there was one.
        begun: By key, how many trials a study was set up with that is not over; it is run to its end.
    """
    to_do = pieces(jobs, done, costs)
    keys = {job.key for job in jobs}
    before = {key: n for key, n in kept.bought.items() if key in keys} if kept else {}
    again = kept is not None and (kept.budget is None or (budget is not None and budget <= kept.budget))
    resumed = None
    if again:
        assert kept is not None
        bought, keep = before, kept
        resumed = kept.budget if budget != kept.budget else None
    else:
        spent = kept.seconds if kept else 0.0
        paid = pieces(jobs, _with_bought(done, before), costs)
        new = affordable(paid, None if budget is None else max(budget - spent, 0.0))
        bought = {key: max(before.get(key, 0), new.get(key, 0)) for key in keys & (before.keys() | new.keys())}
        keep = KeptPlan(budget, spent + _cost(paid, bought), bought, costs.speed)
    order = dict.fromkeys(piece.job.key for piece in to_do)
    by_key = {job.key: job for job in jobs}
    at_least = {key: max(n, bought[key]) for key, n in (begun or {}).items() if key in bought}
    rows = [_row(by_key[key], bought | at_least, done, costs) for key in order]
    return Plan(rows, sum(piece.seconds for piece in to_do), keep, resumed)


def _with_bought(done: Done, bought: dict[str, int]) -> Done:
    """Count what was bought before as done: it is paid for."""
    paid = dict(done)
    for key, trials in bought.items():
        had = paid.get(key, 0)
        paid[key] = None if had is None or trials == 0 else max(had, trials)
    return paid


def _cost(some: Sequence[Piece], bought: dict[str, int]) -> float:
    return sum(piece.seconds for piece in some if piece.job.key in bought and piece.trials <= bought[piece.job.key])


def _row(job: Job, bought: dict[str, int], done: Done, costs: Costs) -> Row:
    had, is_study = done.get(job.key, 0), isinstance(job, StudyJob)
    if had is None:
        return Row(job, "there", 0, 0, 0.0)
    if job.key not in bought:
        whole = job.trials if isinstance(job, StudyJob) else 0
        return Row(job, "left out", 0, had, costs.wall(job, had, whole))
    wanted = bought[job.key]
    if is_study and had >= wanted:
        return Row(job, "there", had, had, 0.0)
    return Row(job, "now", wanted, had, costs.wall(job, had, wanted))


def read_kept(folder: Path, name: str) -> KeptPlan | None:
    """Return what a folder keeps of an earlier plan.

    Args:
        folder: Where the runs lie.
        name: The target, with what was said of problems and methods.

    Raises:
        SdaeError: If its file cannot be read.
    """
    content = _read(folder / RECORD).get(name)
    return KeptPlan(**{**content, "speed": Speed(**content["speed"])}) if content else None


def write_kept(folder: Path, name: str, kept: KeptPlan) -> None:
    """Keep a plan in a folder, beside those of other targets.

    Raises:
        SdaeError: If it cannot be written.
    """
    file = folder / RECORD
    write_json(file, {**_read(file), name: asdict(kept)})


def _read(file: Path) -> dict[str, Any]:
    return read_json(file, "; remove it, and a new plan is made") if file.is_file() else {}
