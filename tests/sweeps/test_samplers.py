"""Which cells are drawn, and which trials are pruned."""

import optuna
import pytest
from optuna.trial import TrialState

from sdae.sweeps import fitting as trials
from sdae.sweeps import samplers
from sdae.sweeps.plan import plan
from sdae.sweeps.samplers import RANDOM_TRIALS, NewCells, cells, pruner
from sdae.sweeps.space import Space, grid
from sdae.sweeps.sweep_file import Part, Sweep

AXES = {"nHUnit": list(range(1, 41)), "ν": [0.25], "lRateSup": [0.1, 0.2]}


def study_plan(**changes):
    space = Space(nHUnit=[5, 6], lRate=[0.1], lRateSup=[0.1, 0.2], nEpoq=[1], ν=[0.1])
    asked = Sweep(**{"studies": [Part(["rect"], ["sdae-1"])], "space": space, **changes})
    [study] = plan(asked, "small", trials.resolve, trials.folds)
    return study


def test_tpe_draws_where_a_hyperparameter_has_one_value(monkeypatch):
    draws = []

    class Spy(optuna.samplers.TPESampler):
        def sample_relative(self, *args):
            draws.append(super().sample_relative(*args))
            return draws[-1]

    monkeypatch.setattr(samplers, "TPESampler", Spy)
    study = optuna.create_study(sampler=NewCells(AXES, 1))

    def error(trial):
        params = {name: trial.suggest_categorical(name, values) for name, values in AXES.items()}
        return abs(params["nHUnit"] - 20) + params["lRateSup"]

    study.optimize(error, n_trials=30)
    assert draws
    taken = [trial.params for trial in study.trials[RANDOM_TRIALS:]]
    used = [params for params in taken if any(draw | {"ν": 0.25} == params for draw in draws)]
    assert len(used) > len(taken) / 2  # the others were drawn before
    assert len({tuple(trial.params.items()) for trial in study.trials}) == 30


def test_tpe_with_as_many_trials_as_cells_is_the_grid():
    study = study_plan(trials=9)
    assert cells(study) == grid(study.axes)
    assert cells(study, tried=[grid(study.axes)[2]])[1:] == [p for i, p in enumerate(grid(study.axes)) if i != 2]
    assert cells(study_plan(trials=3)) == [{}, {}, {}]


KNOWN = [{"nHUnit": 6, "lRateSup": 0.2}, {"nHUnit": 5, "lRateSup": 0.2}]


def test_tpe_begins_with_the_cells_that_are_given():
    study = study_plan(given=KNOWN, trials=3)
    assert cells(study) == [*study.given, {}]
    assert study.given[0] == {"nHUnit": 6, "lRate": 0.1, "lRateSup": 0.2, "nEpoq": 1, "ν": 0.1}
    assert cells(study_plan(given=KNOWN, trials=1)) == study.given[:1]
    everything = cells(study_plan(given=KNOWN, trials=9))
    assert everything[:2] == study.given
    assert sorted(map(str, everything)) == sorted(map(str, grid(study.axes)))


def test_a_part_has_cells_and_a_number_of_trials_of_its_own():
    part = Part(["rect"], ["sdae-1"], given=KNOWN[:1], trials=2)
    study = study_plan(studies=[part], given=KNOWN, trials=3)
    assert cells(study) == [study.given[0], {}]
    assert study_plan(studies=[Part(["rect"], ["sdae-1"], given=[])], given=KNOWN).given == []


def test_a_study_that_grows_keeps_its_first_cells_and_draws_none_that_waits():
    storage = optuna.storages.InMemoryStorage()
    study = optuna.create_study(storage=storage, sampler=NewCells({"nHUnit": [5, 6]}, 1))
    study.enqueue_trial({"nHUnit": 5})
    study.enqueue_trial({})
    waiting, drawn = study.get_trials()
    assert NewCells({"nHUnit": [5, 6]}, 1).sample_relative(study, drawn, {}) == {"nHUnit": 6}
    assert samplers.trial_settings(waiting) == {"nHUnit": 5}


@pytest.mark.parametrize("name", ["median", "halving"])
def test_a_curve_worse_than_those_before_it_is_pruned_after_the_warm_up(name):
    study = optuna.create_study(pruner=pruner(study_plan(pruner=name, warmup=4)))

    def run(error):
        trial = study.ask()
        for epoch in range(1, 21):
            trial.report(error, epoch)
            if trial.should_prune():
                study.tell(trial, state=TrialState.PRUNED)
                return epoch
        study.tell(trial, error)
        return None

    for _ in range(6):
        run(0.1)
    pruned = run(0.5)
    assert pruned is not None
    assert pruned >= 4
    assert run(0.05) is None


def test_without_a_pruner_nothing_is():
    study = optuna.create_study(pruner=pruner(study_plan(pruner="none")))
    trial = study.ask()
    trial.report(1e9, 1000)
    assert not trial.should_prune()
