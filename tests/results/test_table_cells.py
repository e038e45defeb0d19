"""Which measurement stands in which cell: one rule for what is shown and for what is missing."""

from dataclasses import replace

from made import measured
from sdae.results.table_cells import missing_folds, stands


def svm(weights="pretrained", layer=2, units=1000, model="SDAE-3"):
    stack = measured(model=model, settings={"nHUnit": units})
    return measured(model=f"SVM-rbf on layer {layer}", source="svm", weights=weights, stack=stack)


def test_table_5_is_of_1000_units_before_fine_tuning():
    assert stands(svm(), "SVM-rbf on layer 2")
    assert not stands(svm(), "SVM-rbf on layer 1")
    assert not stands(svm(units=2000), "SVM-rbf on layer 2")
    assert not stands(svm(units=[1000, 500]), "SVM-rbf on layer 2")
    assert not stands(svm(weights="best"), "SVM-rbf on layer 2")
    assert not stands(svm(model="SAE-3"), "SVM-rbf on layer 2")
    assert not stands(svm(model="SDAE-3 gaussian"), "SVM-rbf on layer 2")
    assert stands(svm(units=10), "SVM-rbf on layer 2", units=10)  # a scaled-down version's


def test_random_weights_are_of_the_same_networks():
    assert stands(svm(weights="random"), "SVM-rbf on layer 2", weights="random")
    assert not stands(svm(weights="random", model="DBN-3"), "SVM-rbf on layer 2", weights="random")
    assert not stands(svm(weights="random"), "SVM-rbf on layer 2")


def test_a_point_of_a_figure_stands_in_no_cell_except_as_table_5s_stack():
    assert stands(measured(), "SDAE-3")
    assert not stands(measured(point={"ν": 0.6}), "SDAE-3")
    assert not stands(measured(point={"nHUnit": 1000}), "SDAE-3")
    assert stands(replace(svm(), point={"nHUnit": 1000}), "SVM-rbf on layer 2")
    assert not stands(replace(svm(), point={"ν": 0.25}), "SVM-rbf on layer 2")
    assert not stands(replace(svm(), point={"nHUnit": 1000, "ν": 0.25}), "SVM-rbf on layer 2")
    raw = measured(model="SVM-rbf", source="svm", weights="input", settings={"C": 1.0})
    assert stands(replace(raw, point={"nHUnit": 1000}), "SVM-rbf on layer 0")
    assert not stands(replace(raw, point={"lRate": 0.05, "batch": 1}), "SVM-rbf on layer 0")


def test_layer_0_is_the_input():
    raw = measured(model="SVM-rbf", source="svm", weights="input", settings={"C": 1.0})
    assert stands(raw, "SVM-rbf on layer 0")
    assert stands(raw, "SVM-rbf")
    noisy = measured(model="SVM-rbf", source="svm", weights="input", settings={"copies": 9, "ν": 0.1})
    assert not stands(noisy, "SVM-rbf")


def test_few_labels_stand_in_no_cell():
    few = measured(labels=100)
    assert stands(measured(), "SDAE-3")
    assert not stands(few, "SDAE-3")
    assert not stands(measured(model="SVM-rbf", source="svm", weights="input", labels=100), "SVM-rbf")
    on_layer = svm()
    assert not stands(replace(on_layer, stack=replace(on_layer.stack, labels=100)), "SVM-rbf on layer 2")


def test_a_cross_validation_is_of_all_its_folds():
    assert missing_folds(measured()) is None
    assert missing_folds(measured(problem="my-own", folds=3)) is None
    assert missing_folds(measured(problem="tzanetakis", folds=10)) is None
    assert missing_folds(measured(problem="tzanetakis", folds=2)) == "2 of 10 folds"
    assert missing_folds(measured(problem="tzanetakis")) == "1 of 10 folds"
