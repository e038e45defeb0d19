"""The names of what is logged: one home, and no literal of theirs elsewhere in the source."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from sdae.tracking import keys

SOURCE = Path(__file__).parents[2] / "src" / "sdae"
HOME = SOURCE / "tracking" / "keys.py"
STAGED = re.compile(r"^(pretrain|fit|test|svm)/|/(epoch|loss|seconds|valid_error|test_error)$")
ONLY_LOGGED = {keys.VALID_LOSS, keys.FREE_ENERGY_GAP, keys.PSEUDO_LIKELIHOOD, keys.PUBLISHED_ERROR, keys.ENDED}
LOGGING = {"log", "log_dict", "log_metrics", "image", "table", "summary", "define_metric"}  # methods that take keys
READ = {"callback_metrics", "logged_metrics", "history_", "metrics"}  # mappings by key


def strays(source: str) -> list[str]:
    """Return the literal keys in a module's source."""
    tree = ast.parse(source)
    found = [text for text in _texts(tree) if STAGED.search(text) or text in ONLY_LOGGED]
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in LOGGING:
            for argument in node.args[:1]:
                found += _keys(argument)
        elif isinstance(node, ast.Subscript) and _name(node.value) in READ:
            found += _keys(node.slice)
        elif isinstance(node, ast.Compare) and _name(node.left) == "key":
            found += [text for other in node.comparators for text in _keys(other) if text in _logged()]
    return found


def _keys(node: ast.AST) -> list[str]:
    """Return the literal of a key, or those of a mapping's keys; what a mapping is made of otherwise is no literal."""
    if isinstance(node, ast.Dict):
        return [text for key in node.keys if key is not None for text in _keys(key)]
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def _name(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _texts(tree: ast.AST) -> Iterator[str]:
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node.value


def _logged() -> set[str]:
    return {value for name, value in vars(keys).items() if name.isupper() and isinstance(value, str)}


def test_no_module_spells_a_key_itself():
    modules = [path for path in SOURCE.rglob("*.py") if path != HOME]
    found = {str(path.relative_to(SOURCE)): strays(path.read_text(encoding="utf-8")) for path in modules}
    assert {module: texts for module, texts in found.items() if texts} == {}


@pytest.mark.parametrize(
    ("source", "stray"),
    [
        ('history.get("fit/valid_error", [])', "fit/valid_error"),
        ('f"pretrain/layer{k}/loss"', "pretrain/layer"),
        ('f"{stage}/epoch"', "/epoch"),
        ('self.log("loss", loss)', "loss"),
        ('tracker.summary({"provenance": 1})', "provenance"),
        ('trainer.callback_metrics["valid_error"]', "valid_error"),
        ('rows = [row for key, row in rows if key == "seconds"]', "seconds"),
        ('wanted = ("valid_error", "valid_loss")', "valid_loss"),
    ],
)
def test_a_literal_key_is_found(source, stray):
    assert stray in strays(source)


def test_a_result_s_own_fields_are_no_keys():
    assert strays('"""Reads fit/valid_error."""\nx = result["valid_error"]; log.info("loss"[1:])') == []


def test_a_stage_s_key_is_put_together_and_taken_apart():
    key = keys.in_stage(keys.pretraining_stage(2), keys.LOSS)
    assert key == "pretrain/layer2/loss"
    assert keys.divided(key) == ("pretrain/layer2", "loss")
    assert keys.epoch_axis(keys.FIT) == "fit/epoch"
    assert keys.FILTERS == "pretrain/layer1/filters"
    assert keys.svm_test_error("best", 3, "rbf") == "svm/best/layer3/rbf/test_error"
    assert keys.run_summary_key("dbn", "median_r2") == "dbn/median_r2"
