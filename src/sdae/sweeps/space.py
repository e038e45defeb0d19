"""The search space: values to consider, by Table 2's names."""

import itertools
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from sdae.errors import SdaeError
from sdae.settings.pretraining import Pretraining
from sdae.settings.table2 import TABLE_2, names

BESIDE = ("batch", "labels", "draw")  # hyperparameters that are not in Table 2, of every method

Axes = dict[str, list[Any]]
Params = dict[str, Any]


@dataclass
class Space:
    """The values to consider, for every hidden layer the same; default: Table 2's.

    Args:
        nHLay: Numbers of hidden layers; default: the method's own (sdae-3 has 3).
        nHUnit: Units of every hidden layer.
        lRate: Per-example learning rates of pretraining.
        lRateSup: Per-example learning rates of fine-tuning.
        nEpoq: Numbers of epochs of pretraining.
        ν: Fractions of corrupted components, for masking and salt-and-pepper noise. Not 0, which is SAE.
        σ: Standard deviations of Gaussian noise, in units of the input. Not 0, which is SAE.
        batch: Examples per update, in pretraining and in fine-tuning; default: the configuration's, 1.
        emphasis: For the emphasised methods: double is (α, β) = (1, 0.5), full is (1, 0).
        labels: Numbers of training examples with a label; default: the configuration's, all. Pretraining sees all
            examples, so that studies of different labels share their layers.
        draw: Seeds of the draw of these labels; default: 1.

    Raises:
        SdaeError: If a list is empty, or has a value twice.
    """

    nHLay: list[int] | None = None
    nHUnit: list[int] | None = None
    lRate: list[float] | None = None
    lRateSup: list[float] | None = None
    nEpoq: list[int] | None = None
    ν: list[float] | None = None
    σ: list[float] | None = None
    emphasis: list[Literal["double", "full"]] | None = None
    batch: list[int] | None = None
    labels: list[int] | None = None
    draw: list[int] | None = None

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
        """Return this space with its missing values taken from another."""
        return Space(**{**below.given, **self.given})


def axes(pretraining: Pretraining, considered: Space) -> Axes:
    """Return the hyperparameters that a method has, each with its values to consider.

    Args:
        pretraining: The method's.
        considered: The sweep's space.

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
    return found | {name: list(considered.given[name]) for name in BESIDE if name in considered.given}


def searched(considered: Axes) -> list[str]:
    """Return the hyperparameters that have more than one value to consider."""
    return [name for name, values in considered.items() if len(values) > 1]


def grid(considered: Axes) -> list[Params]:
    """Return every cell of the full grid, the last hyperparameter varying fastest."""
    return [dict(zip(considered, values, strict=True)) for values in itertools.product(*considered.values())]


def cell(considered: Axes, given: Mapping[str, Any]) -> Params:
    """Complete a cell of a given list: a hyperparameter with one value need not be named.

    Raises:
        SdaeError: If it names a hyperparameter or a value that is not considered, or leaves a hyperparameter out.
    """
    if strange := [name for name in given if name not in considered]:
        raise SdaeError(f"given: {strange[0]} is not a hyperparameter of this method; it has {', '.join(considered)}")
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
