"""Samplers and pruners: the cell of the grid that a trial gets, and when a trial is pruned."""

import random
from collections.abc import Sequence
from typing import Any

from optuna import Study
from optuna.distributions import BaseDistribution, CategoricalDistribution
from optuna.pruners import BasePruner, MedianPruner, NopPruner, SuccessiveHalvingPruner
from optuna.samplers import BaseSampler, TPESampler
from optuna.trial import FrozenTrial, TrialState

from sdae.seeds import derive
from sdae.sweeps.plan import StudyPlan
from sdae.sweeps.space import Axes, Params, grid, searched

RANDOM_TRIALS = 10  # random trials before TPE starts


def cells(study: StudyPlan, tried: Sequence[Params] = ()) -> list[Params]:
    """Return the cells that are known before a study begins; for TPE those given, and empty ones for the rest.

    If TPE has as many trials as there are cells, each trial gets its own, so that no two workers draw the same.

    Args:
        study: The study.
        tried: The hyperparameters of its existing trials.
    """
    if study.sampler == "list":
        return study.given
    if study.sampler == "grid":
        return grid(study.axes)
    if study.sampler == "random":
        order = grid(study.axes)
        random.Random(derive(study.seed, "cells", study.row)).shuffle(order)
        return order[: study.trials]  # so that a study resumed with more trials begins with the same
    first = list({tuple(params.items()): params for params in study.given}.values())
    everything = [*first, *(params for params in grid(study.axes) if params not in first)]
    if study.trials < len(everything):
        return [*first[: study.trials], *({} for _ in range(study.trials - len(first)))]
    new = [params for params in everything if params not in tried]
    return [{}] * (len(everything) - len(new)) + new


def trial_settings(trial: FrozenTrial) -> Params:
    """Return a trial's hyperparameters, also of a queued trial; empty if not yet chosen."""
    return trial.params or trial.system_attrs.get("fixed_params", {})


def distributions(axes: Axes) -> dict[str, BaseDistribution]:
    """Return Optuna's view of the considered values."""
    return {name: CategoricalDistribution(values) for name, values in axes.items()}


class NewCells(BaseSampler):
    """Optuna's TPE, restricted to untried cells, as the same settings would give the same error.

    A trial's draw is seeded by its number, so that a study of one worker is reproducible.

    Args:
        axes: The values considered.
        seed: Seed of the study.
    """

    def __init__(self, axes: Axes, seed: int) -> None:
        """Draw nothing yet."""
        self.axes, self.seed = axes, seed

    def infer_relative_search_space(self, study: Study, trial: FrozenTrial) -> dict[str, BaseDistribution]:
        """Return the whole space."""
        return distributions(self.axes)

    def sample_relative(
        self, study: Study, trial: FrozenTrial, search_space: dict[str, BaseDistribution]
    ) -> dict[str, Any]:
        """Draw a cell: at random at first, then by TPE."""
        others = [other for other in study.get_trials(deepcopy=False) if other.number != trial.number]
        tried = [trial_settings(other) for other in others]
        seed = derive(self.seed, "trial", trial.number)
        finished = [other for other in others if other.state in (TrialState.COMPLETE, TrialState.PRUNED)]
        if len(finished) >= RANDOM_TRIALS:
            tpe = TPESampler(seed=seed % 2**32, n_startup_trials=RANDOM_TRIALS)
            known = tpe.infer_relative_search_space(study, trial)
            for _ in range(20):
                drawn = tpe.sample_relative(study, trial, known)  # only axes with several values
                params = {name: drawn.get(name, values[0]) for name, values in self.axes.items()}
                if drawn.keys() == set(searched(self.axes)) and params not in tried:
                    return params
        new = [params for params in grid(self.axes) if params not in tried]
        return random.Random(seed).choice(new or grid(self.axes))

    def sample_independent(
        self, study: Study, trial: FrozenTrial, param_name: str, param_distribution: BaseDistribution
    ) -> Any:
        """Never called: every hyperparameter is drawn with the others."""
        raise NotImplementedError(param_name)


def pruner(study: StudyPlan) -> BasePruner:
    """Return the pruner, which has one step per epoch of fine-tuning."""
    if study.pruner == "median":
        return MedianPruner(n_startup_trials=5, n_warmup_steps=study.warmup)
    if study.pruner == "halving":
        return SuccessiveHalvingPruner(min_resource=max(study.warmup, 1))
    return NopPruner()


def sampler(study: StudyPlan) -> BaseSampler:
    """Return the sampler of the cells that are not known before."""
    return NewCells(study.axes, derive(study.seed, "study", study.name))
