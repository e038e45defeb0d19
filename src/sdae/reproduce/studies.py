"""The studies of a sweep as jobs: one for each problem and method, or for each value on a figure's axis."""

from collections.abc import Mapping
from typing import Any

from sdae.config.sections import merged
from sdae.paper.published import published_model
from sdae.reproduce.jobs import Method, StudyJob
from sdae.reproduce.known import known_cells, known_settings
from sdae.reproduce.scale import Scale
from sdae.reproduce.shipped import shipped_method
from sdae.settings.table2 import shown, shown_value
from sdae.sweeps import space as spaces
from sdae.sweeps.space import Axes, Space, grid
from sdae.sweeps.sweep_file import Part, Sweep
from sdae.training.experiment import method_name


def studies_of(sweep: Sweep, scale: Scale, curve: str | None = None) -> list[StudyJob]:
    """Return the studies of a sweep.

    Args:
        sweep: The sweep.
        scale: The settings of a scaled-down version.
        curve: The figure whose curves they are points of; None for a table's.
    """
    return [
        job
        for part in sweep.studies
        for problem in part.problems
        for method in part.methods
        for job in _points(sweep, part, problem, shipped_method(method), scale, curve)
    ]


def _points(sweep: Sweep, part: Part, problem: str, network: Method, scale: Scale, curve: str | None) -> list[StudyJob]:
    """Return the studies of a problem and a method: one, or one for each value on a figure's axis."""
    name = method_name(network.pretraining, network.fine_tuning, network.n_layers)
    model = published_model(name, problem, network.pretraining.corruption, network.pretraining.emphasised)
    considered = scale.space.over(part.space.over(sweep.space))
    each = spaces.axes(network.pretraining, considered)
    jobs = []
    for point in grid({axis: each[axis] for axis in part.each if axis in each}):
        at_point = Space(**{axis: [value] for axis, value in point.items()})
        space = _with_known(problem, model, network, at_point.over(considered), scale)
        axes = spaces.axes(network.pretraining, space)
        given = [
            cell
            for cell in known_cells(problem, model, network, axes)
            if all(cell[axis] in values for axis, values in axes.items())
        ]
        key = "/".join([problem, model, *(f"{axis}={shown_value(value)}" for axis, value in point.items())])
        jobs.append(
            StudyJob(
                key=f"{curve}/{key}" if curve and not point else key,
                problem=problem,
                method=network.name,
                shown=", ".join(filter(None, [model, shown(point)])),
                sweep=f"reproduce-{curve or problem}",
                network=network,
                model=model,
                point=point,
                fixed={axis: values for axis, values in considered.given.items() if curve and len(values) == 1},
                free=tuple(axis for axis in ("nHUnit", "ν") if curve and len(axes.get(axis, ())) > 1),
                space={axis: values for axis, values in space.given.items() if axis in axes},
                axes=axes,
                given=given,
                settings=merged(known_settings(problem, network), scale.settings),
                trials=min(scale.trials or sweep.budget(part), len(grid(axes))),
            )
        )
    return jobs


def _with_known(problem: str, model: str, network: Method, space: Space, scale: Scale) -> Space:
    """Add the known values to what is considered, unless ``scale`` sets them or there is one fixed value."""
    axes: Axes = spaces.axes(network.pretraining, space)
    cells = known_cells(problem, model, network, axes)
    wider: Mapping[str, list[Any]] = {
        axis: sorted({*values, *(cell[axis] for cell in cells)})
        for axis, values in axes.items()
        if len(values) > 1 and axis not in scale.space.given and any(cell[axis] not in values for cell in cells)
    }
    return Space(**wider).over(space)
