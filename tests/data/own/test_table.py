"""Tables of one's own: columns become components, and are found again in new tables."""

import numpy as np
import pytest

pd = pytest.importorskip("pandas", reason="tables need pandas: pip install -e '.[tables]'")

from sdae.data import LocalTable  # noqa: E402
from sdae.data.own.arrays import read_array  # noqa: E402
from sdae.data.preprocessing import Preprocessing  # noqa: E402
from sdae.errors import SdaeError  # noqa: E402

N = 60


def frame(**changed):
    random = np.random.default_rng(0)
    columns = {
        "age": random.integers(20, 80, N),
        "town": np.array(["Bern", "Aarau", "Chur"])[np.arange(N) % 3],
        "weight": random.normal(70, 9, N),
        "smokes": np.arange(N) % 5 == 0,
        "well": np.where(np.arange(N) % 2 == 0, "yes", "no"),
    }
    return pd.DataFrame({**columns, **changed})


@pytest.fixture
def table(tmp_path):
    """Write a table."""

    def write(name="mine.csv", separator=",", **changed):
        path = tmp_path / name
        whole = frame(**changed)
        if name.endswith("parquet"):
            whole.to_parquet(path)
        else:
            whole.to_csv(path, index=False, sep=separator)
        return path

    return write


def ready(path, **how):
    problem = LocalTable(path, "well", **how)
    problem.load()
    return problem


def test_a_table_becomes_a_problem(table):
    problem = ready(table())
    assert (problem.name, problem.n_features, problem.n_classes, problem.provenance) == ("mine", 6, 2, "local")
    assert problem.class_names == ("no", "yes")
    assert problem.sizes == (48, 6, 6)
    np.testing.assert_allclose(problem.train.x[:, [0, 4, 5]].mean(0), 0, atol=1e-6)
    np.testing.assert_allclose(problem.train.x[:, [0, 4, 5]].std(0, correction=0), 1, atol=1e-6)
    towns = problem.train.x[:, 1:4]
    assert towns.unique().tolist() == [0, 1]
    assert (towns.sum(1) == 1).all()
    whole = frame()
    for split, (x, t) in problem.splits.items():
        rows = [int(name.removeprefix("mine.csv:")) for name in problem.where(split)]
        assert [problem.class_name(k) for k in t.tolist()] == whole["well"][rows].tolist()
        assert [("Aarau", "Bern", "Chur")[k] for k in x[:, 1:4].argmax(1)] == whole["town"][rows].tolist()


@pytest.mark.parametrize(("name", "separator"), [("a.parquet", ","), ("a.csv", ";"), ("a.tsv", "\t")])
def test_other_formats_hold_the_same(table, name, separator):
    assert ready(table(name, separator)).train.x.equal(ready(table()).train.x)


@pytest.mark.parametrize("scale", ["none", "minmax"])
def test_other_scales(table, scale):
    x = ready(table(), scale=scale).train.x
    assert (x.max() > 20) if scale == "none" else (float(x.min()), float(x.max())) == (0, 1)
    assert ready(table(), scale=scale).value_range[1] == (np.inf if scale == "none" else 1)


@pytest.mark.parametrize("target", [True, False])
def test_unlabelled_rows_are_for_pretraining_alone(table, tmp_path, target):
    path = table()
    more = frame(town=np.array(["Bern", "Thun"])[np.arange(N) % 2], age=np.full(N, 150))
    (more if target else more.drop(columns="well")).to_csv(tmp_path / "more.csv", index=False)
    plain, problem = ready(path), ready(path, unlabelled=tmp_path / "more.csv")
    assert problem.sizes == (48 + N, 6, 6)
    assert problem.train.t[48:].tolist() == [-1] * N
    assert problem.labelled.t.tolist() == plain.train.t.tolist()
    assert problem.n_features == plain.n_features + 1  # a town that occurs there alone
    assert abs(float(problem.train.x[:, 0].mean())) < 1e-5  # scaled by all that pretraining sees
    assert problem.where("train")[48] == "more.csv:0"
    with pytest.raises(SdaeError, match="mine.csv|few.csv"):
        more.drop(columns="age").to_csv(tmp_path / "few.csv", index=False)
        ready(path, unlabelled=tmp_path / "few.csv")


