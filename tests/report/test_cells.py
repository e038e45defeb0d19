"""Which measurement stands in which cell."""

import random
from dataclasses import replace

from made import measured
from sdae.report.cells import fill_table, preference


def test_every_pair_has_a_cell_and_the_missing_are_empty():
    filled = fill_table("table3", [measured()], {})
    assert set(filled.cells) == {(problem, model) for problem in filled.problems for model in filled.models}
    assert filled.cells["rect", "SDAE-3"].ours is not None
    assert filled.cells["rect", "MLP-3"].paper is None
    assert sum(cell.ours is not None for cell in filled.cells.values()) == 1
    assert not any(cell.our_best for cell in filled.cells.values())  # as there is nothing to compare it with
    assert filled.cells["rect", "SDAE-3"].overlaps  # 2.00 ± 0.12 and 1.99 ± 0.12
    assert not fill_table("table3", [measured(test_error=0.03)], {}).cells["rect", "SDAE-3"].overlaps


def test_the_test_error_never_chooses():
    study = measured(test_error=0.03, folder="study")
    better = measured(test_error=0.01, source="run", trials=1, valid_error=0.001, folder="lucky")
    fewer = measured(test_error=0.01, trials=4, valid_error=0.001, folder="fewer")
    generated = measured(test_error=0.01, provenance="generated", valid_error=0.001, folder="generated")
    worse = measured(test_error=0.01, valid_error=0.02, folder="worse")
    candidates = [study, better, fewer, generated, worse]
    random.Random(0).shuffle(candidates)
    cell = fill_table("table3", candidates, {}).cells["rect", "SDAE-3"]
    assert cell.ours == study
    assert {one.folder for one in cell.others} == {"lucky", "fewer", "generated", "worse"}
    assert min(candidates, key=preference) == study


def test_one_measurement_stands_in_two_tables():
    basic = measured(problem="basic")
    assert fill_table("table4", [basic], {}).cells["basic", "SDAE-3 masking"].ours == basic
    raw = measured(model="SVM-rbf", source="svm", weights="input")
    assert fill_table("table3", [raw], {}).cells["rect", "SVM-rbf"].ours == raw
    assert fill_table("table5", [raw], {}).cells["rect", "SVM-rbf on layer 0"].ours == raw


def test_table_5_is_of_1000_units_before_fine_tuning():
    def svm(weights="pretrained", **stack):
        network = measured(**stack)
        return measured(model="SVM-rbf on layer 2", source="svm", weights=weights, stack=network, folder=network.folder)

    def ours(*them):
        return fill_table("table5", them, {}).cells["rect", "SVM-rbf on layer 2"].ours

    wide = svm(settings={"nHUnit": 2000})
    sae = svm(model="SAE-3")
    assert ours(wide, sae, svm("best"), svm("random")) is None
    low, high = svm(valid_error=0.01, folder="b"), svm(valid_error=0.02, folder="a")
    assert ours(high, wide, low) == low  # the network's validation error, not the SVM's
    noisy = measured(model="SVM-rbf", source="svm", weights="input", settings={"copies": 9, "ν": 0.1})
    assert fill_table("table3", [noisy], {}).cells["rect", "SVM-rbf"].ours is None


def test_table_5_marks_the_best_of_a_kernel():
    svms = []
    for kernel, raw, above in (("linear", 0.3, 0.4), ("rbf", 0.02, 0.01)):
        svms.append(measured(model=f"SVM-{kernel}", source="svm", weights="input", test_error=raw))
        layer = measured(model=f"SVM-{kernel} on layer 1", source="svm", weights="pretrained", test_error=above)
        svms.append(replace(layer, stack=measured()))
    filled = fill_table("table5", svms, {})
    best = [model for (problem, model), cell in filled.cells.items() if cell.our_best]
    assert best == ["SVM-linear on layer 0", "SVM-rbf on layer 1"]


def test_a_finding_stands_at_its_cell():
    filled = fill_table("table3", [measured()], {"table3/rect/SDAE-3": "too few epochs"})
    assert filled.cells["rect", "SDAE-3"].finding == "too few epochs"
    assert filled.cells["rect", "SAE-3"].finding is None
