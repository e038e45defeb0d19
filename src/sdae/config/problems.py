"""Builds a problem from its short name or its file."""

import inspect
from pathlib import Path
from typing import Any

import sdae.data
from sdae.config.building import build_problem
from sdae.config.names import is_class, problem_section
from sdae.config.sections import merged
from sdae.data.origin import Source, data_root
from sdae.data.problem import Problem


def load_problem(name: str | Path, root: Path | None = None, source: Source | None = None, **init: Any) -> Problem:
    """Build a problem by its name; published or generated data are read by :meth:`Problem.load`.

    Args:
        name: A short name such as ``rect``, a YAML file, or a class's path such as ``my_package.Mine``. Of a whole
            configuration, the section ``data`` is used.
        root: Data folder; default: ``$SDAE_DATA``, or ``~/.cache/sdae``.
        source: auto, original or generated; ignored by a problem without published files and recipe.
        init: Further parameters of the problem's class, such as ``train_size``.

    Raises:
        SdaeError: If there is no such problem, or it does not take a parameter.
    """
    name = str(name)
    data = {"class_path": name} if is_class(name) else problem_section(name)[0]
    data = merged(data, {"init_args": init}) if init else data
    problem = build_problem(data)
    parameters = init_parameters(type(problem))
    given = {key: value for key, value in (("root", root), ("source", source)) if value and key in parameters}
    problem = build_problem(merged(data, {"init_args": given})) if given else problem
    problem.root = data_root(root or problem.root)  # also of one whose data folder is no parameter
    return problem


def data_section(problem: Problem) -> dict[str, Any]:
    """Return the section ``data`` of a configuration that builds a problem again."""
    kind = type(problem)
    public = getattr(sdae.data, kind.__name__, None) is kind
    class_path = f"{'sdae.data' if public else kind.__module__}.{kind.__qualname__}"
    chosen = {**problem.hparams, "root": problem.root, "source": problem.source}
    return {"class_path": class_path, "init_args": {key: plain_value(chosen[key]) for key in init_parameters(kind)}}


def init_parameters(kind: type[Problem]) -> list[str]:
    """Return the names of a problem's parameters, with those that it passes to its base class."""
    names: list[str] = []
    for each in (each for each in kind.__mro__ if "__init__" in vars(each)):
        parameters = [*inspect.signature(vars(each)["__init__"]).parameters.values()][1:]
        several = (inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL)
        names += [parameter.name for parameter in parameters if parameter.kind not in several]
        if not any(parameter.kind is inspect.Parameter.VAR_KEYWORD for parameter in parameters):
            break
    return names


def plain_value(value: Any) -> Any:
    """Return a value as plain YAML: paths as absolute text, and tuples as lists."""
    if isinstance(value, Path):
        return str(value.expanduser().absolute())
    return [plain_value(part) for part in value] if isinstance(value, tuple | list) else value
