"""A plan, for a person."""

from collections.abc import Sequence

from sdae.reproduce.plan import Step
from sdae.run.result import duration, table


def shown(steps: Sequence[Step], whole: float, workers: int) -> str:
    """Show what is there, what is to be done and what is left out, and what the whole would cost.

    Args:
        steps: The plan.
        whole: Seconds of everything, at the paper's scale.
        workers: How many trials go on side by side here.
    """
    rows = [
        [
            step.job.problem,
            step.job.method,
            "–" if step.there or not step.trials else str(step.trials),
            "there" if step.there else f"about {duration(step.seconds)}",
        ]
        for step in steps
        if not step.left_out
    ]
    todo = [step for step in steps if not (step.there or step.left_out)]
    out = [step for step in steps if step.left_out]
    lines = [table(["problem", "method", "trials a study", "cost"], rows), ""]
    if not todo:
        lines.append("nothing is missing" if not out else "nothing of this plan is missing")
    else:
        lines.append(f"{len(todo)} to do, about {duration(sum(step.seconds for step in todo))} with {workers} at work")
    if out:
        methods: dict[str, list[str]] = {}
        for step in out:
            methods.setdefault(step.job.problem, []).append(step.job.method)
        lines += ["left out:", *(f"  {problem}: {', '.join(its)}" for problem, its in methods.items())]
    lines.append(f"the whole, with 50 trials a study: about {_long(whole)} on this machine, by its measured speed")
    return "\n".join(lines)


def _long(seconds: float) -> str:
    days = seconds / 86400
    return f"{days:,.0f} days" if days >= 2 else duration(seconds)
