"""A plan as text: one row per job, the commands, and the jobs left out."""

from collections import Counter
from collections.abc import Sequence

from sdae.formatting import duration, table
from sdae.reproduce.jobs import StudyJob
from sdae.reproduce.plan import Plan, Row

FEW = 4  # jobs that are named one by one


def plan_text(plan: Plan, commands: Sequence[str], workers: int) -> str:
    """Show a plan.

    Args:
        plan: The plan.
        commands: The commands of its steps.
        workers: Number of workers.
    """
    head = ["problem", "job", "trials", "estimate", "state"]
    lines = [table(head, [_line(row) for row in plan.rows]), ""]
    lines += [*commands, ""] if commands else []
    if plan.resumed is not None:
        lines.append(f"resuming the plan of {long(plan.resumed)} that was started here")
    lines.append(f"now: {long(plan.seconds)}, by {workers} worker{'s' if workers > 1 else ''}, as estimated")
    left = _left_out(plan)
    whole = f"the whole would take about {long(plan.whole)} on this machine"
    lines.append(f"left out: {left}; {whole}" if left else "left out: nothing")
    return "\n".join([*lines, *plan.notes])


def _line(row: Row) -> list[str]:
    trials = "–"
    if isinstance(row.job, StudyJob):
        number = row.trials if row.state != "left out" else row.n_done
        trials = f"{number} of {row.job.trials}" if row.state != "done" or row.trials else "–"
        trials += f", {row.n_done} over" if row.state == "now" and row.n_done else ""
    estimate = "–" if row.state in ("done", "failed") else long(row.seconds)
    return [row.job.problem, row.job.shown, trials, estimate, row.state]


def _left_out(plan: Plan) -> str:
    """Describe what is not done: whole jobs, by problem, and trials of studies that are done in part."""
    jobs: dict[str, list[str]] = {}
    for row in plan.rows:
        if row.state == "left out":
            jobs.setdefault(row.job.problem, []).append(row.job.shown)
    of = Counter(row.job.problem for row in plan.rows)
    parts = [
        problem if of[problem] == len(names) else f"{problem} ({_few(names, of[problem])})"
        for problem, names in jobs.items()
    ]
    trials = sum(
        row.job.trials - row.trials
        for row in plan.rows
        if isinstance(row.job, StudyJob) and row.state != "left out" and row.trials
    )
    parts += [f"{trials:,} further trials of the studies above"] if trials else []
    return ", ".join(parts)


def _few(names: Sequence[str], of: int) -> str:
    return "; ".join(names) if len(names) <= FEW else f"{len(names)} of {of} jobs"


def long(seconds: float) -> str:
    """Show seconds, from two days on as days."""
    return duration(seconds) if seconds < 2 * 86400 else f"{seconds / 86400:.0f} days"
