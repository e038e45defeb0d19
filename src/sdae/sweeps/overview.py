"""Studies as text: their progress, and the table of results."""

import statistics
from collections.abc import Mapping, Sequence
from typing import Any

from optuna.trial import TrialState

from sdae.formatting import duration, percent, table
from sdae.functional.over_folds import over_folds
from sdae.paper.published import published, shown_beside
from sdae.runs.result import published_cell
from sdae.settings.table2 import shown
from sdae.sweeps.final_test import failure
from sdae.sweeps.heartbeat import ran
from sdae.sweeps.outcomes import given_up
from sdae.sweeps.plan import StudyPlan
from sdae.sweeps.studies import OpenStudy


def status(studies: Sequence[OpenStudy]) -> str:
    """Show the progress of every study."""
    head = ["study", "done", "running", "waiting", "pruned", "failed", "best validation error", "work left"]
    rows, at_work, work = [], 0, 0.0
    for study in studies:
        trials = study.trials()
        running = len(study.trials(TrialState.RUNNING))
        counts = [len(study.trials(state)) for state in (TrialState.COMPLETE, TrialState.RUNNING)]
        counts += [study.left, len(study.trials(TrialState.PRUNED)), len(given_up(trials))]
        best, left = study.chosen, _work_left(study, running)
        at_work += running
        work += left or 0.0
        time_left = "finished" if study.result is not None else "?" if left is None else duration(left)
        lowest = percent(best.value if best else None)
        rows.append([study.plan.name, *(str(n) if n else "–" for n in counts), lowest, time_left])
    saved = [seconds for study in studies for seconds in study.saved]
    errors = [f"{study.plan.name}: {error}" for study in studies for error in _errors([study.result or {}])]
    below = [*errors, _time_left(studies, at_work, work), *_saved(len(saved), sum(saved))]
    return "\n".join([table(head, rows), "", *below])


def _saved(layers: int, seconds: float) -> list[str]:
    """Describe what the cache saved, if anything."""
    number = "1 layer" if layers == 1 else f"{layers} layers"
    return [f"the cache saved the training of {number}: {duration(seconds)}"] if layers else []


def _work_left(study: OpenStudy, running: int) -> float | None:
    """Estimate, from its mean trial so far, the seconds that a study would take one worker; None before its first."""
    took = [seconds for trial in study.trials(TrialState.COMPLETE, TrialState.PRUNED) if (seconds := ran(trial))]
    if study.result is not None:
        return 0.0
    return (study.left + running / 2) * statistics.fmean(took) if took else None


def _time_left(studies: Sequence[OpenStudy], at_work: int, work: float) -> str:
    over = sum(study.result is not None for study in studies)
    if over == len(studies):
        return "all studies are finished"
    if at_work == 0:
        return f"{over} of {len(studies)} studies finished; no worker is at work; start one to continue"
    workers = "1 worker is" if at_work == 1 else f"{at_work} workers are"
    return f"{over} of {len(studies)} studies finished; {workers} at work, about {duration(work / at_work)} left"


def summarise_sweep(studies: Sequence[OpenStudy]) -> list[dict[str, Any]]:
    """Gather a sweep's results, one row per table cell; folds are aggregated to mean and standard deviation."""
    rows: dict[str, list[OpenStudy]] = {}
    for study in studies:
        rows.setdefault(study.plan.row, []).append(study)
    return [_row(together) for together in rows.values()]


def without_result(studies: Sequence[OpenStudy]) -> list[str]:
    """Return a line with the reason for each study that is over and has no test error."""
    reasons = {study.plan.name: failure(study.result) for study in studies if study.result is not None}
    return [f"{name}: no result: {reason}" for name, reason in reasons.items() if reason is not None]


