"""What of a target is there: studies that are over, SVMs and pictures, whoever made them."""

from collections.abc import Sequence

from sdae.report.cells import table
from sdae.report.gather import Found
from sdae.report.measurement import Measurement
from sdae.reproduce.targets import LAYERS, SVM, Job


class Situation:
    """What was found in a folder.

    Args:
        found: By the report's own search, so that what stands in its cells is what is not done again.
        models: For the key of each job with studies, the paper's name of its row.
    """

    def __init__(self, found: Found, models: dict[str, str]) -> None:
        """Take what was found."""
        self.found, self.models = found, models

    def has(self, job: Job) -> bool:
        """Whether a job has been done. A single fit is no model selection, and counts for none."""
        if job.kind == "picture":
            return bool(self.found.pictures.get(int(job.problem.removeprefix("figure"))))
        if job.method == SVM:
            return any(one.model == "SVM-rbf" and "copies" not in one.settings for one in self._of(job.problem))
        if job.method == LAYERS:
            cells = table("table5", self.found.measurements, {}).cells
            return all(cell.ours is not None for (problem, _), cell in cells.items() if problem == job.problem)
        model = self.models[job.key]
        studies = [one for one in self._of(job.problem) if one.source == "study" and one.model == model]
        studies = [one for one in studies if all(one.settings.get(k) in v for k, v in job.fixed.items())]
        return bool(studies) and all(
            any(one.settings.get(axis) == value and axis not in one.searched for one in studies)
            for axis, values in job.each.items()
            for value in values
        )

    def stack(self, problem: str) -> Measurement | None:
        """Return the network of Table 5: the best on validation data among those with 1,000 units a layer."""
        its = [
            one
            for one in self._of(problem)
            if one.source == "study" and one.model == "SDAE-3" and one.settings.get("nHUnit") == 1000
        ]
        return min(its, key=lambda one: (one.valid_error, one.folder), default=None)

    def _of(self, problem: str) -> Sequence[Measurement]:
        return [one for one in self.found.measurements if one.problem == problem]
