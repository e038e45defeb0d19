"""What a study of ``reproduce`` comes to, and what it costs: for this, configurations are resolved as ``fit`` would."""

from dataclasses import dataclass
from typing import Any

from sdae.cli import trials
from sdae.cli.problems import problem_kept
from sdae.data import Problem
from sdae.experiment import method_name
from sdae.fine_tuning import FineTuning
from sdae.pretraining import Pretraining
from sdae.published import published_model
from sdae.reproduce import cost, known
from sdae.reproduce.figures import SECONDS
from sdae.reproduce.speed import Speed
from sdae.reproduce.targets import SVM, Job
from sdae.sweeps.space import Params, grid, names


@dataclass(frozen=True)
class Told:
    """What a study's problem and method come to: the search it gets, and how large its networks are."""

    model: str
    n_layers: int
    problem: Problem
    given: list[Params]
    space: dict[str, list[Any]]
    settings: dict[str, Any]

    @classmethod
    def of(cls, job: Job) -> "Told":
        """Resolve a job's configuration as ``fit`` would."""
        config = trials.resolve(job.problem, job.method, {})
        pretraining, fine_tuning = Pretraining(**config["pretraining"]), FineTuning(**config["fine_tuning"])
        n_layers = config["model"]["n_layers"]
        method = method_name(pretraining, fine_tuning, n_layers)
        model = published_model(method, job.problem, pretraining.corruption, pretraining.emphasised)
        axes = [name for name in names(pretraining) if name != "nHLay"]
        searched = [name for name in axes if name not in job.each]
        given = known.given(job.problem, model, searched, job.fixed)
        space = known.space(given, searched, job.fixed) | {name: list(values) for name, values in job.each.items()}
        problem = problem_kept(config["data"])
        return cls(model, n_layers, problem, given, space, known.settings(job.problem, model))


def seconds(job: Job, n_trials: int, told: Told | None, speed: Speed) -> float:
    """Estimate what a job takes by the clock, with all workers at it."""
    if job.kind == "picture":
        return SECONDS[job.problem]
    if told is None:
        problem = problem_kept(trials.resolve(job.problem, "mlp-1", {})["data"])
        return cost.svm(problem.sizes, 1 if job.method == SVM else 8) * (problem.folds or 1)
    of, total = told.problem, 0.0
    for point in grid({axis: list(values) for axis, values in job.each.items()}):
        given = [{**cell, **point} for cell in told.given]
        considered = {**told.space, **{axis: [value] for axis, value in point.items()}}
        total += cost.study(n_trials, given, considered, told.n_layers, of.n_features, of.sizes, speed)
    return (of.folds or 1) * total / speed.workers
