"""A plan on screen."""

from dataclasses import replace

from asked import COSTS, asked
from sdae.reproduce.plan import make_plan
from sdae.reproduce.shown import long, plan_text

DAY = 86400.0


def text(done=None, budget=None, kept=None, workers=2):
    plan = make_plan(asked("table3", problems=["rect"]), done or {}, COSTS, budget, kept)
    return plan, plan_text(plan, ["first command", "second command"], workers)


def test_every_job_has_a_row_and_every_command_a_line():
    plan, said = text({"rect/SVM-rbf": None, "rect/SDAE-3": 3})
    rows = said.partition("\n\n")[0].splitlines()[2:]
    assert len(rows) == len(plan.rows) == 6
    [svm] = [row for row in rows if "SVM-rbf" in row]
    assert svm.split()[-1] == "done"
    [sdae] = [row for row in rows if " SDAE-3 " in row]
    assert "50 of 50, 3 over" in sdae
    assert "first command\nsecond command\n" in said
    assert ", by 2 workers, as estimated" in said
    assert said.endswith("left out: nothing")


def test_what_a_budget_leaves_out_is_named():
    assert "left out: rect; the whole would take about" in text(budget=0.01)[1]
    _, half = text(budget=COSTS.wall(asked("table3", problems=["rect"], methods=["svm"])[0]) + 1)
    assert "left out: rect (5 of 6 jobs)" in half


def test_a_plan_that_is_resumed_says_so():
    first, _ = text(budget=3 * DAY)
    assert "resuming the plan of 3 days that was started here" in text(budget=DAY, kept=first.kept)[1]
    assert "resuming" not in text(budget=3 * DAY, kept=first.kept)[1]
    assert "a note" in plan_text(replace(first, notes=["a note"]), [], 1)


def test_days_are_days():
    assert (long(47 * 3600), long(3 * DAY)) == ("47 h 00 min", "3 days")
