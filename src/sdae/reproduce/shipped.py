"""Reads the shipped files from which jobs are made: sweeps, methods, and the figures' networks."""

from collections.abc import Mapping
from typing import Any

from sdae.config.names import file_of, section
from sdae.config.sections import merged
from sdae.config.yaml_files import read_mapping
from sdae.reproduce.jobs import Method
from sdae.settings.fine_tuning import FineTuning
from sdae.settings.pretraining import Pretraining
from sdae.sweeps.sweep_file import Sweep, read_sweep


def shipped_sweep(name: str) -> Sweep:
    """Read a file of sweeps/."""
    return read_sweep(file_of("sweep", name))


def shipped_method(name: str) -> Method:
    """Read a file of conf/method/."""
    return _network(name, section("method", name))


def shipped_experiment(name: str) -> tuple[str, Method]:
    """Read a file of conf/experiment/: the short name of its problem, and its network."""
    content = read_mapping(file_of("experiment", name))
    return content["data"], _network(name, merged(section("method", content["method"]), content))


def _network(name: str, sections: Mapping[str, Any]) -> Method:
    pretraining, fine_tuning = Pretraining(**sections["pretraining"]), FineTuning(**sections.get("fine_tuning", {}))
    return Method(name, pretraining, fine_tuning, **sections["model"])
