"""What fits a budget."""

import pytest

from sdae.errors import SdaeError
from sdae.reproduce.plan import plan, seconds_of
from sdae.reproduce.targets import jobs

JOBS = jobs("table3", ["rect", "basic", "rot"])
COST = {"rect": 10.0, "basic": 100.0, "rot": 300.0}


def estimate(job, trials):
    return COST[job.problem] * (trials if job.kind == "study" else 1)


def its(budget, there=lambda job: False):
    return plan(JOBS, there, estimate, budget)


def done(steps):
    return {step.job.key: step.trials for step in steps if not step.left_out}


def test_fewer_problems_first_and_the_budget_is_kept():
    # rect: five studies of two trials and an SVM are 110 s.
    steps = its(120)
    assert {step.job.problem for step in steps if not step.left_out} == {"rect"}
    assert sum(step.seconds for step in steps if not step.left_out) == 110


def test_more_budget_is_never_less_of_anything():
    before = {}
    for budget in range(30, 120_000, 977):
        steps = its(float(budget))
        now = done(steps)
        assert sum(step.seconds for step in steps if not step.left_out) <= budget
        assert all(now[key] >= trials for key, trials in before.items())
        before = now
    assert set(before.values()) == {50, 0}  # SVMs have no trials


def test_what_is_there_costs_nothing_and_makes_room():
    def there(job):
        return job.problem == "rect"

    steps = its(210, there)
    assert [step.job.key for step in steps if not (step.there or step.left_out)] == ["basic/basic/sdae-3"]
    assert all(step.seconds == 0 for step in steps if step.there)
    assert not any(step.left_out for step in its(1, lambda job: True))


def test_a_budget_for_nothing_is_refused():
    with pytest.raises(SdaeError, match="--budget: rect, sdae-3 alone takes about 20 s; give more"):
        its(19)


def test_without_a_budget_everything_has_50_trials():
    assert {step.trials for step in its(None) if step.job.kind == "study"} == {50}


@pytest.mark.parametrize(("said", "seconds"), [("90m", 5400), ("2h", 7200), ("1.5d", 129600), ("30s", 30)])
def test_budgets_are_said_as_people_do(said, seconds):
    assert seconds_of(said) == seconds


@pytest.mark.parametrize("said", ["", "2", "h", "two h", "-1h", "0h", "nanh", "infh", "2 weeks"])
def test_other_budgets_are_refused(said):
    with pytest.raises(SdaeError, match="--budget"):
        seconds_of(said)
