"""The cost of a job, in seconds of one worker, by the size of its networks and the number of examples."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sdae.data.registry import REGISTRY
from sdae.evaluation.svm.features import LARGE, SAMPLE
from sdae.reproduce.jobs import FitJob, Job, LayersJob, Method, PictureJob, StudyJob, SvmJob
from sdae.reproduce.speed import FEATURES, UNITS, Speed
from sdae.results.study import FoundStudy
from sdae.settings.fine_tuning import FineTuning
from sdae.sweeps.space import Params, grid

OVERHEAD = 5e-6  # minimum seconds per example, however small the network
BUSY = 1.2  # factor on the time of an example if every core has a worker
BEST_AFTER = {"none": 40, "autoencoder": 15, "rbm": 15}  # epochs of fine-tuning, as observed; patience comes on top
TESTED = 0.05  # cost of a forward pass of large batches, relative to an update by one example
PICTURE = 60.0  # seconds; the samples of Figure 15 are judged by an SVM
# Seconds of one core for a search on 10,000 examples, and minimum, for the 50,000 test examples; measured where an
# example of fine-tuning took SVM_AT seconds.
SVM = {"linear": (80.0, 10.0), "rbf": (260.0, 15.0)}
SVM_AT = 6.5e-4


@dataclass(frozen=True)
class Costs:
    """Estimates seconds, first of one worker, from measured steps and from trials that were run here.

    Attributes:
        speed: Speed of this machine.
        workers: Number of workers.
        factor: Ratio of measured to estimated time of the trials here.
        train_size: Training examples of a scaled-down version.
    """

    speed: Speed
    workers: int
    factor: float = 1.0
    train_size: int | None = None

    def trial(self, problem: str, network: Method, fine_tuning: FineTuning, params: Params) -> float:
        """Return the seconds of one trial: examples × epochs × weights, at the measured speed."""
        facts = REGISTRY[problem]
        d, classes = facts.n_features, facts.n_classes
        examples = self.train_size or facts.sizes.train
        layers, units = params.get("nHLay", network.n_layers), params["nHUnit"]
        sizes = [d * units] + [units * units] * (layers - 1)
        seconds = 0.0
        kind = network.pretraining.layer
        if kind != "none":
            step = self._step(network)
            seconds += params["nEpoq"] * examples * sum(_scaled(step, size, FEATURES * UNITS) for size in sizes)
        epochs = min(fine_tuning.max_epochs, fine_tuning.patience + BEST_AFTER[kind])
        weights, usual = sum(sizes) + units * classes, UNITS * (FEATURES + 2 * UNITS + 10)
        seconds += epochs * examples * _scaled(self.speed.fine_tuning, weights, usual)
        return self.factor * (BUSY if self.workers > 1 else 1.0) * seconds

    def wall(self, job: Job, first: int = 0, trials: int = 0) -> float:
        """Return the seconds that a job takes all workers.

        Args:
            job: The job.
            first: Number of a study's trials that are over.
            trials: Number of trials that the study is to have.
        """
        if isinstance(job, StudyJob):
            return self._study(job, first, trials) / self.workers
        if isinstance(job, SvmJob | LayersJob):
            n, folds = REGISTRY[job.problem].sizes.train, REGISTRY[job.problem].folds or 1
            searches = [("rbf", 1)] if isinstance(job, SvmJob) else [("rbf", 4), ("linear", 4)]
            scale = folds * self.speed.fine_tuning / SVM_AT / self.workers
            # On a large set the search uses a sample, and about five of twenty-five SVMs are trained on all examples.
            examples = n**2 if n <= LARGE else SAMPLE**2 + n**2 / 5
            return scale * sum(k * max(SVM[name][0] * examples / 10_000**2, SVM[name][1]) for name, k in searches)
        if isinstance(job, FitJob):
            network, facts = job.network, REGISTRY[job.problem]
            sizes = [facts.n_features * network.n_units] + [network.n_units**2] * (network.n_layers - 1)
            examples = (self.train_size or facts.sizes.train) * network.pretraining.epochs
            return examples * sum(_scaled(self._step(network), size, FEATURES * UNITS) for size in sizes)
        assert isinstance(job, PictureJob)
        return PICTURE

    def _step(self, network: Method) -> float:
        """Return the seconds per example and epoch of a layer of usual size in pretraining."""
        return self.speed.rbm if network.pretraining.layer == "rbm" else self.speed.autoencoder

    def _study(self, job: StudyJob, first: int, trials: int) -> float:
        fine_tuning = job_fine_tuning(job)
        given = [self.trial(job.problem, job.network, fine_tuning, cell) for cell in job.given[first:trials]]
        drawn = trials - max(first, len(job.given))
        seconds = sum(given) + max(drawn, 0) * self._mean(job, fine_tuning)
        facts = REGISTRY[job.problem]
        test = TESTED * facts.sizes.test * self.speed.fine_tuning
        return (facts.folds or 1) * (seconds + (test if trials > first else 0.0))

    def _mean(self, job: StudyJob, fine_tuning: FineTuning) -> float:
        """Return the mean over the cells: the time does not depend on rates and noise, so over sizes and epochs."""
        axes = {axis: values for axis, values in job.axes.items() if axis in ("nHLay", "nHUnit", "nEpoq")}
        return statistics.fmean(self.trial(job.problem, job.network, fine_tuning, cell) for cell in grid(axes))


def job_fine_tuning(job: StudyJob) -> FineTuning:
    """Return the settings of fine-tuning of a study's trials."""
    return replace(job.network.fine_tuning, **job.settings.get("fine_tuning", {}))


def factor_seen(costs: Costs, jobs: Sequence[StudyJob], studies: Sequence[FoundStudy]) -> float:
    """Return the median ratio of measured to estimated time of the trials that were run here; 1 if there are few.

    Those of minibatches do not count, as the estimates are of online learning.
    """
    ratios = []
    for job in jobs:
        for study in studies:
            if (study.problem, study.method) != (job.problem, job.model) or study.fine_tuning is None:
                continue
            if study.labels is not None:  # an epoch of fine-tuning has as many updates
                continue
            fine_tuning = FineTuning(**study.fine_tuning)
            ratios += [
                took / costs.trial(job.problem, job.network, fine_tuning, params)
                for params, took in study.timed
                if _online(study, params)
            ]
    return statistics.median(ratios) if len(ratios) >= 3 else 1.0


def _online(study: FoundStudy, params: Params) -> bool:
    if "batch" in params:  # of pretraining and of fine-tuning
        return bool(params["batch"] == 1)
    return all((section or {}).get("batch_size", 1) == 1 for section in (study.pretraining, study.fine_tuning))


def _scaled(step: float, weights: int, usual: int) -> float:
    return max(step * weights / usual, OVERHEAD)
