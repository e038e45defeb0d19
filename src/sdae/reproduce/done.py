"""Which jobs are done, and the progress of studies: a cell is done if it has a finished study or an svm.json."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sdae.data.registry import REGISTRY, usual_size
from sdae.paper.layout import MODELS
from sdae.reproduce.jobs import FitJob, Job, LayersJob, PictureJob, StudyJob, SvmJob
from sdae.results.measure import measure_all
from sdae.results.measurement import Measurement
from sdae.results.reading import folder_of_folds
from sdae.results.scan import OnDisk
from sdae.results.study import FoundStudy
from sdae.results.table_cells import stands

Done = dict[str, int | None]  # by key, how many trials are over; None if nothing is left to run


@dataclass(frozen=True)
class Progress:
    """The progress of jobs, by the results on disk.

    A study of another sweep counts once it has a result, however many trials it had; one of this command's may get
    more. One fit is not model selection, and does not count.

    Attributes:
        found: The results on disk.
        folder: Folder of this command's runs.
        train_size: Training examples of a scaled-down version; studies with another number do not count.
    """

    found: OnDisk
    folder: Path
    train_size: int | None = None

    def done(self, jobs: Sequence[Job]) -> Done:
        """Return the progress of each job."""
        measured = measure_all(self.found).measurements
        return {job.key: self._done(job, measured) for job in jobs}

    def begun(self, jobs: Sequence[Job]) -> dict[str, int]:
        """Return the number of trials of unfinished studies of this command: it cannot be lowered."""
        return {
            job.key: max(fold.budget for fold in folds)
            for job in jobs
            if isinstance(job, StudyJob)
            for folds in self._studies(job)
            if folds[0].sweep == job.sweep and not all(fold.over for fold in folds)
        }

    def failed(self, jobs: Sequence[Job]) -> dict[str, str]:
        """Return, by key, the reason why a job has no result although no trial of this command's study is left.

        That is a study without a test error, where no other study of the cell has one, and SVMs on its network.
        """
        return {job.key: reason for job in jobs if (reason := self._failure(job)) is not None}

    def stack_run(self, job: LayersJob) -> Path | None:
        """Return the run folder of the chosen SDAE-3 required by Table 5, from the study with most trials, or None.

        Of a cross-validation it is the folder of the studies of all folds.
        """
        over = [folds for folds in self._studies(job.stack) if all(fold.chosen is not None for fold in folds)]
        if not over:
            return None
        folds = max(over, key=lambda folds: (folds[0].budget, folds[0].name))
        return folder_of_folds(folds) or folds[0].chosen_folder

    def _done(self, job: Job, measured: Sequence[Measurement]) -> int | None:
        if isinstance(job, StudyJob):
            return self._trials(job)
        of_problem = [result for result in measured if result.problem == job.problem and result.provenance != "local"]
        if isinstance(job, SvmJob):
            present = any(
                stands(result, "SVM-rbf") and usual_size(result.problem, result.examples) for result in of_problem
            )
        elif isinstance(job, LayersJob):
            of_size = [result for result in of_problem if usual_size(result.problem, result.examples, self.train_size)]
            present = _layers(job, of_size)
        elif isinstance(job, FitJob):
            present = self.folder / job.folder in self.found.runs
        else:
            assert isinstance(job, PictureJob)
            present = self.folder / job.output in self.found.pictures
        return None if present else 0

    def _trials(self, job: StudyJob) -> int | None:
        ours = 0
        for folds in self._studies(job):
            if folds[0].sweep != job.sweep:
                if all(fold.run is not None for fold in folds):
                    return None
                continue
            n_done = min(fold.budget if fold.over else min(len(fold.trials), fold.budget - 1) for fold in folds)
            if n_done >= job.trials:
                return None
            ours = max(ours, n_done)
        return ours

    def _failure(self, job: Job) -> str | None:
        if isinstance(job, LayersJob):
            without = self.stack_run(job) is None and self._failure(job.stack) is not None
            return f"{job.stack.key} has none" if without else None
        if not isinstance(job, StudyJob):
            return None
        over = [folds for folds in self._studies(job) if all(fold.over for fold in folds)]
        if any(all(fold.run is not None for fold in folds) for folds in over):
            return None
        return next((_reason(folds) for folds in over if folds[0].sweep == job.sweep), None)

    def _studies(self, job: StudyJob) -> list[list[FoundStudy]]:
        """Return the studies of this cell, by sweep; of a cross-validation only if all folds are present."""
        by_sweep: dict[tuple[Path, str], list[FoundStudy]] = {}
        usual = REGISTRY[job.problem].sizes.train
        for study in self.found.studies:
            if (
                (study.problem, study.method) == (job.problem, job.model)
                and (study.train_size or usual) == (self.train_size or usual)
                and study.labels is None
                and _same_point(job, study)
                and (study.run or {}).get("provenance") != "local"  # the user's own data, whatever the name
            ):
                by_sweep.setdefault((study.folder, study.sweep), []).append(study)
        return [folds for folds in by_sweep.values() if len(folds) == (REGISTRY[job.problem].folds or 1)]


def _reason(folds: Sequence[FoundStudy]) -> str:
    errors = [fold.result["error"] for fold in folds if fold.result and "error" in fold.result]
    return errors[0] if errors else "all trials were pruned or failed"


def _same_point(job: StudyJob, study: FoundStudy) -> bool:
    if (
        study.point == job.point
        and all(study.axes.get(axis) == values for axis, values in job.fixed.items())
        and all(len(study.axes.get(axis, ())) > 1 for axis in job.free)
    ):
        return True
    # Section 6.6's stack may be chosen among networks of all sizes, where its own won.
    chosen = (study.chosen or {}).get("params", {})
    return job.method == "svm" and not study.point and study.over and chosen.get("nHUnit") == job.point["nHUnit"]


def _layers(job: LayersJob, measured: Sequence[Measurement]) -> bool:
    """Return whether every layer of one network has SVM results for both kernels (section 6.6)."""
    by_folder: dict[str, list[Measurement]] = {}
    for measurement in measured:
        by_folder.setdefault(measurement.folder, []).append(measurement)
    units = job.stack.point["nHUnit"]
    return any(
        all(any(stands(measurement, model, units) for measurement in of_run) for model in MODELS["table5"])
        for of_run in by_folder.values()
    )
