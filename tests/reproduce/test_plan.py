"""What a budget means the second time: the same plan, or more of it."""

from dataclasses import replace

import pytest

from asked import COSTS, asked, named
from sdae.errors import SdaeError
from sdae.files import write_json
from sdae.reproduce.plan import make_plan, read_kept, write_kept


def test_everything_without_a_budget_and_nothing_that_is_there():
    jobs = asked("table3", problems=["rect"])
    plan = make_plan(jobs, {}, COSTS, None, None)
    assert {row.state for row in plan.rows} == {"now"}
    assert 0 < plan.seconds <= plan.whole  # in pieces, a study is tested once a piece
    done = {job.key: None for job in jobs}
    over = make_plan(jobs, done, COSTS, None, None)
    assert {row.state for row in over.rows} == {"done"}
    assert over.seconds == 0


def test_a_kept_plan_is_resumed_and_a_larger_budget_adds_to_it(tmp_path):
    jobs = asked("table3", problems=["rect"])
    first = make_plan(jobs, {}, COSTS, 3600.0, None)
    write_kept(tmp_path, "table3", first.kept)
    kept = read_kept(tmp_path, "table3")
    assert kept == first.kept
    again = make_plan(jobs, {}, COSTS, 1800.0, kept)
    assert (again.kept, again.resumed) == (kept, 3600.0)
    assert {row.job.key: row.trials for row in again.rows} == {row.job.key: row.trials for row in first.rows}
    more = make_plan(jobs, {}, COSTS, 36000.0, kept)
    assert more.kept.seconds > first.kept.seconds
    assert all(more.kept.bought[key] >= n for key, n in first.kept.bought.items())
    assert read_kept(tmp_path, "table4") is None


def test_without_a_budget_a_kept_plan_gains_what_it_did_not_know_of():
    [job] = asked("table3", problems=["rect"], methods=["sdae-3"])
    kept = make_plan([replace(job, trials=3)], {}, COSTS, None, None).kept
    assert make_plan([replace(job, trials=3)], {job.key: 2}, COSTS, None, kept).kept == kept
    [row] = make_plan([job], {job.key: 3}, COSTS, None, kept).rows
    assert (row.state, row.trials, row.n_done) == ("now", job.trials, 3)


def test_a_budget_after_a_plan_without_one_selects_anew():
    jobs = asked("table3", problems=["rect", "basic"])
    kept = make_plan(jobs, {}, COSTS, None, None).kept
    first, anew = (make_plan(jobs, {}, COSTS, 1800.0, earlier) for earlier in (None, kept))
    assert (anew.rows, anew.kept, anew.resumed) == (first.rows, first.kept, None)
    assert anew.notes == ["the plan that was started here had no budget: selected anew within this one"]
    assert 0 < anew.seconds <= 1800.0 < kept.seconds
    again = make_plan(jobs, {}, COSTS, 1800.0, anew.kept)
    assert (again.rows, again.kept, again.notes) == (anew.rows, anew.kept, [])
    done = make_plan(jobs, {job.key: None for job in jobs}, COSTS, 1800.0, kept)
    assert done.notes == []


def test_studies_that_are_set_up_come_first_in_a_new_selection():
    jobs = asked("table3", problems=["rect", "basic"])
    kept = make_plan(jobs, {}, COSTS, None, None).kept
    begun = {"basic/SDAE-3": 50, "basic/SAE-3": 50}
    plan = make_plan(jobs, {"basic/SDAE-3": 10}, COSTS, 36000.0, kept, begun)
    rows = {row.job.key: row for row in plan.rows}
    assert [(rows[key].state, rows[key].trials) for key in begun] == [("now", 50)] * 2
    assert rows["rect/SDAE-3"].state == "left out"  # as these two cost more than the budget
    assert plan.kept.seconds > 36000.0
    assert plan.notes[0].endswith("; 2 studies that are set up already keep their trials, and count")


def test_a_study_that_was_set_up_with_more_trials_is_run_to_its_end():
    jobs = named("table3", problems=["rect"])
    plan = make_plan(list(jobs.values()), {}, COSTS, 36000.0, None, {"rect/SDAE-3": 40})
    [row] = [row for row in plan.rows if row.job.key == "rect/SDAE-3"]
    assert row.trials >= 40


def test_a_study_that_has_no_result_has_failed_unless_it_gets_more_trials():
    [job] = asked("table3", problems=["rect"], methods=["sdae-3"])

    def row(n_done, budget=None):
        [row] = make_plan([job], {job.key: n_done}, COSTS, budget, None, failed=[job.key]).rows
        return row.state, row.trials, row.n_done

    assert row(None) == ("failed", job.trials, job.trials)
    assert row(2) == ("now", job.trials, 2)
    assert row(2, 0.01) == ("failed", 2, 2)


@pytest.mark.parametrize("content", [[], {"table3": 1}, {"table3": {"budget": 1.0}}, {"table4": {"seconds": []}}])
def test_a_record_of_another_shape_is_named(tmp_path, content):
    write_json(tmp_path / "reproduce.json", content)
    with pytest.raises(SdaeError, match=r"reproduce.json: cannot be read .*; remove it to make a new plan"):
        read_kept(tmp_path, "table3")
