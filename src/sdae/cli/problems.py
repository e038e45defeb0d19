"""Builds a problem from its short name, its file, or what a run's configuration keeps of it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jsonargparse import ArgumentParser

from sdae.cli.names import file_of, install_loader
from sdae.cli.parsing import buried
from sdae.data.problem import Problem, Source, data_root


def problem_named(name: str, root: Path | None = None, source: Source | None = None) -> Problem:
    """Build a problem from its short name or a YAML file; nothing is read yet.

    Args:
        name: For example ``rect``, or ``mine.yaml``.
        root: Data folder; ``$SDAE_DATA`` or ``~/.cache/sdae`` where none is given.
        source: auto, original or generated; of no meaning to a problem without originals and recipe.

    Raises:
        SdaeError: If there is no such problem, or its file says what it does not take.
    """
    problem = _build(str(file_of("data", name)))
    problem.root, problem.source = data_root(root or problem.root), source or problem.source
    return problem


def problem_kept(data: Mapping[str, Any]) -> Problem:
    """Build the problem that a run's ``config.yaml`` has in its section ``data``; nothing is read yet.

    Raises:
        SdaeError: If it cannot be built.
    """
    return _build(json.dumps(data))


def _build(data: str) -> Problem:
    install_loader()
    parser = ArgumentParser(exit_on_error=False)
    parser.add_subclass_arguments(Problem, "data")
    try:
        return parser.instantiate_classes(parser.parse_args([f"--data={data}"])).data
    except ValueError as error:
        raise buried(error) or error from error
