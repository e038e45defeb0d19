"""What a worker makes of its trials' ends, with a stand-in for ``fit``; the real one is in test_kills."""

import errno
import gc
import multiprocessing
import signal
import time
import weakref
from collections import Counter
from pathlib import Path

import optuna
import pytest
from optuna.study import StudyDirection
from optuna.trial import TrialState

from patience import PATIENT
from sdae.errors import Diverged, SdaeError
from sdae.files import write_json
from sdae.runs.versions import commit
from sdae.sweeps import fitting as trials
from sdae.sweeps.heartbeat import ran, requeue
from sdae.sweeps.overview import status, summarise_sweep
from sdae.sweeps.plan import plan
from sdae.sweeps.space import Space
from sdae.sweeps.stopping import GivenBack, Lost, Stop
from sdae.sweeps.storage import NothingWaiting, open_storage
from sdae.sweeps.studies import PLAN, RESULT, SWEEP, KeptSweep, find, set_up
from sdae.sweeps.sweep_file import Part, Sweep
from sdae.sweeps.trial import UnusableEnvironment
from sdae.sweeps.worker import next_study, take, work
from taking import drain

FOUR = Space(nHUnit=[5, 6], lRate=[0.1], lRateSup=[0.1, 0.2], nEpoq=[1], ν=[0.1])


class Stub:
    """Runs nothing: errors are by the settings, and every call is kept."""

    def __init__(self, ends=None):
        self.ends, self.calls = ends or {}, []

    def __call__(self, folder, config, callbacks=(), test=True, cache=None):
        units, rate = config["model"]["n_units"], config["fine_tuning"]["learning_rate"]
        self.calls.append((folder.path.name, test))
        end = self.ends.get((units, rate))
        end = end.pop(0) if isinstance(end, list) and end else end
        if isinstance(end, BaseException):
            raise end
        folder.path.mkdir(parents=True, exist_ok=True)
        folder.metrics.write_text("key,epoch,value\nfit/valid_loss,1,0.5\n")
        folder.best.touch()
        result = {"valid_error": units / 100 + rate, "test_error": 0.5 if test else None, "test_interval": 0.1}
        result |= {"epochs": {"best": 1}, "seconds": 1.0, "provenance": "generated", "note": None}
        if test:
            write_json(folder.result, result)
        return result


@pytest.fixture
def begin(tmp_path):
    """Set up a study of four cells, or others."""

    def begin(**changes):
        sweep = Sweep(**{"studies": [Part(["rect"], ["sdae-1"])], "sampler": "grid", "space": FOUR, **changes})
        plans = plan(sweep, "four", trials.resolve, trials.folds)
        storage = open_storage(f"sqlite:///{tmp_path / 'study.db'}", 1, create=True)
        return storage, set_up(storage, plans, KeptSweep("four", str(tmp_path), 1, 1))

    return begin


def test_every_cell_once_and_the_chosen_tested_once(begin, tmp_path):
    storage, [study] = begin()
    fit = Stub()
    work(storage, [study], tmp_path, fit, Stop())
    assert sorted(fit.calls) == sorted([(f"trial-000{i}", False) for i in range(4)] + [("trial-0000", True)])
    assert [trial.state for trial in study.trials()] == [TrialState.COMPLETE] * 4
    assert study.result["chosen"]["params"] == {"nHUnit": 5, "lRate": 0.1, "lRateSup": 0.1, "nEpoq": 1, "ν": 0.1}
    assert study.result["run"]["test_error"] == 0.5
    assert [path.parent.name for path in tmp_path.rglob("best.ckpt")] == ["trial-0000"]
    work(storage, [study], tmp_path, fit, Stop())
    assert len(fit.calls) == 5


def test_the_commit_is_looked_up_before_the_first_trial(begin, tmp_path):
    commit.cache_clear()
    storage, [study] = begin()
    stub, known = Stub(), []

    def fit(*args, **more):
        known.append(commit.cache_info().currsize)
        return stub(*args, **more)

    work(storage, [study], tmp_path, fit, Stop())
    assert known == [1] * 5


def test_waiting_for_a_layer_is_not_counted_among_the_seconds_of_a_trial(begin, tmp_path):
    storage, [study] = begin(trials=1, sampler="random")
    stub = Stub()

    def waiting(*args, cache=None, **more):
        if cache is not None:
            time.sleep(0.3)
            cache.waiting(0.3)
        return stub(*args, **more)

    work(storage, [study], tmp_path, waiting, Stop())
    [trial] = study.trials(TrialState.COMPLETE)
    assert 0 < ran(trial) <= trial.duration.total_seconds() - 0.3


