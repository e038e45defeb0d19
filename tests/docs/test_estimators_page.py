"""docs/estimators.md runs, from the top to the bottom."""

import pytest
from pages import TOP, blocks

pytest.importorskip("pandas", reason="pip install -e '.[dev]'")
pytest.importorskip("onnxruntime", reason="pip install -e '.[dev]'")


def test_the_estimators_page_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    page: dict[str, object] = {}
    for block in blocks(TOP / "docs" / "estimators.md"):
        if block.language == "python":
            exec(compile(block.text, "docs/estimators.md", "exec"), page)
    assert page["table_score"] > 0.9  # type: ignore[operator]
    for name in ("runs/table/result.json", "table.onnx", "table.safetensors", "table.json"):
        assert (tmp_path / name).is_file()
