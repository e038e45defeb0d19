"""Best and ties as the paper marks them, and its ordering of methods."""

from sdae.paper.layout import MODELS
from sdae.paper.published import published
from sdae.report.marks import Error, best_models, ordering, overlap


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
    assert ordering(theirs, theirs) == "2 of 2 differences of the paper's hold here"
    near = {**theirs, "B": Error(0.0115, 0.001)}
    assert ordering(near, theirs) == ("1 of 2 differences of the paper's hold here; within the intervals here: A and B")
    turned = {**theirs, "A": Error(0.03, 0.001)}
    assert ordering(turned, theirs) == (
        "0 of 2 differences of the paper's hold here; reversed: B is better than A, C is better than A"
    )
    assert ordering({"B": theirs["B"], "C": theirs["C"]}, theirs) is None  # the paper cannot tell them apart
