"""The rows and columns of the paper's tables."""

from sdae.paper.layout import MODELS, OUR_NAME, ROWS, rivals
from sdae.paper.published import published


def test_every_cell_but_mlps_is_published():
    missing = {
        (problem, model)
        for table in MODELS
        for problem in ROWS[table]
        for model in MODELS[table]
        if published(problem, model) is None
    }
    assert {(problem, model) for problem, model in missing if model != "MLP-3"} <= {
        (problem, model) for problem, model in missing if problem == "tzanetakis"
    }
    assert ("rect", "MLP-3") in missing


def test_the_best_is_marked_among_the_models_of_one_table_or_kernel():
    assert rivals("table3", "SDAE-3") == MODELS["table3"]
    assert rivals("table5", "SVM-rbf on layer 2") == tuple(f"SVM-rbf on layer {k}" for k in range(4))


def test_a_model_under_two_names_is_measured_under_one():
    assert OUR_NAME["SVM-rbf on layer 0"] == "SVM-rbf"
    assert OUR_NAME["SDAE-3 masking"] == "SDAE-3"