def test_a_study_that_is_over_is_tested_before_the_trials_of_others(begin, tmp_path):
    one = Space(nHUnit=[5], lRate=[0.1], lRateSup=[0.1], nEpoq=[1], ν=[0.1])
    parts = [Part(["rect"], ["sdae-1"]), Part(["rect"], ["sdae-2"], space=one)]
    storage, studies = begin(studies=parts)
    stop = Stop()

    def stopped_in_the_last_trial(folder, config, callbacks=(), test=True, cache=None):
        if not test and sum(not tested for _, tested in stub.calls) == 4:
            stop.signal = signal.SIGTERM
            raise GivenBack
        return stub(folder, config, callbacks, test, cache)

    stub = Stub()
    work(storage, studies, tmp_path, stopped_in_the_last_trial, stop)
    assert sorted(study.result is not None for study in studies) == [False, True]


def test_a_second_worker_takes_a_stack_that_no_other_trains(begin):
    axis = Part(["rect"], ["sdae-1", "mlp-1"], each=["lRateSup"])
    _, studies = begin(studies=[axis])
    left = {study.plan.name: 1 for study in studies}
    assert next_study(studies, left).plan.method == "SDAE-1"
    another = studies[0]
    another.study._storage.set_trial_state_values(another.trials()[0]._trial_id, TrialState.RUNNING)
    assert next_study(studies, {**left, another.plan.name: 0}).plan.method == "MLP-1"


def test_among_equals_the_lowest_loss_decides_then_the_first(begin, tmp_path):
    storage, [study] = begin()
    fit = Stub()
    work(storage, [study], tmp_path, lambda *args, **more: {**fit(*args, **more), "valid_error": 0.3}, Stop())
    assert study.chosen.user_attrs["cell"] == 0


def test_the_data_of_a_trial_that_is_over_are_not_kept(begin, tmp_path):
    class Circle:
        """What a module and its trainer are to each other."""

        def __init__(self):
            self.itself = self

    storage, studies = begin()
    fit, circles = Stub(), []

    def holding(*args, **more):
        assert all(circle() is None for circle in circles)
        circles.append(weakref.ref(Circle()))
        return fit(*args, **more)

    gc.disable()  # what it would do by chance
    try:
        work(storage, studies, tmp_path, holding, Stop())
    finally:
        gc.enable()
    assert len(circles) == 5


def test_divergence_is_pruned_with_its_reason(begin, tmp_path):
    storage, [study] = begin()
    work(storage, [study], tmp_path, Stub({(5, 0.1): Diverged("the loss became nan")}), Stop())
    [pruned] = study.trials(TrialState.PRUNED)
    assert pruned.user_attrs["reason"] == "the loss became nan"
    assert study.chosen.user_attrs["cell"] == 2


def test_what_raises_is_tried_again_once(begin, tmp_path):
    storage, [study] = begin()
    fit = Stub({(5, 0.1): RuntimeError("always"), (6, 0.2): [RuntimeError("once")]})
    fit.ends[(6, 0.2)].append(None)
    work(storage, [study], tmp_path, fit, Stop())
    assert Counter(fit.calls)[("trial-0000", False)] == 2
    assert Counter(fit.calls)[("trial-0003", False)] == 2
    assert study.result["trials"] == {"complete": 3, "pruned": 0, "failed": 1}
    last = max(study.trials(TrialState.FAIL), key=lambda trial: len(trial.user_attrs["errors"]))
    assert last.user_attrs["errors"] == ["RuntimeError: always", "RuntimeError: always"]
    assert "Traceback" in last.user_attrs["traceback"]


def test_metrics_without_the_loss_of_the_best_epoch_are_named(begin, tmp_path):
    storage, [study] = begin()
    fit = Stub()
    result = {"epochs": {"best": 7}}
    work(storage, [study], tmp_path, lambda *args, **more: fit(*args, **more) | result, Stop())
    [said] = study.trials(TrialState.FAIL)[0].user_attrs["errors"]
    metrics = tmp_path / "rect/sdae-1/trial-0000/metrics.csv"
    assert said == f"SdaeError: {metrics}: has no validation loss of epoch 7, the best"


