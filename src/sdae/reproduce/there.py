"""Which jobs are done, and how far studies are: a cell counts where a finished study or an svm.json of it lies."""

from collections.abc import Sequence
from pathlib import Path

from sdae.reproduce.cost import SIZES
from sdae.reproduce.jobs import FitJob, Job, LayersJob, PictureJob, StudyJob, SvmJob
from sdae.reproduce.situation import Seen, Situation, svm_answers, units_of

Done = dict[str, int | None]  # by key, how many trials are over; None where there is nothing left to do


def done_of(jobs: Sequence[Job], found: Situation, folder: Path, train_size: int | None = None) -> Done:
    """Return how far each job is.

    A study of another sweep counts once it is over, however many trials it had; one of ours may have more. One fit is
    no model selection, and does not count.

    Args:
        jobs: Of a target.
        found: What there is.
        folder: Where ours lies.
        train_size: Training examples, where a rehearsal has fewer: other studies are of something else.
    """
    return {job.key: _done(job, found, folder, train_size) for job in jobs}


def begun_of(jobs: Sequence[Job], found: Situation, train_size: int | None = None) -> dict[str, int]:
    """Return how many trials our studies were set up with that are not over: a study cannot give trials back.

    Args:
        jobs: Of a target.
        found: What there is.
        train_size: As in :func:`done_of`.
    """
    return {
        job.key: max(fold.plan.trials for fold in folds)
        for job in jobs
        if isinstance(job, StudyJob)
        for name, folds in _studies(job, found, train_size).items()
        if name == job.sweep and not all(fold.over for fold in folds)
    }


def _done(job: Job, found: Situation, folder: Path, train_size: int | None) -> int | None:
    if isinstance(job, StudyJob):
        return _of_study(job, found, train_size)
    if isinstance(job, SvmJob):
        return None if any((0, "rbf") in its for _, its in _svms(found, job.problem)) else 0
    if isinstance(job, LayersJob):
        return None if _layers(job, found, train_size) else 0
    if isinstance(job, FitJob):
        return None if folder / job.folder in found.finished else 0
    assert isinstance(job, PictureJob)
    return None if folder / job.output in found.pictures else 0


def _of_study(job: StudyJob, found: Situation, train_size: int | None) -> int | None:
    ours = 0
    for name, folds in _studies(job, found, train_size).items():
        if name != job.sweep:
            if all(fold.over for fold in folds):
                return None
            continue
        ours = min(fold.plan.trials if fold.over else min(fold.done, fold.plan.trials - 1) for fold in folds)
        if ours >= job.trials:
            return None
    return ours


def _studies(job: StudyJob, found: Situation, train_size: int | None) -> dict[str, list[Seen]]:
    """Return the studies of this cell, by sweep; of a cross-validation only where every fold is there."""
    by_sweep: dict[str, list[Seen]] = {}
    usual = SIZES[job.problem][0]
    for seen in found.studies:
        plan = seen.plan
        if (plan.problem, plan.method) == (job.problem, job.model) and _same_point(job, seen):
            data = plan.config["data"].get("init_args", {})
            if (data.get("train_size") or usual) == (train_size or usual):
                by_sweep.setdefault(plan.sweep, []).append(seen)
    return {name: folds for name, folds in by_sweep.items() if len(folds) == SIZES[job.problem][4]}


def _same_point(job: StudyJob, seen: Seen) -> bool:
    plan = seen.plan
    if plan.point == job.point and all(plan.axes.get(axis) == values for axis, values in job.fixed.items()):
        return True
    # Section 6.6's stack may be chosen among networks of all sizes, where its own won.
    chosen = (seen.chosen or {}).get("params", {})
    return _is_stack(job) and not plan.point and seen.over and chosen.get("nHUnit") == job.point["nHUnit"]


def _is_stack(job: StudyJob) -> bool:
    return job.method == "svm"


def stack_run(job: LayersJob, found: Situation, train_size: int | None = None) -> Path | None:
    """Return the run folder of the chosen SDAE-3 of which Table 5 asks, of the study with most trials; None where none.

    Args:
        job: The SVMs.
        found: What there is.
        train_size: As in :func:`done_of`.
    """
    over = [
        seen
        for folds in _studies(job.stack, found, train_size).values()
        for seen in folds
        if seen.over and seen.chosen is not None
    ]
    if not over:
        return None
    most = max(over, key=lambda seen: (seen.plan.trials, seen.plan.name))
    assert most.chosen is not None
    return most.folder / most.chosen["folder"]


def _layers(job: LayersJob, found: Situation, train_size: int | None) -> bool:
    """Whether every layer of an SDAE-3 with 1,000 units a layer has been asked, with both kernels (section 6.6)."""
    wanted = {(layer, kernel) for layer in range(job.stack.how.n_layers + 1) for kernel in ("linear", "rbf")}
    return any(
        wanted <= its
        and found.svms[folder].get("method") == job.stack.model
        and units_of(found, folder) == job.stack.point["nHUnit"]
        for folder, its in _svms(found, job.problem, train_size)
    )


def _svms(found: Situation, problem: str, train_size: int | None = None) -> list[tuple[Path, set[tuple[int, str]]]]:
    """Return the folders with answers of a problem, and of which layers and kernels these are."""
    n_train = train_size or SIZES[problem][0]
    return [
        (folder, svm_answers(content, "pretrained"))
        for folder, content in found.svms.items()
        if content.get("problem") == problem
        and content.get("fold") is None
        and (problem == "tzanetakis" or content.get("examples", {}).get("train") == n_train)
    ]
