"""Checks of a sweep file: values, axes and settings that its methods do not have, or that exclude one another."""

import copy
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sdae.config.sections import flat, put
from sdae.errors import SdaeError
from sdae.settings.effects import without_effect
from sdae.settings.fine_tuning import FineTuning
from sdae.settings.per_layer import as_list
from sdae.settings.pretraining import Pretraining
from sdae.settings.table2 import settings_of
from sdae.sweeps import space
from sdae.sweeps.space import Axes
from sdae.sweeps.sweep_file import Part

Folds = Callable[[Mapping[str, Any]], int | None]


def check_part(part: Part, axes: Sequence[Axes], configs: Sequence[Mapping[str, Any]]) -> None:
    """Refuse what no study of a part of a sweep file uses.

    Args:
        part: The part.
        axes: For each of its studies, the values considered.
        configs: For each of its studies, a run's configuration.

    Raises:
        SdaeError: If there is such a thing; names the key.
    """
    considered = dict.fromkeys(axis for of_study in axes for axis in of_study)
    if "draw" in considered and not any(map(_has_few_labels, axes, configs)):
        raise SdaeError("space.draw: of the labels; give space.labels, too")
    if repeated := next((axis for axis in part.each if part.each.count(axis) > 1), None):
        raise SdaeError(f"each: {repeated} is named twice")
    if unused := next((axis for axis in part.space.given if axis not in considered), None):
        raise SdaeError(f"space.{unused}: none of {', '.join(part.methods)} has it; leave it out")
    for axis in part.each:
        if axis not in considered:  # else by one method at least, as ν where SAE is beside SDAE
            choice = f"choose among {', '.join(considered)}"
            choice += f", or give values in space.{axis}" if axis in ("nHLay", *space.BESIDE) else ""
            raise SdaeError(f"each: {axis} is not considered for {', '.join(part.methods)}; {choice}")
    ignored = [
        set(without_effect(flat(part.settings), Pretraining(**of["pretraining"]), FineTuning(**of["fine_tuning"])))
        for of in configs
    ]
    for message in sorted(set.intersection(*ignored)):
        raise SdaeError(f"settings.{message}; leave it out")


def _has_few_labels(axes: Axes, config: Mapping[str, Any]) -> bool:
    return "labels" in axes or (config["data"].get("init_args") or {}).get("labels") is not None


def check_axes(
    axes: Axes, config: dict[str, Any], settings: dict[str, Any], method: str, fine_tuning: FineTuning, folds: Folds
) -> None:
    """Refuse values that a method cannot take, or that its fixed settings contradict.

    Args:
        axes: The values considered.
        config: A run's configuration.
        settings: The fixed settings of the sweep file.
        method: Name of the method, for errors.
        fine_tuning: The method's.
        folds: Returns the number of folds in which the problem of a configuration is studied, or None.

    Raises:
        SdaeError: If there are such values; names the key.
    """
    fixed = _fixed(settings)
    for axis, values in axes.items():
        for key in settings_of({axis: values[0]}, fine_tuning):
            if key in fixed:
                shown = key.replace("data.init_args.", "data.")
                raise SdaeError(f"settings.{shown}: is searched, as {axis}; give its values in space.{axis}")
        for value in values:
            changed = copy.deepcopy(config)
            for key, setting in settings_of({axis: value}, fine_tuning).items():
                put(changed, key, setting)
            try:
                if min(changed["model"]["n_layers"], *as_list(changed["model"]["n_units"])) < 1:
                    raise SdaeError(f"at least 1, not {value}")
                Pretraining(**changed["pretraining"])
                FineTuning(**changed["fine_tuning"])
                if axis in ("labels", "draw"):
                    folds(changed)  # builds the problem
            except SdaeError as error:
                raise SdaeError(f"space.{axis}, for {method}: {error}") from None


def _fixed(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return fixed settings by the keys of a run's configuration, in which a problem's parameters are ``init_args``."""
    data = settings.get("data", {})
    return flat({**settings, "data": {"init_args": data.get("init_args", data)}})
