"""The paper's own numbers."""

import pytest

from sdae.paper.published import published, published_model, shown_beside


def test_a_cell_of_table_3():
    cell = published("basic", "SDAE-3")
    assert cell is not None
    assert (cell.table, cell.test_error, cell.interval, cell.noise_level) == ("table3", 0.0284, 0.0015, "10%")


def test_the_paper_prints_no_mlp():
    assert published("rect", "MLP-3") is None


@pytest.mark.parametrize(
    ("args", "model"),
    [
        (("SAE-3", "basic", "masking", False), "SAE-3"),
        (("SDAE-3", "basic", "masking", False), "SDAE-3"),
        (("SDAE-3", "basic", "masking", True), "SDAE-3 masking emphasized"),
        (("SDAE-3", "bg-rand", "salt-and-pepper", False), "SDAE-3 salt-and-pepper"),
        (("SDAE-3", "tzanetakis", "gaussian", False), "SDAE-3"),
        (("SDAE-3 with noise", "basic", "masking", False), "SDAE-3 with noise"),
        (("SDAE-3 with noise", "basic", "gaussian", False), "SDAE-3 gaussian with noise"),
    ],
)
def test_a_method_has_its_row_in_tables_3_and_4(args, model):
    assert published_model(*args) == model


def test_what_a_result_keeps_of_a_cell_is_shown_as_printed():
    cell = published("basic", "SDAE-3")
    kept = {"table": "table3", "model": "SDAE-3", "test_error": 0.0284, "interval": 0.0015, "noise_level": "10%"}
    assert cell is not None
    assert cell.kept == kept
    assert shown_beside(kept) == cell.shown == "2.84 ± 0.15 %"
    assert shown_beside(None) == "not reported"
    svm = published("basic", "SVM-rbf")
    assert svm is not None
    assert svm.kept.keys() == {"table", "model", "test_error", "interval"}
