"""The space that is searched: Table 2's considered values, under the paper's names."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from sdae.errors import SdaeError
from sdae.settings.fine_tuning import FineTuning
from sdae.settings.pretraining import Pretraining, as_list

TABLE_2: dict[str, tuple[Any, ...]] = {
    "nHLay": (1, 2, 3),
    "nHUnit": (1000, 2000, 3000),
    "lRate": (5e-6, 5e-5, 5e-4, 5e-3, 5e-2, 1e-1),
    "lRateSup": (0.0005, 0.005, 0.05, 0.1, 0.15, 0.2),
    "nEpoq": (5, 10, 50, 100, 125, 150, 200, 300),
    "ν": (0.0, 0.10, 0.25, 0.40),
    "σ": (0.0, 0.05, 0.10, 0.15, 0.30, 0.50),
    "emphasis": ("double", "full"),  # section 6.5
}
KEYS = {
    "nHLay": "model.n_layers",
    "nHUnit": "model.n_units",
    "lRate": "pretraining.learning_rate",
    "lRateSup": "fine_tuning.learning_rate",
    "nEpoq": "pretraining.epochs",
    "ν": "pretraining.noise_level",
    "σ": "pretraining.noise_level",
    "emphasis": "pretraining.emphasis",
}
EMPHASES = {"double": [1.0, 0.5], "full": [1.0, 0.0]}  # (α, β) of section 6.5

Axes = dict[str, list[Any]]
Params = dict[str, Any]


@dataclass
class Space:
    """The values to consider, for every hidden layer the same. Where none are given, Table 2's.

    Args:
        nHLay: Numbers of hidden layers; the method's own where none are given (sdae-3 has 3).
        nHUnit: Units of every hidden layer.
        lRate: Learning rates of pretraining, an example.
        lRateSup: Learning rates of fine-tuning, an example.
        nEpoq: Passages through the training set in pretraining.
        ν: Fractions of corrupted components, for masking and salt-and-pepper noise. Not 0, which is SAE.
        σ: Standard deviations of Gaussian noise, in units of the input. Not 0, which is SAE.
        emphasis: For the emphasised methods: double is (α, β) = (1, 0.5), full is (1, 0).

    Raises:
        SdaeError: If there is nothing to consider, or something twice.
    """

    nHLay: list[int] | None = None
    nHUnit: list[int] | None = None
    lRate: list[float] | None = None
    lRateSup: list[float] | None = None
    nEpoq: list[int] | None = None
    ν: list[float] | None = None
    σ: list[float] | None = None
    emphasis: list[Literal["double", "full"]] | None = None

    def __post_init__(self) -> None:
        """Check every list on its own."""
        for name, values in self.given.items():
            if not values:
                raise SdaeError(f"space.{name}: empty; give at least one value, or leave it out for Table 2's")
            if len(set(values)) < len(values):
                raise SdaeError(f"space.{name}: {values} has a value twice")

    @property
    def given(self) -> dict[str, list[Any]]:
        """The values that are given, by name."""
        return {name: values for name, values in asdict(self).items() if values is not None}

    def over(self, below: "Space") -> "Space":
        """Return this space with what it leaves open taken from another."""
        return Space(**{**below.given, **self.given})


def axes(pretraining: Pretraining, considered: Space) -> Axes:
    """Return the hyperparameters that a method has, each with its values to consider.

    Args:
        pretraining: The method's.
        considered: What the sweep says of it.

    Raises:
        SdaeError: If a noise level of 0 is considered for a method that denoises.
    """
    found: Axes = {}
    for name in names(pretraining):
        values = considered.given.get(name)
        if name == "nHLay" and values is None:
            continue
        if name in ("ν", "σ"):
            if values is not None and 0 in values:
                raise SdaeError(
                    f"space.{name}: 0 is SAE, not {pretraining.family}; leave it out, and add a method sae-N"
                )
            values = values or [level for level in TABLE_2[name] if level > 0]
        found[name] = list(values or TABLE_2[name])
    return found


def names(pretraining: Pretraining) -> list[str]:
    """Return the names of the hyperparameters that a method has, in Table 2's order."""
    if pretraining.layer == "none":
        return ["nHLay", "nHUnit", "lRateSup"]
    found = ["nHLay", "nHUnit", "lRate", "lRateSup", "nEpoq"]
    if pretraining.layer == "autoencoder" and max(as_list(pretraining.noise_level)) > 0:
        found.append("σ" if pretraining.corruption == "gaussian" else "ν")
        if pretraining.emphasised:
            found.append("emphasis")
    return found


def settings_of(params: Mapping[str, Any], fine_tuning: FineTuning) -> dict[str, Any]:
    """Translate the paper's names into the keys of a run's configuration.

    Args:
        params: One value for each hyperparameter.
        fine_tuning: The method's; where its inputs are noisy too (SAE(2), section 6.4), ν is theirs as well.
    """
    settings = {KEYS[name]: EMPHASES[value] if name == "emphasis" else value for name, value in params.items()}
    if fine_tuning.noise_level > 0 and KEYS["ν"] in settings:
        settings["fine_tuning.noise_level"] = settings[KEYS["ν"]]
    return settings


def searched(considered: Axes) -> list[str]:
    """Return the hyperparameters that have more than one value to consider."""
    return [name for name, values in considered.items() if len(values) > 1]


def grid(considered: Axes) -> list[Params]:
    """Return every cell of the full grid, the last hyperparameter varying fastest."""
    return [dict(zip(considered, values, strict=True)) for values in itertools.product(*considered.values())]


def cell(considered: Axes, given: Mapping[str, Any]) -> Params:
    """Complete a cell of a given list: a hyperparameter with one value need not be named.

    Raises:
        SdaeError: If it names a hyperparameter that is not there or a value that is not considered, or leaves one out.
    """
    if strange := [name for name in given if name not in considered]:
        raise SdaeError(f"given: {strange[0]} is no hyperparameter of this method; it has {', '.join(considered)}")
    params = {}
    for name, values in considered.items():
        if name not in given and len(values) > 1:
            raise SdaeError(f"given: {dict(given)} leaves {name} open; name one of {values}")
        value = given.get(name, values[0])
        if value not in values:
            raise SdaeError(
                f"given: {name} {value} is not considered; choose one of {values}, or add it to space.{name}"
            )
        params[name] = values[values.index(value)]
    return params


def shown(params: Mapping[str, Any], among: Sequence[str] | None = None) -> str:
    """Show hyperparameters in a line: ``nHUnit 1000, lRate 0.005, ν 0.25``."""
    return ", ".join(
        f"{name} {value if isinstance(value, str) else format(value, 'g')}"
        for name, value in params.items()
        if among is None or name in among
    )
