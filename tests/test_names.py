"""A function or class name exists once, so that a reader who finds it knows which is meant."""

import ast
from collections import defaultdict
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "src" / "sdae"
SHARED = {"train_block"}  # of functional/online/kernels: one kernel a module, called in the same way


def test_a_public_name_is_defined_in_one_module():
    homes = defaultdict(list)
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            command = path.parent.name == "cli" and getattr(node, "name", "") == path.stem  # named for its command
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_") and not command:
                homes[node.name].append(path.relative_to(SOURCE).as_posix())
    assert {name: places for name, places in homes.items() if len(places) > 1 and name not in SHARED} == {}