@pytest.mark.parametrize(
    "error", [UnusableEnvironment("rect: damaged"), OSError(errno.ENOSPC, "No space left on device")]
)
def test_what_no_other_trial_would_fare_better_with_stops_the_worker(begin, tmp_path, error):
    storage, [study] = begin()
    with pytest.raises(SdaeError, match="damaged|no space left"):
        work(storage, [study], tmp_path, Stub({(5, 0.1): error}), Stop())
    assert [trial.state for trial in study.trials()] == [TrialState.WAITING] * 4
    work(storage, [study], tmp_path, Stub(), Stop())
    assert len(study.trials(TrialState.COMPLETE)) == 4


def test_a_stopped_worker_gives_its_trial_back_with_its_parameters(begin, tmp_path):
    storage, [study] = begin()
    stop = Stop()

    def fit(*args, **more):
        stop.signal = 15
        raise GivenBack

    work(storage, [study], tmp_path, fit, stop)
    assert [trial.state for trial in study.trials()] == [TrialState.WAITING] * 4
    assert study.trials()[0].params["nHUnit"] == 5


def test_a_requeued_trial_that_is_taken_over_is_named_by_its_folder(begin, tmp_path, caplog):
    storage, [study] = begin()
    requeued = []

    def fit(*args, **more):
        [running] = study.trials(TrialState.RUNNING)
        storage.set_trial_state_values(running._trial_id, TrialState.FAIL)
        requeued.append(running)
        raise Lost

    first, *others = study.trials()
    for trial in others:
        storage.set_trial_state_values(trial._trial_id, TrialState.FAIL)
    storage.set_trial_state_values(first._trial_id, TrialState.RUNNING)
    storage.set_trial_state_values(first._trial_id, TrialState.FAIL)
    requeue(study.study, study.study.trials[0])
    with caplog.at_level("INFO"):
        take(storage, study, tmp_path, fit, Stop())
    assert requeued[0].number == 4
    assert "trial-0000: taken over by another worker" in caplog.text


def test_a_budget_is_exact(begin):
    _, [study] = begin(sampler="tpe", trials=2)
    assert len(study.trials(TrialState.WAITING)) == 2
    study.study.optimize(lambda trial: 0.1, n_trials=2)
    with pytest.raises(NothingWaiting):
        study.study.optimize(lambda trial: 0.1, n_trials=1)


def test_hours_end_a_study(begin, tmp_path):
    storage, [study] = begin(hours=1e-9)
    fit = Stub()
    work(storage, [study], tmp_path, fit, Stop())
    assert fit.calls == [("trial-0000", False), ("trial-0000", True)]


def test_more_hours_go_on_with_it(begin, tmp_path):
    storage, studies = begin(hours=1e-9)
    work(storage, studies, tmp_path, Stub(), Stop())
    assert studies[0].result is not None
    storage, [study] = begin(hours=5)
    assert study.result is None
    work(storage, [study], tmp_path, Stub(), Stop())
    assert len(study.trials(TrialState.COMPLETE)) == 4


def test_a_test_that_raises_is_tried_again_once_and_said(begin, tmp_path):
    storage, [study] = begin()
    fit, tests = Stub(), []

    def breaking(*args, test=True, **more):
        if test:
            tests.append(args[0].path.name)
            raise RuntimeError("no test today\nnor tomorrow")
        return fit(*args, test=test, **more)

    work(storage, [study], tmp_path, breaking, Stop())
    assert tests == ["trial-0000", "trial-0000"]
    assert study.result["run"] is None
    [row] = summarise_sweep([study])
    assert row["note"] == "its test failed: RuntimeError: no test today nor tomorrow"
    assert row["test_error"] is None
    assert "four/rect/SDAE-1: its test failed: RuntimeError: no test today nor tomorrow" in status([study])
    work(storage, [study], tmp_path, breaking, Stop())  # as by a worker that joins it
    assert len(tests) == 2
    storage, [study] = begin()  # the sweep is started again
    assert study.result is None
    work(storage, [study], tmp_path, breaking, Stop())
    assert len(tests) == 4
    storage, [study] = begin()
    work(storage, [study], tmp_path, fit, Stop())
    assert study.result["run"]["test_error"] == 0.5
    assert "its test failed" not in status([study])


