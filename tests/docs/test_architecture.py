"""docs/architecture.md: the drawing is that of the imports, which have no circle."""

from graphlib import TopologicalSorter

from house import PAGE, direct, drawing, imports, page_with


def test_no_packages_import_one_another_in_a_circle():
    TopologicalSorter(imports()).prepare()


def test_the_drawing_is_not_stale():
    page = PAGE.read_text(encoding="utf-8")
    assert page == page_with(drawing(imports()), page), "run: python tests/docs/house.py --write"


def test_every_package_is_explained():
    page = PAGE.read_text(encoding="utf-8")
    assert [package for package in imports() if f"| `{package}` |" not in page and package != "sdae"] == []


def test_an_arrow_that_a_longer_path_implies_is_left_out():
    assert direct({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == {"a": {"b"}, "b": {"c"}, "c": set()}


def test_imports_are_found_within_functions_too(tmp_path):
    for name, text in {
        "__init__.py": "def fit():\n    from sdae.b import x\n",
        "errors.py": "",
        "a/__init__.py": "",
        "a/one.py": "from sdae import b\nimport sdae.errors\n",
        "b/__init__.py": "",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    assert imports(tmp_path) == {"a": {"b"}, "b": set(), "sdae": {"b"}}
