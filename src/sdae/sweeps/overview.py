"""What studies have come to, for a person: how far they are, and the table they end with."""

import statistics
from collections.abc import Mapping, Sequence
from typing import Any

from optuna.trial import TrialState

from sdae.published import published
from sdae.run.result import duration, percent, table
from sdae.sweeps.space import shown
from sdae.sweeps.studies import OpenStudy, given_up


def status(studies: Sequence[OpenStudy]) -> str:
    """Show how far every study is."""
    head = ["study", "done", "running", "waiting", "pruned", "failed", "best validation error", "time left"]
    rows = []
    for study in studies:
        trials = study.trials()
        running = len(study.trials(TrialState.RUNNING))
        counts = [len(study.trials(state)) for state in (TrialState.COMPLETE, TrialState.RUNNING)]
        counts += [study.left, len(study.trials(TrialState.PRUNED)), len(given_up(trials))]
        best = study.chosen
        left = "–" if study.result is not None else _time_left(study, running)
        rows.append(
            [study.plan.name, *(str(n) if n else "–" for n in counts), percent(best.value if best else None), left]
        )
    saved = [seconds for study in studies for seconds in study.saved]
    return "\n".join([table(head, rows), *_saved(len(saved), sum(saved))])


def _saved(layers: int, seconds: float) -> list[str]:
    """Say what the cache has saved, where there is something to say."""
    number = "1 layer" if layers == 1 else f"{layers} layers"
    return [f"the cache saved the training of {number}: {duration(seconds)}"] if layers else []


def _time_left(study: OpenStudy, running: int) -> str:
    """Estimate from the mean trial so far, and from as many workers as are at it now."""
    took = [
        trial.duration.total_seconds()
        for trial in study.trials(TrialState.COMPLETE, TrialState.PRUNED)
        if trial.duration is not None
    ]
    if not took:
        return "?"
    return duration((study.left + running / 2) * statistics.fmean(took) / max(running, 1))


def summarise(studies: Sequence[OpenStudy]) -> list[dict[str, Any]]:
    """Gather what a sweep ends with, a row for each table cell: folds come to their mean and standard deviation."""
    rows: dict[str, list[OpenStudy]] = {}
    for study in studies:
        rows.setdefault(study.plan.row, []).append(study)
    return [_row(together) for together in rows.values()]


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
        "note": next((run["note"] for run in runs if run), None),
        "trials": _counts(studies),
        "seconds": sum(study.seconds for study in studies),
        "saved": {"layers": sum(len(study.saved) for study in studies), "seconds": sum(sum(s.saved) for s in studies)},
    }
    paper = published(plan.problem, plan.method)
    row["published"] = (
        None if paper is None else {"test_error": paper.test_error, "interval": paper.interval, "table": paper.table}
    )
    if len(runs) == 1 and runs[0]:
        row |= {key: runs[0][key] for key in ("valid_error", "test_error", "test_interval")}
    elif all(runs):
        tests = [run["test_error"] for run in runs if run]
        row["valid_error"] = statistics.fmean(run["valid_error"] for run in runs if run)
        row |= {"test_error": statistics.fmean(tests), "test_interval": statistics.stdev(tests)}
        row["interval"] = f"standard deviation over {len(runs)} folds"
    return row


def _counts(studies: Sequence[OpenStudy]) -> dict[str, int]:
    return {
        "complete": sum(len(study.trials(TrialState.COMPLETE)) for study in studies),
        "pruned": sum(len(study.trials(TrialState.PRUNED)) for study in studies),
        "failed": sum(len(given_up(study.trials())) for study in studies),
    }


def final(rows: Sequence[Mapping[str, Any]], axes: Sequence[Sequence[str]]) -> str:
    """Show what a sweep came to, ours beside the paper's.

    Args:
        rows: Of :func:`summarise`.
        axes: For every row, the hyperparameters that were searched.
    """
    folds = any("interval" in row for row in rows)
    head = ["problem", "method", "chosen", "validation error", "test error", "paper's", "data"]
    head += ["done/pruned/failed", "time"]
    lines = []
    for row, searched in zip(rows, axes, strict=True):
        paper = row["published"]
        test = percent(row["test_error"], row["test_interval"])
        lines.append(
            [
                row["problem"],
                row["method"],
                _chosen(row, searched),
                percent(row["valid_error"]),
                f"{test} (sd)" if "interval" in row else test,
                percent(paper["test_error"], paper["interval"]) if paper else "prints none",
                row["provenance"] or "–",
                "/".join(str(row["trials"][key]) for key in ("complete", "pruned", "failed")),
                duration(row["seconds"]),
            ]
        )
    notes = list(dict.fromkeys(row["note"] for row in rows if row["note"]))
    if folds:
        notes.append("(sd): mean and standard deviation over the folds, each with its own model selection")
    saved = [row["saved"] for row in rows]
    notes += _saved(sum(of["layers"] for of in saved), sum(of["seconds"] for of in saved))
    return "\n".join([table(head, lines), *notes])


def _chosen(row: Mapping[str, Any], searched: Sequence[str]) -> str:
    chosen = row["hyperparameters"]
    if len(chosen) > 1:
        return f"one for each of {len(chosen)} folds"
    if chosen[0] is None:
        return "none: no trial was completed"
    return shown(chosen[0], [*row["point"], *searched]) or "–"