def test_a_sweep_that_is_being_set_up_is_not_joined(begin):
    storage, [study] = begin()
    storage.create_new_study([StudyDirection.MINIMIZE], "four/rect/SDAE-2")  # not yet marked as the sweep's
    study.study.set_user_attr(SWEEP, study.study.user_attrs[SWEEP] | {"studies": 2})
    with pytest.raises(SdaeError, match="is still being set up"):
        find(storage, None)


def test_where_the_data_came_from_stays(begin, tmp_path):
    _, [study] = begin(settings={"data": {"source": "auto"}})
    kept = study.study.user_attrs[PLAN]
    kept["config"]["data"]["init_args"]["source"] = "original"
    study.study.set_user_attr(PLAN, kept)
    _, [study] = begin(settings={"data": {"source": "auto"}})
    assert study.study.user_attrs[PLAN]["config"]["data"]["init_args"]["source"] == "original"
    assert study.plan.config["data"]["init_args"]["source"] == "original"


def test_tpe_has_no_cell_twice_and_the_same_study_twice(begin, tmp_path):
    considered = Space(nHUnit=[1, 2, 3, 4], lRate=[0.1, 0.2], lRateSup=[0.1, 0.2], nEpoq=[1], ν=[0.1])
    storage, [study] = begin(sampler="tpe", trials=16, space=considered)
    work(storage, [study], tmp_path, Stub(), Stop())
    cells = [tuple(trial.params.values()) for trial in study.trials()]
    assert len(set(cells)) == 16


def test_a_study_goes_on_with_more_trials_and_is_refused_with_another_space(begin, tmp_path):
    storage, [study] = begin(sampler="random", trials=2)
    work(storage, [study], tmp_path, Stub(), Stop())
    _, [study] = begin(sampler="random", trials=3)
    assert study.study.user_attrs[RESULT] is None
    assert len(study.trials(TrialState.WAITING)) == 1
    with pytest.raises(SdaeError, match=r"another space: space.nHUnit is \[5, 6\] there and \[5\] here"):
        begin(sampler="random", trials=3, space=Space(nHUnit=[5]).over(FOUR))
    with pytest.raises(SdaeError, match="another plan: config.fine_tuning.patience"):
        begin(sampler="random", trials=3, settings={"fine_tuning": {"patience": 3}})
    with pytest.raises(SdaeError, match="number cannot be lowered"):
        begin(sampler="random", trials=1)


@pytest.mark.slow
def test_on_sqlite_no_two_processes_take_the_same_trial(begin, tmp_path: Path):
    many = Space(nHUnit=list(range(1, 41)), lRate=[0.1], lRateSup=[0.1], nEpoq=[1], ν=[0.1])
    _, [study] = begin(space=many)
    spawn = multiprocessing.get_context("spawn")
    processes = [spawn.Process(target=drain, args=(f"sqlite:///{tmp_path}/study.db",)) for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(PATIENT)
        assert process.exitcode == 0  # one that took another's trial would have been told so, by an error
    assert Counter(trial.value for trial in study.trials()) == dict.fromkeys(map(float, range(1, 41)), 1)


def test_the_cache_may_change_its_size_and_not_be_negative(begin):
    begin(sampler="random", trials=2)
    _, [study] = begin(sampler="random", trials=2, cache=0)
    assert study.plan.cache == 0
    with pytest.raises(SdaeError, match="cache: must not be negative"):
        begin(cache=-1)


def test_a_study_that_is_deleted_while_it_runs_is_left_out(tmp_path):
    studies = [Part(["rect"], ["sdae-1"]), Part(["rect"], ["sdae-2"])]
    sweep = Sweep(studies=studies, sampler="grid", space=FOUR)
    plans = plan(sweep, "four", trials.resolve, trials.folds)
    url = f"sqlite:///{tmp_path / 'study.db'}"
    storage = open_storage(url, 1, create=True)
    opened = set_up(storage, plans, KeptSweep("four", str(tmp_path), 1, 2))
    stub = Stub()

    def fit(folder, config, callbacks=(), test=True, cache=None):
        if len(stub.calls) == 1:
            optuna.delete_study(study_name=plans[0].name, storage=url)
        return stub(folder, config, callbacks, test, cache)

    work(storage, opened, tmp_path, fit, Stop())
    _, [left] = find(storage, "four")
    assert left.plan.name == plans[1].name
    assert left.result["run"]["test_error"] == 0.5
