"""Arrays and tables of what a stack says."""

import csv
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from sdae.errors import SdaeError
from sdae.evaluation.inputs import Inputs
from sdae.evaluation.prediction import check_output, labelled_error, predict, write_prediction
from sdae.models.classifier import Classifier

P = np.array([[0.25, 0.75], [1.0, 0.0]], dtype=np.float32)
OWN = Inputs(np.zeros((2, 3)), ["cat/1.png", "dog/2.png"], ["cat", "dog"], rows_matter=True)


def rows(path):
    return list(csv.reader(path.open(encoding="utf-8")))


@pytest.mark.parametrize("layer", [None, 1])
def test_an_examples_values_do_not_depend_on_the_others_or_on_its_place(layer):
    classifier = Classifier(4, 3, n_layers=1, n_units=10)
    torch.nn.init.normal_(classifier.output.weight)
    x = torch.rand(1030, 4, generator=torch.Generator().manual_seed(1))
    whole, order = predict(classifier, x, layer), torch.randperm(1030, generator=torch.Generator().manual_seed(2))
    np.testing.assert_allclose(predict(classifier, x[order], layer), whole[order], rtol=1e-7)
    for n in (0, 1, 13, 1001):
        np.testing.assert_allclose(predict(classifier, x[:n], layer), whole[:n], rtol=1e-7)


def test_a_csv_names_examples_and_classes(tmp_path):
    assert write_prediction(tmp_path / "p.csv", P, OWN, ["cat", "dog, wet"]) == [tmp_path / "p.csv"]
    assert rows(tmp_path / "p.csv") == [
        ["example", "label", "class", "p(cat)", "p(dog, wet)"],
        ["cat/1.png", "cat", "dog, wet", "0.25", "0.75"],
        ["dog/2.png", "dog", "cat", "1", "0"],
    ]


def test_the_error_is_that_of_the_examples_whose_class_is_known(caplog):
    def error(labels):
        return labelled_error(P, labels, ["cat", "dog"])

    assert error(["cat", "cat"]) == (0.5, 2)  # the first is taken for a dog
    assert error(["cat", ""]) == (1.0, 1)
    assert error(["", ""]) is None
    assert not caplog.messages
    assert error(["dog", "cow"]) == (0.5, 2)
    assert "such as cow (its own: cat, dog); they count as errors" in caplog.messages[-1]
    assert error(["0", ""]) is None
    assert "such as 0 (its own: cat, dog); no error is computed" in caplog.messages[-1]


def test_units_have_numbers_and_examples_without_a_class_no_column_for_it(tmp_path):
    write_prediction(tmp_path / "y.csv", P, Inputs(np.zeros((2, 3)), ["x.npy:0", "x.npy:1"]), None)
    assert rows(tmp_path / "y.csv")[:2] == [["example", "unit 1", "unit 2"], ["x.npy:0", "0.25", "0.75"]]


def test_beside_an_npy_lies_which_row_is_which_example(tmp_path):
    assert write_prediction(tmp_path / "p.npy", P, OWN, ["cat", "dog"]) == [tmp_path / "p.npy", tmp_path / "p.rows.csv"]
    assert rows(tmp_path / "p.rows.csv")[1:] == [["0", "cat/1.png", "cat"], ["1", "dog/2.png", "dog"]]
    assert np.array_equal(np.load(tmp_path / "p.npy"), P)


@pytest.mark.parametrize("classes", [["cat", "dog, wet"], None])
def test_a_parquet_has_the_columns_of_the_csv(classes, tmp_path):
    pandas = pytest.importorskip("pandas", reason="pip install -e '.[dev]'")
    pytest.importorskip("pyarrow", reason="pip install -e '.[dev]'")
    for name in ("p.csv", "p.parquet"):
        assert write_prediction(tmp_path / name, P, OWN, classes) == [tmp_path / name]
    text, table = pandas.read_csv(tmp_path / "p.csv"), pandas.read_parquet(tmp_path / "p.parquet")
    assert list(table.columns) == list(text.columns)
    assert set(table.dtypes.iloc[-2:]) == {np.dtype("float32")}
    pandas.testing.assert_frame_equal(table, text, check_dtype=False)


def test_without_pyarrow_it_is_said_before_anything_is_computed(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(SdaeError, match=r"needs pyarrow; pip install 'sdae\[tables\]'"):
        check_output(Path("p.parquet"))
    check_output(Path("p.csv"))


def test_other_formats_are_refused():
    with pytest.raises(SdaeError, match="output p.txt: the name of a .npy, a .csv or a .parquet file"):
        check_output(Path("p.txt"))
