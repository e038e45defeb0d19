"""The Python blocks of README and docs."""

import ast
import importlib
import inspect

import pytest
from pages import PAGES, TOP, blocks

BLOCKS = [block for page in PAGES for block in blocks(page) if block.language == "python"]


def named(node):
    """Return a dotted name such as sdae.fit, or None for another expression."""
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else None


def found(name):
    """Return what a dotted name that begins with sdae is."""
    _, *parts = name.split(".")
    thing = importlib.import_module("sdae")
    for part in parts:
        thing = getattr(thing, part)
    return thing


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.page)
def test_a_block_uses_names_that_exist_and_parameters_that_they_take(block):
    tree = ast.parse(block.text)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "sdae":
            for each in node.names:
                assert hasattr(importlib.import_module(str(node.module)), each.name)
        if isinstance(node, ast.Attribute) and (name := named(node)) and name.startswith("sdae."):
            found(name)
        if isinstance(node, ast.Call) and (name := named(node.func)) and name.startswith("sdae."):
            keywords = {each.arg: None for each in node.keywords if each.arg}
            inspect.signature(found(name)).bind(*node.args, **keywords)


def test_the_readme_shows_python():
    assert [block.page for block in BLOCKS].count("README.md") == 1


def test_the_python_api_page_runs(tmp_path, monkeypatch, data_folder):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SDAE_DATA", str(data_folder))
    page: dict[str, object] = {}
    for block in blocks(TOP / "docs" / "python-api.md"):
        if block.language == "python":
            exec(compile(block.text, "docs/python-api.md", "exec"), page)
    assert (tmp_path / "runs" / "api" / "result.json").is_file()
