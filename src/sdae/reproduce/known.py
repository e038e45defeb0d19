"""Settings to begin a search with: the paper's noise level, and rates that did well on validation data here."""

from typing import Any

from sdae.published import published
from sdae.sweeps.space import TABLE_2, Params

# sweeps/results-*.yaml: where the rates come from. Of the problems that are not named, the digits' are taken.
RATES: dict[str, dict[str, list[Any]]] = {
    "rect": {"lRate": [0.0025], "nEpoq": [100], "lRateSup": [0.02, 0.005], "MLP": [0.1, 0.15]},
    "basic": {"lRate": [0.01], "nEpoq": [50], "lRateSup": [0.1, 0.05], "MLP": [0.1, 0.05]},
}
PATIENCE = {"rect": 100}  # epochs: an MLP sees nothing in it for a long time
USUAL_NOISE = {"ν": 0.25, "σ": 0.1}


def given(problem: str, method: str, axes: list[str], fixed: dict[str, list[Any]]) -> list[Params]:
    """Return the cells that a study begins with, the most promising first.

    Args:
        problem: Short name.
        method: The paper's name of its row, as in Tables 3 and 4.
        axes: The hyperparameters that the method has, by Table 2's names; those of a figure's axis left out.
        fixed: Values that are given.
    """
    rates = RATES.get(problem, RATES["basic"])
    # nHLay is the method's own.
    first: Params = {
        "nHUnit": 1000,
        "lRate": rates["lRate"][0],
        "nEpoq": rates["nEpoq"][0],
        "ν": noise(problem, method, "ν"),
        "σ": noise(problem, method, "σ"),
        "emphasis": "double",
    } | {name: values[0] for name, values in fixed.items()}
    steps = rates["MLP"] if method.startswith("MLP") else rates["lRateSup"]
    return [{name: value for name, value in {**first, "lRateSup": step}.items() if name in axes} for step in steps]


def noise(problem: str, method: str, axis: str) -> float:
    """Return the level that the authors' model selection chose (Tables 3 and 4); a usual one where they print none."""
    cell = published(problem, method)
    printed = cell.noise_level if cell else ""
    if axis == "ν":
        return float(printed.rstrip("%")) / 100 if printed.endswith("%") else USUAL_NOISE["ν"]
    return USUAL_NOISE["σ"] if not printed or printed.endswith("%") else float(printed)


def space(cells: list[Params], axes: list[str], fixed: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Return Table 2's values, and those of the given cells that are not among them."""
    considered: dict[str, list[Any]] = {}
    for axis in axes:
        if axis in fixed:
            considered[axis] = [type(TABLE_2[axis][0])(value) for value in fixed[axis]]
        elif axis == "emphasis":
            considered[axis] = list(TABLE_2[axis])
        else:
            values = {*TABLE_2[axis], *(cell[axis] for cell in cells if axis in cell)}
            considered[axis] = sorted(value for value in values if value > 0)
    return considered


def settings(problem: str, method: str) -> dict[str, Any]:
    """Return what else a study's runs are to have."""
    patience = PATIENCE.get(problem) if method.startswith("MLP") else None
    return {"fine_tuning": {"patience": patience}} if patience else {}
