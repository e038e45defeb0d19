"""Tables are read from files."""

import sys

import pytest

pd = pytest.importorskip("pandas", reason="tables need pandas: pip install -e '.[tables]'")

from own import columns  # noqa: E402
from sdae.data.own.frames import is_table, read_frame  # noqa: E402
from sdae.errors import SdaeError  # noqa: E402


@pytest.mark.parametrize(("name", "separator"), [("a.parquet", ","), ("a.csv", ";"), ("a.tsv", "\t"), ("a.CSV", ",")])
def test_every_format_holds_the_same(table, name, separator):
    path = table(name, separator)
    assert is_table(path)
    pd.testing.assert_frame_equal(read_frame(path), pd.DataFrame(columns()), check_dtype=False)


def test_rows_are_numbered_from_0_and_column_names_are_texts(tmp_path):
    pd.DataFrame({"a": [1, 2], "b": [3, 4]}, index=[7, 9]).to_parquet(tmp_path / "mine.parquet")
    assert list(read_frame(tmp_path / "mine.parquet").index) == [0, 1]
    (tmp_path / "mine.csv").write_text("\ufeff1, 2\n5, 6\n", encoding="utf-8")
    frame = read_frame(tmp_path / "mine.csv")
    assert list(frame.columns) == ["1", "2"]
    assert frame["2"].tolist() == [6]


def test_another_encoding_is_named(tmp_path):
    (tmp_path / "latin.csv").write_text("wine,price\nrosé,3\n", encoding="latin-1")
    with pytest.raises(SdaeError, match="latin.csv: is not UTF-8; save it in this encoding"):
        read_frame(tmp_path / "latin.csv")


def test_what_is_no_table_is_named(tmp_path):
    (tmp_path / "bad.parquet").write_text("no table")
    (tmp_path / "empty.csv").write_text("")
    for name in ("bad.parquet", "empty.csv"):
        with pytest.raises(SdaeError, match=f"{name}: cannot be read as a table"):
            read_frame(tmp_path / name)
    with pytest.raises(SdaeError, match=r"nowhere.csv: no such file$"):
        read_frame(tmp_path / "nowhere.csv")


def test_two_columns_of_one_name_are_refused(tmp_path):
    """pandas renames the second one, so that the error was never raised."""
    path = tmp_path / "mine.csv"
    path.write_text("b, a,a\n1,2,3\n")
    with pytest.raises(SdaeError, match="mine.csv: has two columns named a$"):
        read_frame(path)
    path.write_text("a,,\n1,2,3\n")  # such as a spreadsheet's empty columns
    assert len(read_frame(path).columns) == 3


@pytest.mark.parametrize(("library", "name"), [("pandas", "mine.csv"), ("pyarrow", "mine.parquet")])
def test_a_library_that_is_missing_is_named_with_its_extra(table, monkeypatch, library, name):
    path = table(name)
    if library == "pandas":
        monkeypatch.setitem(sys.modules, "pandas", None)
    else:
        monkeypatch.setattr(pd, "read_parquet", missing)
    with pytest.raises(SdaeError, match=rf"{name}: .* needs {library}; pip install 'sdae\[tables\]'"):
        read_frame(path)


def missing(path):
    raise ImportError


@pytest.mark.parametrize("rows", ["0,1.5,x,y\n1,2.5,y,x\n", "r1,1.5,x,y\nr2,2.5,y,x\n"])
def test_a_column_without_a_name_is_refused(tmp_path, rows):
    """pandas takes the first column for an index, and gives its name to the second."""
    path = tmp_path / "mine.csv"
    path.write_text(f"a,b,t\n{rows}")
    with pytest.raises(SdaeError, match=r"mine.csv: its rows have more values than its first line has names"):
        read_frame(path)
    path.write_text("a,b,t\n0,1.5,x,\n1,2.5,y,\n")  # each row ends with a separator
    assert read_frame(path)["a"].tolist() == [0, 1]
