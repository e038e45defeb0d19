"""A table becomes a problem."""

import numpy as np
import pytest

pd = pytest.importorskip("pandas", reason="tables need pandas: pip install -e '.[tables]'")

from own import ROWS, columns, ready  # noqa: E402
from sdae.data import LocalTable  # noqa: E402
from sdae.errors import SdaeError  # noqa: E402


def made(path, **settings):
    return ready(LocalTable(path, "well", **settings))


def test_a_table_becomes_a_problem(table):
    problem = made(table())
    assert (problem.name, problem.n_features, problem.n_classes, problem.provenance) == ("mine", 6, 2, "local")
    assert problem.class_names == ("no", "yes")
    assert problem.sizes == (48, 6, 6)
    np.testing.assert_allclose(problem.train.x[:, [0, 4, 5]].mean(0), 0, atol=1e-6)
    np.testing.assert_allclose(problem.train.x[:, [0, 4, 5]].std(0, correction=0), 1, atol=1e-6)
    towns = problem.train.x[:, 1:4]
    assert towns.unique().tolist() == [0, 1]
    assert (towns.sum(1) == 1).all()
    whole = pd.DataFrame(columns())
    for split, (x, t) in problem.splits.items():
        rows = [int(name.removeprefix("mine.csv:")) for name in problem.where(split)]
        assert [problem.class_name(k) for k in t.tolist()] == whole["well"][rows].tolist()
        assert [("Aarau", "Bern", "Chur")[k] for k in x[:, 1:4].argmax(1)] == whole["town"][rows].tolist()


@pytest.mark.parametrize(("name", "separator"), [("a.parquet", ","), ("a.csv", ";"), ("a.tsv", "\t")])
def test_other_formats_hold_the_same(table, name, separator):
    assert made(table(name, separator)).train.x.equal(made(table()).train.x)


@pytest.mark.parametrize("scale", ["none", "minmax"])
def test_other_scales(table, scale):
    x = made(table(), scale=scale).train.x
    assert (x.max() > 20) if scale == "none" else (float(x.min()), float(x.max())) == (0, 1)
    assert made(table(), scale=scale).value_range[1] == (np.inf if scale == "none" else 1)


@pytest.mark.parametrize("target", [True, False])
def test_unlabelled_rows_are_for_pretraining_alone(table, tmp_path, target):
    path = table()
    more = pd.DataFrame(columns(town=np.array(["Bern", "Thun"])[np.arange(ROWS) % 2], age=np.full(ROWS, 150)))
    (more if target else more.drop(columns="well")).to_csv(tmp_path / "more.csv", index=False)
    plain, problem = made(path), made(path, unlabelled=tmp_path / "more.csv")
    assert problem.sizes == (48 + ROWS, 6, 6)
    assert problem.train.t[48:].tolist() == [-1] * ROWS
    assert problem.labelled.t.tolist() == plain.train.t.tolist()
    assert problem.n_features == plain.n_features + 1  # a town that occurs there alone
    assert abs(float(problem.train.x[:, 0].mean())) < 1e-5  # scaled by all that pretraining sees
    assert problem.where("train")[48] == "more.csv:0"
    with pytest.raises(SdaeError, match="mine.csv|few.csv"):
        more.drop(columns="age").to_csv(tmp_path / "few.csv", index=False)
        made(path, unlabelled=tmp_path / "few.csv")


def test_a_target_that_is_dropped_is_refused(table):
    with pytest.raises(SdaeError, match="drop: well is the target"):
        made(table(), drop=["town", "well"])


@pytest.mark.parametrize("split", ["valid", "test", "unlabelled"])
def test_a_file_is_not_named_for_two_splits(table, split):
    path = table()
    with pytest.raises(SdaeError, match=f"mine.csv: is named twice, as data.train and data.{split}"):
        made(path, **{split: path.parent / "." / path.name})


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"well": [str(k) for k in range(ROWS)]}, "column well: has 60 different values in 60 rows"),
        ({"well": ["yes"] * ROWS}, "column well: has 1 different values"),
        (
            {"well": [None, *["yes", "no"] * (ROWS // 2 - 1), "no"]},
            "column well: row 0, .* has no class .1 of 60 have none.; put such rows into .* under unlabelled",
        ),
        ({"well": [0.0, 1e400, *[0.0, 1.0] * (ROWS // 2 - 1)]}, "column well: row 1, counted from 0, holds infinity"),
    ],
)
def test_a_target_that_cannot_be_used_is_named(table, changed, message):
    path = table(**changed)
    with pytest.raises(SdaeError, match=f"mine.csv: {message}"):
        made(path)


def test_paths_can_be_texts(table):
    assert made(str(table())).sizes == made(table()).sizes


def test_files_must_fit_together(table):
    path = table()
    with pytest.raises(SdaeError, match="test.csv: column well: row 0, .* holds 'ill', not one of no, yes"):
        made(path, test=table("test.csv", well=["ill"] * ROWS))
    with pytest.raises(SdaeError, match="more.csv: only this file or .*mine.csv has the column height"):
        made(path, test=table("more.csv", height=np.arange(ROWS)))


def test_no_table_or_no_such_column_is_named(table, tmp_path):
    with pytest.raises(SdaeError, match="mine.csv: has no column ill; it has age, town, weight, smokes, well"):
        LocalTable(table(), "ill")
    with pytest.raises(SdaeError, match="nowhere.csv: no such file"):
        LocalTable(tmp_path / "nowhere.csv", "well")
