"""Settings that are known to work well, which a study tries first."""

import re
from functools import cache
from pathlib import Path
from typing import Any

from sdae.config.yaml_files import read_mapping
from sdae.paper.published import published
from sdae.reproduce.jobs import Method
from sdae.sweeps.space import Axes, Params

NOISE = {"ν": 0.25, "σ": 0.1}  # if the paper prints none


@cache
def _file() -> dict[str, Any]:
    return read_mapping(Path(__file__).parent / "known.yaml")


def known_cells(problem: str, model: str, network: Method, axes: Axes) -> list[Params]:
    """Return the first cells of a study of a problem and a method, by Table 2's names.

    Args:
        problem: Short name.
        model: The paper's name of the method on this problem.
        network: The method.
        axes: Its hyperparameters; if one has a single value, as at a point of a figure, that is used.
    """
    settings = _of(problem)["random" if network.pretraining.layer == "none" else "pretrained"]
    n = max(len(value) for value in settings.values() if isinstance(value, list))
    cells = []
    for i in range(n):
        cell: Params = {}
        for axis, values in axes.items():
            known = settings.get(axis, values[0])
            value = known[i] if isinstance(known, list) else known
            if axis in NOISE:
                value = noise_level(problem, model, axis)
            if axis == "nHLay":
                value = network.n_layers
            cell[axis] = values[0] if len(values) == 1 else value
        if cell not in cells:
            cells.append(cell)
    return cells


def known_settings(problem: str, network: Method) -> dict[str, Any]:
    """Return the sections of a run's configuration that go with the known cells."""
    return _of(problem)["settings"] if network.pretraining.layer == "none" else {}


def noise_level(problem: str, model: str, axis: str) -> float:
    """Return ν, a fraction, or σ in units of the input: what the authors' model selection chose (Tables 3 and 4).

    If the paper prints none, the value in conf/method/.
    """
    cell = published(problem, model)
    number = re.match(r"[\d.]+", cell.noise_level) if cell else None
    if number is None:
        return NOISE[axis]
    return float(number[0]) / (100 if axis == "ν" else 1)


def _of(problem: str) -> dict[str, Any]:
    return _file().get(problem, _file()["others"])
