"""All commands and their modules; a module is imported when its command is called."""

import ast
import importlib
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

TRAINING = {
    "fit": "sdae.cli.fit:fit",
    "validate": "sdae.cli.evaluate:validate",
    "test": "sdae.cli.evaluate:test",
    "predict": "sdae.cli.predict:predict",
}
COMMANDS = {
    "data list": "sdae.cli.data:list_problems",
    "data prepare": "sdae.cli.data:prepare_problems",
    "data show": "sdae.cli.data:show",
    "svm": "sdae.cli.svm:svm",
    "filters": "sdae.cli.filters:filters",
    "samples": "sdae.cli.samples:samples",
    "export": "sdae.cli.export:export",
    "sweep": "sdae.cli.sweep:sweep",
    "reproduce": "sdae.cli.reproduce:reproduce",
    "report": "sdae.cli.report:report",
    "dashboard": "sdae.cli.dashboard:dashboard",
}
RESUMED = ("svm", "sweep", "reproduce")  # by the same command, after an interruption; fit names its run's folder
WORDS = {"report": "paths"}  # the parameter that is a positional argument although it has a default


def function_of(command: str) -> Callable[..., Any]:
    """Import the function of a command."""
    module, _, name = {**TRAINING, **COMMANDS}[command].partition(":")
    return getattr(importlib.import_module(module), name)


def summary(command: str) -> str:
    """Return the first line of a command's docstring, without importing what the command needs."""
    module, _, name = {**TRAINING, **COMMANDS}[command].partition(":")
    spec = find_spec(module)
    assert spec is not None
    assert spec.origin is not None
    tree = ast.parse(Path(spec.origin).read_text(encoding="utf-8"))
    function: Any = next(node for node in tree.body if getattr(node, "name", None) == name)
    return (ast.get_docstring(function) or "").partition("\n")[0]
