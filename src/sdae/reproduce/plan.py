"""A plan: the jobs to run now, done, or left out; stored so that repeating a command resumes the same plan."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from sdae.files import NUMBER, Each, Maybe, read_json, write_json
from sdae.reproduce.budget import Piece, affordable, pieces
from sdae.reproduce.cost import Costs
from sdae.reproduce.done import Done
from sdae.reproduce.jobs import Job, StudyJob
from sdae.reproduce.speed import Speed

RECORD = "reproduce.json"
PLANS = Each(  # by target
    {
        **{"budget": Maybe(NUMBER), "seconds": NUMBER, "bought": Each(int)},
        "speed": {"autoencoder": NUMBER, "rbm": NUMBER, "fine_tuning": NUMBER},
    }
)


@dataclass(frozen=True)
class KeptPlan:
    """The stored part of a plan.

    Attributes:
        budget: Seconds; None for no limit.
        seconds: Estimated cost of the selected jobs.
        bought: The selected jobs by key, with the number of trials of each study; 0 for other jobs.
        speed: Measured speed of the machine at that time.
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
        state: Whether it is done, failed (nothing is left to run, and it has no result), run now, or left out.
        trials: Number of trials of a study in the end.
        n_done: Number of trials that are over.
        seconds: Remaining cost in seconds.
    """

    job: Job
    state: Literal["done", "failed", "now", "left out"]
    trials: int
    n_done: int
    seconds: float


@dataclass(frozen=True)
class Plan:
    """All jobs of a target, in the order in which they are run.

    Attributes:
        rows: One per job.
        whole: Cost in seconds of all jobs that are not done.
        kept: The part to store.
        resumed: The budget, in seconds, of an earlier plan that is resumed in place of this smaller one.
    """

    rows: list[Row]
    whole: float
    kept: KeptPlan
    resumed: float | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        """Cost of the jobs to run now."""
        return sum(row.seconds for row in self.rows if row.state == "now")


def make_plan(
    jobs: Sequence[Job],
    done: Done,
    costs: Costs,
    budget: float | None,
    kept: KeptPlan | None,
    begun: dict[str, int] | None = None,
    failed: Collection[str] = (),
) -> Plan:
    """Select the jobs to run now.

    The selection of an earlier plan in this folder remains, so that an interrupted command resumes the same plan
    instead of selecting as much again; a larger budget adds jobs for the difference. Of a plan without a budget, which
    is everything, a budget leaves only the studies that are set up, whose trials cannot be lowered.

    Args:
        jobs: The jobs of a target.
        done: Progress of each.
        costs: Estimates.
        budget: Seconds in all; None for no limit.
        kept: The earlier plan, if there was one.
        begun: By key, the number of trials with which an unfinished study was set up; it is run to its end.
        failed: Keys of studies that are over and have no result; further trials may give one.
    """
    to_do = pieces(jobs, done, costs)
    keys, begun = {job.key for job in jobs}, begun or {}
    anew = kept is not None and kept.budget is None and budget is not None
    if anew:
        before, spent = begun, _cost(to_do, begun)
    else:
        before = {key: n for key, n in kept.bought.items() if key in keys} if kept else {}
        spent = kept.seconds if kept else 0.0
    resumed = None
    if kept is not None and kept.budget is not None and budget is not None and budget <= kept.budget:
        bought, new_kept = before, kept
        resumed = kept.budget if budget != kept.budget else None
    else:  # without a budget, also what the earlier plan did not know of, as further trials in the settings
        unpaid = pieces(jobs, _with_bought(done, before), costs)
        new = affordable(unpaid, None if budget is None else max(budget - spent, 0.0))
        bought = {key: max(before.get(key, 0), new.get(key, 0)) for key in keys & (before.keys() | new.keys())}
        new_kept = KeptPlan(budget, spent + _cost(unpaid, bought), bought, costs.speed)
    order = dict.fromkeys(piece.job.key for piece in to_do)
    by_key = {job.key: job for job in jobs}
    at_least = {key: max(n, bought[key]) for key, n in begun.items() if key in bought}
    rows = [_row(by_key[key], bought | at_least, done, costs, key in failed) for key in order]
    notes = [_anew(len(begun))] if anew and any(row.state in ("now", "left out") for row in rows) else []
    return Plan(rows, sum(piece.seconds for piece in to_do), new_kept, resumed, notes)


def _anew(begun: int) -> str:
    """Describe what remains of a plan without a budget."""
    studies = "1 study that is" if begun == 1 else f"{begun} studies that are"
    remain = f"; {studies} set up already keep their trials, and count" if begun else ""
    return f"the plan that was started here had no budget: selected anew within this one{remain}"


def _with_bought(done: Done, bought: dict[str, int]) -> Done:
    """Return the progress with the jobs selected before counted as done."""
    counted = dict(done)
    for key, trials in bought.items():
        n_done = counted.get(key, 0)
        counted[key] = None if n_done is None or trials == 0 else max(n_done, trials)
    return counted


def _cost(some: Sequence[Piece], bought: dict[str, int]) -> float:
    return sum(piece.seconds for piece in some if piece.job.key in bought and piece.trials <= bought[piece.job.key])


def _row(job: Job, bought: dict[str, int], done: Done, costs: Costs, failed: bool) -> Row:
    n_done = done.get(job.key, 0)
    if n_done is None and failed and isinstance(job, StudyJob):
        return Row(job, "failed", job.trials, job.trials, 0.0)
    if n_done is None:
        return Row(job, "done", 0, 0, 0.0)
    if job.key not in bought:
        whole = job.trials if isinstance(job, StudyJob) else 0
        return Row(job, "left out", 0, n_done, costs.wall(job, n_done, whole))
    wanted = bought[job.key]
    if isinstance(job, StudyJob) and n_done >= wanted:
        return Row(job, "failed" if failed else "done", n_done, n_done, 0.0)
    return Row(job, "now", wanted, n_done, costs.wall(job, n_done, wanted))


def read_kept(folder: Path, name: str) -> KeptPlan | None:
    """Return the stored part of an earlier plan.

    Args:
        folder: Folder of the runs.
        name: The target, with the given problems and methods.

    Raises:
        SdaeError: If its file cannot be read.
    """
    content = _read(folder / RECORD).get(name)
    if content is None:
        return None
    speed = Speed(**{key: content["speed"][key] for key in ("autoencoder", "rbm", "fine_tuning")})
    return KeptPlan(content.get("budget"), content["seconds"], content["bought"], speed)


def write_kept(folder: Path, name: str, kept: KeptPlan) -> None:
    """Store a plan in a folder, beside those of other targets.

    Raises:
        SdaeError: If it cannot be written.
    """
    file = folder / RECORD
    write_json(file, {**_read(file), name: asdict(kept)})


def _read(file: Path) -> dict[str, Any]:
    return read_json(file, "; remove it to make a new plan", PLANS) if file.is_file() else {}
