"""The columns of a table become components, and a new table is encoded by what the run keeps."""

import numpy as np
import pytest

pd = pytest.importorskip("pandas", reason="tables need pandas: pip install -e '.[tables]'")

from own import ROWS, columns, ready  # noqa: E402
from sdae.data import LocalTable  # noqa: E402
from sdae.data.own.encoding import Column, Encoding, codes, learn_encoding, shortlist  # noqa: E402
from sdae.data.preprocessing import Preprocessing  # noqa: E402
from sdae.errors import SdaeError  # noqa: E402


def made(path, **settings):
    return ready(LocalTable(path, "well", **settings))


def test_a_column_is_numbers_or_one_hot_categories():
    frame = pd.DataFrame({"a": [1.5, None, 4.5, 7.0], "b": ["u", "v", None, "v"], "t": ["x", "y", "x", "y"]})
    encoding = learn_encoding([("mine.csv", frame)], "t", [], np.array([0, 1, 2]), impute=True)
    assert encoding == Encoding((Column("a", None, 3.0), Column("b", ("u", "v"), "u")), "t")
    assert encoding.one_hot.tolist() == [False, True, True]
    expected = [[1.5, 1, 0], [3, 0, 1], [4.5, 1, 0], [7, 0, 1]]
    assert encoding(frame[["b", "a"]], "new.csv").tolist() == expected
    assert Encoding.of(encoding.described()) == encoding
    with pytest.raises(SdaeError, match="mine.csv: has no column besides t"):
        learn_encoding([("mine.csv", frame[["t"]])], "t", [], np.array([0]), impute=True)
    with pytest.raises(SdaeError, match="new.csv: has no rows"):
        encoding(frame[:0], "new.csv")


def test_dates_are_refused():
    frame = pd.DataFrame({"born": pd.to_datetime(["2001-02-03", "2004-05-06"]), "t": ["x", "y"]})
    with pytest.raises(SdaeError, match="mine.csv: column born: holds dates"):
        learn_encoding([("mine.csv", frame)], "t", [], np.arange(2), impute=False)


@pytest.mark.parametrize("values", [["5,1", "3,2", "-0,7"], ["1,000", "2,500", "900"], ["2024-01-31", "2024-02-01"]])
def test_dates_and_numbers_with_a_comma_are_no_categories(table, values):
    strange = [values[k % len(values)] for k in range(ROWS)]
    with pytest.raises(SdaeError, match="column town: .* is a date, or a number with a comma"):
        LocalTable(table(town=strange), "well")
    assert LocalTable(table(town=strange), "well", categories=["town"]).encoding.columns


def test_a_long_list_of_categories_is_cut():
    assert shortlist(list("abcde")) == "a, b, c, d, e"
    assert shortlist(list("abcdefg")) == "a, b, c, d, e and 2 more"
    assert codes(np.array(["b", "a"]), ["a", "b"], "x").tolist() == [1, 0]
    with pytest.raises(SdaeError, match="^x: row 1, counted from 0, holds 'z', not one of a, b, c, d, e and 1 more$"):
        codes(np.array(["b", "z"]), list("abcdef"), "x")


def test_missing_values_are_refused_or_filled_in(table):
    age, town = pd.DataFrame(columns())["age"].astype(float), pd.DataFrame(columns())["town"].copy()
    age[7], town[8] = np.nan, None
    with pytest.raises(SdaeError, match=r"mine.csv: column age: row 7, counted from 0, has no value \(1 of 60.*impute"):
        made(table(age=age))
    with pytest.raises(SdaeError, match="column town: row 8, counted from 0, has no value"):
        made(table(town=town))
    problem = made(table(age=age, town=town), missing="impute", scale="none")
    seen = {
        name: row
        for split in problem.splits
        for name, row in zip(problem.where(split), problem.splits[split].x, strict=True)
    }
    train = [int(name.removeprefix("mine.csv:")) for name in problem.where("train")]
    assert float(seen["mine.csv:7"][0]) == np.nanmedian(age[train])
    assert seen["mine.csv:8"][1:4].sum() == 1


