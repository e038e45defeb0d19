"""What a job costs, in seconds of one worker, by the size of its networks and the number of its examples."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sdae.evaluation.svm.features import LARGE, SAMPLE
from sdae.reproduce.jobs import FitJob, Job, LayersJob, Method, PictureJob, StudyJob, SvmJob
from sdae.reproduce.situation import Seen
from sdae.reproduce.speed import FEATURES, UNITS, Speed
from sdae.settings.fine_tuning import FineTuning
from sdae.sweeps.space import Params, grid

# Examples to train on and to test on, inputs, classes, and folds (Table 1).
SIZES = {
    **dict.fromkeys(("basic", "rot", "bg-rand", "bg-img", "bg-img-rot"), (10_000, 50_000, 784, 10, 1)),
    "rect": (1_000, 50_000, 784, 2, 1),
    "rect-img": (10_000, 50_000, 784, 2, 1),
    "convex": (6_000, 50_000, 784, 2, 1),
    "mnist": (50_000, 10_000, 784, 10, 1),
    "tzanetakis": (8_000, 1_000, 592, 10, 10),
    "natural-patches": (100_000, 0, 144, 0, 1),
}
OVERHEAD = 2e-6  # seconds that an update takes at least, however small the network
BUSY = 1.2  # times as long as alone an update takes, where every core has a worker
BEST_AFTER = {"none": 40, "autoencoder": 15, "rbm": 15}  # epochs of fine-tuning, as observed; patience comes on top
TESTED = 0.05  # a forward pass of large batches, beside an update
FIGURES = {  # units, epochs, batch size and layers of conf/experiment/
    "figure5-under-complete": (50, 5, 1, 1),
    "figure5-over-complete": (200, 5, 1, 1),
    **dict.fromkeys(("figure6-weight-decay", "figure6-gaussian"), (200, 5, 1, 1)),
    **dict.fromkeys(("figure7-salt-and-pepper", "figure7-masking"), (100, 5, 1, 1)),
    "figure8": (500, 15, 1, 1),
    **dict.fromkeys(("figure15-sae", "figure15-sdae", "figure15-dbn"), (1000, 15, 1, 3)),
}
PICTURE = 60.0  # seconds; the samples of Figure 15 are judged by an SVM
# Seconds of one core for a search on 10,000 examples, and at least, for the 50,000 test examples; they were measured
# where an update of fine-tuning took so long.
SVM = {"linear": (80.0, 10.0), "rbf": (260.0, 15.0)}
SVM_AT = 6.5e-4


@dataclass(frozen=True)
class Costs:
    """Estimates seconds, first of one worker, from measured steps and from trials that were run here.

    Attributes:
        speed: Of this machine.
        workers: How many work side by side.
        factor: How much longer than estimated trials took here.
        train_size: Training examples, where a rehearsal has fewer.
    """

    speed: Speed
    workers: int
    factor: float = 1.0
    train_size: int | None = None

    def trial(self, problem: str, how: Method, fine_tuning: FineTuning, params: Params) -> float:
        """Return the seconds of one trial: examples x epochs x weights, as long as that takes here."""
        n_train, _, d, classes, _ = SIZES[problem]
        updates = self.train_size or n_train
        layers, units = params.get("nHLay", how.n_layers), params["nHUnit"]
        sizes = [d * units] + [units * units] * (layers - 1)
        seconds = 0.0
        kind = how.pretraining.layer
        if kind != "none":
            step = self.speed.rbm if kind == "rbm" else self.speed.autoencoder
            seconds += params["nEpoq"] * updates * sum(_scaled(step, size, FEATURES * UNITS) for size in sizes)
        epochs = min(fine_tuning.max_epochs, fine_tuning.patience + BEST_AFTER[kind])
        weights, usual = sum(sizes) + units * classes, UNITS * (FEATURES + 2 * UNITS + 10)
        seconds += epochs * updates * _scaled(self.speed.fine_tuning, weights, usual)
        return self.factor * (BUSY if self.workers > 1 else 1.0) * seconds

    def wall(self, job: Job, first: int = 0, trials: int = 0) -> float:
        """Return the seconds that a job takes all workers.

        Args:
            job: The job.
            first: Of a study, how many trials are over.
            trials: Of a study, how many it is to have.
        """
        if isinstance(job, StudyJob):
            return self._study(job, first, trials) / self.workers
        if isinstance(job, SvmJob | LayersJob):
            n, _, _, _, folds = SIZES[job.problem]
            searches = [("rbf", 1)] if isinstance(job, SvmJob) else [("rbf", 4), ("linear", 4)]
            scale = folds * self.speed.fine_tuning / SVM_AT / self.workers
            # On a large set the search takes a sample, and some five machines of twenty-five take all examples.
            examples = n**2 if n <= LARGE else SAMPLE**2 + n**2 / 5
            return scale * sum(k * max(SVM[name][0] * examples / 10_000**2, SVM[name][1]) for name, k in searches)
        if isinstance(job, FitJob):
            units, epochs, batch, layers = FIGURES[job.experiment]
            n, _, d, _, _ = SIZES[job.problem]
            sizes = [d * units] + [units * units] * (layers - 1)
            examples = (self.train_size or n) * epochs / batch
            return examples * sum(_scaled(self.speed.autoencoder, size, FEATURES * UNITS) for size in sizes)
        assert isinstance(job, PictureJob)
        return PICTURE

    def _study(self, job: StudyJob, first: int, trials: int) -> float:
        fine_tuning = fine_tuning_of(job)
        given = [self.trial(job.problem, job.how, fine_tuning, cell) for cell in job.given[first:trials]]
        drawn = trials - max(first, len(job.given))
        seconds = sum(given) + max(drawn, 0) * self._mean(job, fine_tuning)
        _, n_test, d, _, folds = SIZES[job.problem]
        test = TESTED * n_test * self.speed.fine_tuning
        return folds * (seconds + (test if trials > first else 0.0))

    def _mean(self, job: StudyJob, fine_tuning: FineTuning) -> float:
        """Return the mean over the cells: the time does not depend on rates and noise, so over sizes and epochs."""
        axes = {axis: values for axis, values in job.axes.items() if axis in ("nHLay", "nHUnit", "nEpoq")}
        return statistics.fmean(self.trial(job.problem, job.how, fine_tuning, cell) for cell in grid(axes))


def fine_tuning_of(job: StudyJob) -> FineTuning:
    """Return how the trials of a study are fine-tuned."""
    return replace(job.how.fine_tuning, **job.settings.get("fine_tuning", {}))


def factor_seen(costs: Costs, jobs: Sequence[StudyJob], studies: Sequence[Seen]) -> float:
    """Return how much longer than estimated the trials took that were run here: the median; 1 where there are few."""
    ratios = []
    for job in jobs:
        for seen in studies:
            if (seen.plan.problem, seen.plan.method) != (job.problem, job.model):
                continue
            fine_tuning = FineTuning(**seen.plan.config["fine_tuning"])
            ratios += [
                took / costs.trial(job.problem, job.how, fine_tuning, params) for params, took in seen.took if took > 0
            ]
    return statistics.median(ratios) if len(ratios) >= 3 else 1.0


def _scaled(step: float, weights: int, usual: int) -> float:
    return max(step * weights / usual, OVERHEAD)
