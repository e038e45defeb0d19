"""What a budget buys: more of it never less, and the same again when it is resumed."""

import json

import pytest

from asked import COSTS, asked
from sdae.errors import SdaeError
from sdae.reproduce.budget import affordable, parse_budget, pieces
from sdae.reproduce.plan import make_plan, read_kept, write_kept

HOUR = 3600.0


@pytest.mark.parametrize(("text", "seconds"), [("90m", 5400), ("2h", 7200), ("1d", 86400), ("1.5h", 5400), ("30s", 30)])
def test_a_budget_is_a_number_and_a_unit(text, seconds):
    assert parse_budget(text) == seconds


@pytest.mark.parametrize("text", ["2", "h", "two hours", "-1h", "0h", "2h30m"])
def test_another_form_is_refused(text):
    with pytest.raises(SdaeError, match="^budget .*as 90m, 2h or 1d"):
        parse_budget(text)


@pytest.mark.parametrize("target", ["table3", "table5", "all"])
def test_more_budget_buys_no_less_and_costs_no_more_than_it(target):
    all_pieces = pieces(asked(target), {}, COSTS)
    before = {}
    for hours in (0.01, 0.1, 0.5, 1, 2, 5, 24, 100, 1000, None):
        budget = None if hours is None else hours * HOUR
        bought = affordable(all_pieces, budget)
        assert before.keys() <= bought.keys()
        assert all(bought[key] >= n for key, n in before.items())
        paid = [piece for piece in all_pieces if bought.get(piece.job.key, -1) >= piece.trials]
        assert budget is None or sum(piece.seconds for piece in paid) <= budget
        before = bought
    assert before == {job.key: getattr(job, "trials", 0) for job in asked(target)}


def test_the_cheapest_problem_comes_first_and_its_methods_are_all_alike():
    bought = affordable(pieces(asked("table3"), {}, COSTS), 0.15 * HOUR)
    assert {key.partition("/")[0] for key in bought} == {"rect", "basic"}
    assert {key: n for key, n in bought.items() if key.startswith("rect")} == {
        **dict.fromkeys(["rect/DBN-1", "rect/SAE-3", "rect/DBN-3", "rect/SDAE-3"], 2),
        "rect/MLP-3": 4,
        "rect/SVM-rbf": 0,
    }


def test_what_is_there_costs_nothing():
    jobs = asked("table3")
    there = {job.key: None for job in jobs if job.problem == "rect"}
    plan = make_plan(jobs, there, COSTS, 0.5 * HOUR, None)
    alone = make_plan(jobs, {}, COSTS, 0.5 * HOUR, None)
    assert {row.state for row in plan.rows if row.job.problem == "rect"} == {"done"}
    now = [sum(row.state == "now" and row.job.problem != "rect" for row in one.rows) for one in (plan, alone)]
    assert now[0] > now[1]


def test_a_plan_that_is_resumed_is_the_same(tmp_path):
    jobs = asked("table3")
    first = make_plan(jobs, {}, COSTS, 2 * HOUR, None)
    write_kept(tmp_path, "table3", first.kept)
    kept = read_kept(tmp_path, "table3")
    assert kept == first.kept
    assert read_kept(tmp_path, "table4") is None
    done = {row.job.key: None if row.trials == 0 else row.trials for row in first.rows[:9]}
    again = make_plan(jobs, done, COSTS, 2 * HOUR, kept)
    assert again.kept == first.kept
    assert [row.job.key for row in again.rows if row.state == "left out"] == [
        row.job.key for row in first.rows if row.state == "left out"
    ]
    finished = {row.job.key: row.trials or None for row in first.rows if row.state == "now"}
    assert not [row for row in make_plan(jobs, finished, COSTS, 2 * HOUR, kept).rows if row.state == "now"]
    smaller = make_plan(jobs, done, COSTS, HOUR, kept)
    assert smaller.kept == kept
    assert smaller.resumed == 2 * HOUR

    larger = make_plan(jobs, finished, COSTS, 6 * HOUR, kept)
    assert all(larger.kept.bought[key] >= n for key, n in kept.bought.items())
    assert 0 < larger.seconds <= 6 * HOUR - kept.seconds + 1e-6
    assert larger.kept.seconds <= 6 * HOUR + 1e-6
    assert json.loads((tmp_path / "reproduce.json").read_text()).keys() == {"table3"}


def test_a_study_that_was_begun_with_more_trials_is_run_to_its_end():
    jobs = asked("table3", problems=["rect"], methods=["sdae-3"])
    plan = make_plan(jobs, {"rect/SDAE-3": 10}, COSTS, 60.0, None, {"rect/SDAE-3": 25})
    assert [(row.state, row.n_done, row.trials) for row in plan.rows] == [("now", 10, 25)]
    over = make_plan(jobs, {"rect/SDAE-3": 25}, COSTS, 60.0, None)
    assert over.rows[0].state == "done"
