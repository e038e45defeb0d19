"""Best and ties as the paper marks them, and its ordering of methods."""

from dataclasses import replace

from made import measured
from sdae.paper.layout import MODELS
from sdae.paper.published import published
from sdae.report.cells import fill_table
from sdae.report.marks import Error, best_models, mark, ordering, overlap, shown_in_a_table


def paper(problem, table="table3"):
    cells = {model: published(problem, model) for model in MODELS[table]}
    return {model: Error(cell.test_error, cell.interval) for model, cell in cells.items() if cell}


def test_the_papers_own_bold_type():
    # Read off Table 3 as printed: section 6.2 says where SDAE-3 is best, or overlaps with the best.
    assert best_models(paper("rot")) == {"SDAE-3"}
    assert best_models(paper("bg-rand")) == {"DBN-3"}
    assert best_models(paper("bg-img")) == {"DBN-1", "DBN-3", "SDAE-3"}
    assert best_models(paper("rect")) == {"SVM-rbf", "SDAE-3"}
    assert best_models(paper("convex")) == {"SAE-3", "DBN-3", "SDAE-3"}
    assert best_models({}) == set()


def test_intervals_that_touch_overlap():
    assert overlap(Error(0.10, 0.01), Error(0.13, 0.02))
    assert not overlap(Error(0.10, 0.01), Error(0.14, 0.02))
    assert overlap(Error(0.14, 0.05), Error(0.10, 0.0))


def test_the_ordering_is_held_lost_or_turned():
    theirs = {"A": Error(0.01, 0.001), "B": Error(0.02, 0.001), "C": Error(0.0205, 0.001)}
    assert ordering(theirs, theirs) == "2 of the paper's 2 differences hold here"
    near = {**theirs, "B": Error(0.0115, 0.001)}
    assert ordering(near, theirs) == ("1 of the paper's 2 differences hold here; undecided here: A and B")
    turned = {**theirs, "A": Error(0.03, 0.001)}
    assert ordering(turned, theirs) == (
        "0 of the paper's 2 differences hold here; reversed: B is better than A, C is better than A"
    )
    assert ordering({"B": theirs["B"], "C": theirs["C"]}, theirs) is None  # the paper cannot tell them apart


def test_marks_say_better_and_worse():
    def mark_at(error):
        return mark(fill_table("table3", [measured(test_error=error)], {}).cells["rect", "SDAE-3"])

    errors = (0.0199, 0.0223, 0.0224, 0.01)  # 1.99 + 0.12 + 0.123 = 2.233
    assert [mark_at(error) for error in errors] == ["≈", "≈", "▲", "▼"]
    cell = fill_table("table3", [measured()], {}).cells["rect", "SDAE-3"]
    assert mark(replace(cell, paper=None)) == ""


def test_a_number_in_a_table_is_bold_where_it_is_best():
    cell = fill_table("table3", [measured(test_error=0.02, interval=0.0012)], {}).cells["rect", "SDAE-3"]
    assert shown_in_a_table(cell.ours, best=True) == "**2.00 ± 0.12**"
    assert shown_in_a_table(cell.paper) == "1.99 ± 0.12"
    assert shown_in_a_table(None) == "–"
