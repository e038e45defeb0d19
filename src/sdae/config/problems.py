"""Builds a problem from its short name or its file."""

import inspect
from pathlib import Path
from typing import Any

import sdae.data
from sdae.config.building import build_problem
from sdae.config.names import is_class, section
from sdae.config.sections import merged
from sdae.data.problem import Problem, Source


def load_problem(
    name: str | Path, root: Path | str | None = None, source: Source | None = None, **init: Any
) -> Problem:
    """Build a problem by its name; what is published or generated is not read before :meth:`Problem.load`.

    Args:
        name: A short name such as ``rect``, a YAML file, or a class's path such as ``my_package.Mine``.
        root: Data folder; default: ``$SDAE_DATA``, or ``~/.cache/sdae``.
        source: auto, original or generated; of no meaning to a problem without published files and recipe.
        init: Further parameters of the problem's class, such as ``train_size``.

    Raises:
        SdaeError: If there is no such problem, or it does not take a parameter.
    """
    name = str(name)
    data = {"class_path": name} if is_class(name) else section("data", name)
    data = merged(data, {"init_args": init}) if init else data
    problem = build_problem(data)
    taken = inspect.signature(type(problem)).parameters
    own = {key: value for key, value in {"root": root, "source": source}.items() if value is not None and key in taken}
    return build_problem(merged(data, {"init_args": own})) if own else problem


def described(problem: Problem) -> dict[str, Any]:
    """Return the section ``data`` of a configuration that builds a problem again."""
    kind = type(problem)
    public = getattr(sdae.data, kind.__name__, None) is kind
    class_path = f"{'sdae.data' if public else kind.__module__}.{kind.__qualname__}"
    own = inspect.signature(kind).parameters
    return {"class_path": class_path, "init_args": {key: plain_value(problem.hparams[key]) for key in own}}


def plain_value(value: Any) -> Any:
    """Return a value as YAML holds it: paths, made absolute, as text, and tuples as lists."""
    if isinstance(value, Path):
        return str(value.expanduser().absolute())
    return [plain_value(part) for part in value] if isinstance(value, tuple | list) else value
