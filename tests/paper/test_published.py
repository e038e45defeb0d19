"""The paper's own numbers."""

import pytest

from sdae.paper.published import published, published_model


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
    ],
)
def test_a_method_has_its_row_in_tables_3_and_4(args, model):
    assert published_model(*args) == model