def test_columns_are_left_out_or_are_categories(table):
    code = np.arange(ROWS) % 4 + 1.0
    assert made(table(code=code), drop=["town"]).n_features == 4
    problem = made(table(code=code), categories=["code"])
    assert problem.n_features == 10
    assert problem.encoding.columns[-1].categories == ("1", "2", "3", "4")


def test_a_code_that_is_infinite_is_named(table):
    path = table(code=[-1e400, *np.arange(ROWS - 1) % 4 + 1.0])
    with pytest.raises(SdaeError, match="mine.csv: column code: row 0, counted from 0, holds infinity"):
        made(path, categories=["code"])


def test_texts_are_no_categories(tmp_path):
    whole = pd.DataFrame({"name": [f"Ms {k}" for k in range(300)], "well": ["a", "b"] * 150})
    whole.to_csv(tmp_path / "mine.csv", index=False)
    with pytest.raises(
        SdaeError, match="column name: has 300 different values, such as 'Ms 0'; leave it out with drop"
    ):
        made(tmp_path / "mine.csv")


def test_new_tables_are_encoded_as_the_runs_own(table):
    problem = made(table())
    kept = Preprocessing.of(problem.preprocessing.described())
    whole = pd.DataFrame(columns())
    rows = [int(name.removeprefix("mine.csv:")) for name in problem.where("test")]
    new = whole.loc[rows, ["weight", "smokes", "town", "age"]].assign(more=1)  # another order, more, and no target
    assert np.array_equal(kept(new, "new.csv"), problem.test.x.numpy())
    with pytest.raises(SdaeError, match="new.csv: has no column age"):
        kept(new.drop(columns="age"), "new.csv")
    with pytest.raises(SdaeError, match="column town: row 1, counted from 0, holds 'Genf', not one of Aarau, Bern"):
        kept(new.assign(town=["Bern", "Genf", *["Chur"] * (len(rows) - 2)]), "new.csv")
    with pytest.raises(SdaeError, match="column age: row 0, counted from 0, holds 'old', not a number"):
        kept(new.assign(age=["old"] + ["3"] * (len(rows) - 1)), "new.csv")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"age": ["abc", *map(str, range(ROWS - 1))]}, "column age: 'abc' is not a number, as others are"),
        ({"age": [1e400, *range(ROWS - 1)]}, "column age: row 0, counted from 0, holds infinity"),
        ({"age": [None] * ROWS}, "column age: has no value in any training example"),
    ],
)
def test_a_column_that_cannot_be_used_is_named(table, changed, message):
    path = table(**changed)
    with pytest.raises(SdaeError, match=f"mine.csv: {message}"):
        made(path)


INFINITE, TEXT = [20.0, 1e400, *range(ROWS - 2)], ["abc", *map(str, range(ROWS - 1))]


@pytest.mark.parametrize(
    ("age", "settings", "message"),
    [
        (INFINITE, {}, "column age: row 1, counted from 0, holds infinity"),
        (INFINITE, {"missing": "impute"}, "column age: row 1, counted from 0, holds infinity"),
        (INFINITE, {"categories": ["age"]}, "column age: row 1, counted from 0, holds infinity"),
        (TEXT, {}, "column age: 'abc' is not a number, as others are"),
    ],
    ids=["numbers", "imputed", "categories", "text"],
)
def test_a_value_of_a_further_file_is_named_by_that_file_and_its_row_there(table, age, settings, message):
    with pytest.raises(SdaeError, match=f"test.csv: {message}"):
        made(table(), test=table("test.csv", age=age), **settings)


def test_a_column_is_of_the_same_kind_in_all_files(table):
    problem = made(table(), test=table("test.csv", town=np.array(["Bern", "Thun"])[np.arange(ROWS) % 2]))
    assert problem.encoding.columns[1].categories == ("Aarau", "Bern", "Chur", "Thun")