def _row(studies: Sequence[OpenStudy]) -> dict[str, Any]:
    plan = studies[0].plan
    results = [study.result or {} for study in studies]
    runs = [result.get("run") for result in results]
    row: dict[str, Any] = {
        "study": plan.row,
        "problem": plan.problem,
        "method": plan.method,
        "point": plan.point,
        "hyperparameters": [result["chosen"]["params"] if result.get("chosen") else None for result in results],
        "runs": [result["chosen"]["folder"] if result.get("chosen") else None for result in results],
        "valid_error": None,
        "test_error": None,
        "test_interval": None,
        "provenance": next((run["provenance"] for run in runs if run), None),
        "note": next(iter([*(run["note"] for run in runs if run and run["note"]), *_errors(results)]), None),
        "trials": _counts(studies),
        "seconds": sum(study.seconds for study in studies),
        "saved": {"layers": sum(len(study.saved) for study in studies), "seconds": sum(sum(s.saved) for s in studies)},
    }
    row["published"] = _published(plan, next((run for run in runs if run), None))
    if len(runs) == 1 and runs[0]:
        row |= {key: runs[0][key] for key in ("valid_error", "test_error", "test_interval")}
    elif all(runs):
        row["valid_error"] = over_folds([run["valid_error"] for run in runs if run]).mean
        row["test_error"], row["test_interval"] = over_folds([run["test_error"] for run in runs if run])
        row["interval"] = f"standard deviation over {len(runs)} folds"
    return row


def _published(plan: StudyPlan, run: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return the paper's cell for a study, by its run; without one, that of its problem and method."""
    if run is None:
        cell = None if plan.labels else published(plan.problem, plan.method)
        return cell.kept if cell else None
    return published_cell(run["provenance"], plan.problem, plan.method, run["examples"], run.get("labels"))


def _errors(results: Sequence[Mapping[str, Any]]) -> list[str]:
    return [result["error"] for result in results if "error" in result]


def _counts(studies: Sequence[OpenStudy]) -> dict[str, int]:
    return {
        "complete": sum(len(study.trials(TrialState.COMPLETE)) for study in studies),
        "pruned": sum(len(study.trials(TrialState.PRUNED)) for study in studies),
        "failed": sum(len(given_up(study.trials())) for study in studies),
    }


def final(rows: Sequence[Mapping[str, Any]], axes: Sequence[Sequence[str]]) -> str:
    """Show the results of a sweep, ours beside the paper's.

    Args:
        rows: Of :func:`summarise_sweep`.
        axes: For every row, the hyperparameters that were searched.
    """
    folds = any("interval" in row for row in rows)
    head = ["problem", "method", "validation", "test error", "paper's", "data", "trials", "time", "chosen"]
    lines = []
    for row, searched in zip(rows, axes, strict=True):
        test = percent(row["test_error"], row["test_interval"])
        lines.append(
            [
                row["problem"],
                row["method"],
                percent(row["valid_error"]),
                f"{test} (sd)" if "interval" in row else test,
                shown_beside(row["published"], row["provenance"]),
                row["provenance"] or "–",
                _ends(row["trials"]),
                duration(row["seconds"]),
                _chosen(row, searched),
            ]
        )
    notes = list(dict.fromkeys(row["note"] for row in rows if row["note"]))
    if folds:
        notes.append("(sd): mean and standard deviation over the folds, each with its own model selection")
    saved = [row["saved"] for row in rows]
    notes += _saved(sum(of["layers"] for of in saved), sum(of["seconds"] for of in saved))
    if all(row["provenance"] == "local" for row in rows):
        head, *lines = [[*line[:4], *line[5:]] for line in (head, *lines)]
    return "\n".join([table(head, lines), *notes])


def _ends(counts: Mapping[str, int]) -> str:
    """Describe how trials ended: ``6 + 2 pruned``."""
    others = [f"{counts[end]} {end}" for end in ("pruned", "failed") if counts[end]]
    return " + ".join([str(counts["complete"]), *others])


def _chosen(row: Mapping[str, Any], searched: Sequence[str]) -> str:
    chosen = row["hyperparameters"]
    if len(chosen) > 1:
        return f"one for each of {len(chosen)} folds"
    if chosen[0] is None:
        return "none: no trial was completed"
    return shown(chosen[0], [*row["point"], *searched]) or "–"