def test_missing_values_are_refused_or_filled_in(table):
    age, town = frame()["age"].astype(float), frame()["town"].copy()
    age[7], town[8] = np.nan, None
    with pytest.raises(SdaeError, match=r"mine.csv: column age: row 7, counted from 0, has no value \(1 of 60.*impute"):
        ready(table(age=age))
    with pytest.raises(SdaeError, match="column town: row 8, counted from 0, has no value"):
        ready(table(town=town))
    problem = ready(table(age=age, town=town), missing="impute", scale="none")
    seen = {
        name: row
        for split in problem.splits
        for name, row in zip(problem.where(split), problem.splits[split].x, strict=True)
    }
    train = [int(name.removeprefix("mine.csv:")) for name in problem.where("train")]
    assert float(seen["mine.csv:7"][0]) == np.nanmedian(age[train])
    assert seen["mine.csv:8"][1:4].sum() == 1


def test_columns_are_left_out_or_are_categories(table):
    code = np.arange(N) % 4 + 1.0
    assert ready(table(code=code), drop=["town"]).n_features == 4
    problem = ready(table(code=code), categories=["code"])
    assert problem.n_features == 10
    assert problem.encoding.columns[-1].categories == ("1", "2", "3", "4")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"age": ["abc", *map(str, range(N - 1))]}, "column age: 'abc' is not a number, as others are"),
        ({"age": [1e400, *range(N - 1)]}, "column age: row 0, counted from 0, holds infinity"),
        ({"well": [str(k) for k in range(N)]}, "column well: has 60 different values in 60 rows"),
        ({"well": ["yes"] * N}, "column well: has 1 different values"),
        ({"well": [None, *["yes", "no"] * (N // 2 - 1), "no"]}, "column well: row 0, counted from 0, has no class"),
        ({"age": [None] * N}, "column age: has no value in any training example"),
    ],
)
def test_a_column_that_cannot_be_used_is_named(table, changed, said):
    path = table(**changed)
    with pytest.raises(SdaeError, match=f"mine.csv: {said}"):
        ready(path)


def test_texts_are_no_categories(tmp_path):
    whole = pd.DataFrame({"name": [f"Ms {k}" for k in range(300)], "well": ["a", "b"] * 150})
    whole.to_csv(tmp_path / "mine.csv", index=False)
    with pytest.raises(
        SdaeError, match="column name: has 300 different values, such as 'Ms 0'; leave it out with drop"
    ):
        ready(tmp_path / "mine.csv")


def test_what_is_no_table_or_has_no_such_column(table, tmp_path):
    with pytest.raises(SdaeError, match="mine.csv: has no column ill; it has age, town, weight, smokes, well"):
        LocalTable(table(), "ill")
    (tmp_path / "bad.parquet").write_text("no table")
    (tmp_path / "empty.csv").write_text("")
    for name in ("bad.parquet", "empty.csv", "nowhere.csv"):
        with pytest.raises(SdaeError, match=f"{name}: cannot be read as a table"):
            LocalTable(tmp_path / name, "well")


def test_a_table_where_an_array_is_wanted_is_answered_with_the_class_for_it(table):
    with pytest.raises(SdaeError, match="mine.csv: is a table; use the class sdae.data.LocalTable"):
        read_array(table(), "x")


def test_new_tables_are_encoded_as_the_runs_own(table):
    problem = ready(table())
    kept = Preprocessing.of(problem.preprocessing.described())
    whole = frame()
    rows = [int(name.removeprefix("mine.csv:")) for name in problem.where("test")]
    new = whole.loc[rows, ["weight", "smokes", "town", "age"]].assign(more=1)  # another order, more, and no target
    assert np.array_equal(kept(new, "new.csv"), problem.test.x.numpy())
    with pytest.raises(SdaeError, match="new.csv: has no column age"):
        kept(new.drop(columns="age"), "new.csv")
    with pytest.raises(SdaeError, match="column town: row 1, counted from 0, holds 'Genf', not one of Aarau, Bern"):
        kept(new.assign(town=["Bern", "Genf", *["Chur"] * (len(rows) - 2)]), "new.csv")
    with pytest.raises(SdaeError, match="column age: row 0, counted from 0, holds 'old', not a number"):
        kept(new.assign(age=["old"] + ["3"] * (len(rows) - 1)), "new.csv")
