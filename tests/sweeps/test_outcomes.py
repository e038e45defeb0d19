"""Which trial is the best, which are run again, and which are given up."""

from datetime import datetime

from optuna.distributions import FloatDistribution
from optuna.trial import FrozenTrial, TrialState

from sdae.sweeps.outcomes import RETRIES, best, given_up, to_repeat
from sdae.tracking.keys import VALID_LOSS

NOW = datetime(2026, 1, 1)


def trial(number, state=TrialState.COMPLETE, value=None, user=None, system=None):
    return FrozenTrial(
        **{"number": number, "trial_id": number, "state": state, "value": value, "intermediate_values": {}},
        **{"datetime_start": NOW, "datetime_complete": NOW, "user_attrs": user or {}, "system_attrs": system or {}},
        **{"params": {"lRate": 0.1}, "distributions": {"lRate": FloatDistribution(0, 1)}},
    )


def test_the_best_has_the_lowest_error_then_the_lowest_loss_then_the_first_cell():
    trials = [
        trial(0, value=0.2, user={VALID_LOSS: 0.1}),
        trial(1, value=0.1, user={VALID_LOSS: 0.5, "cell": 3}),
        trial(2, value=0.1, user={VALID_LOSS: 0.4, "cell": 2}),
        trial(3, value=0.1, user={VALID_LOSS: 0.4, "cell": 1}),
        trial(4, TrialState.PRUNED, value=0.0),
    ]
    assert best(trials) is trials[3]
    assert best(trials[:3]) is trials[2]
    assert best(trials[4:]) is None


def test_a_failed_trial_is_run_again_once_and_that_of_a_dead_worker_ten_times():
    fail = TrialState.FAIL
    dead, raised, twice = (
        trial(0, fail),
        trial(1, fail, user={"errors": ["a"]}),
        trial(2, fail, user={"errors": [1, 2]}),
    )
    died = trial(13, fail, system={RETRIES: list(range(3, 13))})
    earlier = [trial(number, fail) for number in range(3, 13)]
    trials = [dead, raised, twice, *earlier, died]
    assert to_repeat(trials) == [dead, raised]
    assert given_up(trials) == [twice, died]
