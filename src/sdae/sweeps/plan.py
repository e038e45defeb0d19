"""The studies that a sweep file describes."""

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sdae.config.sections import merged, put
from sdae.data.own.local import word
from sdae.errors import SdaeError
from sdae.paper.published import published_model
from sdae.runs.folder import slug
from sdae.settings.fine_tuning import FineTuning
from sdae.settings.pretraining import Pretraining
from sdae.settings.table2 import settings_of, shown_value
from sdae.sweeps import space
from sdae.sweeps.checks import Folds, check_axes, check_part
from sdae.sweeps.space import Axes, Params
from sdae.sweeps.sweep_file import WARMUP, Part, PrunerName, SamplerName, Sweep
from sdae.tracking.options import TAG, TRIAL
from sdae.training.experiment import method_name


@dataclass(frozen=True)
class StudyPlan:
    """One study: a model selection that ends with one test error.

    Attributes:
        name: Such as ``table3/basic/SDAE-3``, and for a fold ``table3/tzanetakis/SDAE-3/fold03``.
        sweep: The sweep's name.
        problem: Short name, or the name of a problem's file.
        method: The paper's name, as in its tables.
        point: The values of a figure's axis that this study is of.
        fold: Of a cross-validation, counted from 0; None without one.
        config: A run's whole configuration, in which a trial changes some values.
        axes: The values considered, by the paper's names.
        sampler: As in the sweep file; so are the rest.
    """

    name: str
    sweep: str
    problem: str
    method: str
    point: Params
    fold: int | None
    config: dict[str, Any]
    axes: Axes
    sampler: SamplerName
    trials: int
    hours: float | None
    seed: int
    pruner: PrunerName
    warmup: int
    given: list[Params]
    cache: float

    @property
    def folder(self) -> str:
        """Folder of its trials' run folders, below the sweep's: the name as a path."""
        return "/".join(slug(part) for part in self.name.split("/")[1:])

    @property
    def row(self) -> str:
        """The name without the fold: folds together are one row of a table."""
        return self.name if self.fold is None else self.name.rpartition("/")[0]

    @property
    def labels(self) -> int | list[int] | None:
        """Number of training examples with a label, or the numbers considered; None for all."""
        labels: int | list[int] | None = self.axes.get("labels", self.config["data"].get("init_args", {}).get("labels"))
        return labels

    def trial_config(self, params: Mapping[str, Any], number: int) -> dict[str, Any]:
        """Return the configuration of one trial, with which ``fit`` repeats it."""
        config = copy.deepcopy(self.config)
        fine_tuning = FineTuning(**config["fine_tuning"])
        for key, value in settings_of(params, fine_tuning).items():
            put(config, key, value)
        config["tracking"] |= {"group": self.name, "job_type": TRIAL, "name": trial_name(number)}
        config["tracking"]["tags"] = [*config["tracking"]["tags"], self.sweep]
        config["trainer"]["progress"] = False
        return config


Resolve = Callable[[str, str, Mapping[str, Mapping[str, Any]]], dict[str, Any]]


def plan(sweep: Sweep, name: str, resolve: Resolve, folds: Folds) -> list[StudyPlan]:
    """Return the studies of a sweep.

    Args:
        sweep: The sweep file.
        name: The sweep's name.
        resolve: Returns the whole configuration of a run from a problem, a method and fixed settings.
        folds: Returns the number of folds in which the problem of a configuration is studied, or None.

    Raises:
        SdaeError: If anything in the sweep file cannot be used.
    """
    if not 0 < len(name) <= TAG:
        raise SdaeError(f"name: at most {TAG} characters, since it is a W&B tag of every trial; {name} has {len(name)}")
    studies = [study for part in sweep.studies for study in _studies_of_part(sweep, name, part, resolve, folds)]
    if unused := next((axis for axis in sweep.space.given if not any(axis in study.axes for study in studies)), None):
        raise SdaeError(f"space.{unused}: no method of the sweep has it; leave it out")
    seen: dict[str, StudyPlan] = {}
    for study in studies:
        if (other := seen.setdefault(study.folder, study)) is study:
            continue
        if other.name == study.name:
            raise SdaeError(f"studies: {study.name} occurs twice; {_twice(study)}")
        raise SdaeError(f"studies: {other.name} and {study.name} have one folder, {study.folder}; rename a file")
    return studies


def _twice(study: StudyPlan) -> str:
    if study.config["pretraining"].get("emphasis") in (None, [1.0, 1.0], (1.0, 1.0)):
        return f"name its problem and its method once; of two files called {study.problem}, rename one"
    return "(α, β) are searched within one emphasised method"


def _studies_of_part(sweep: Sweep, name: str, part: Part, resolve: Resolve, folds: Folds) -> list[StudyPlan]:
    studies = [
        study
        for problem in part.problems
        for method in part.methods
        for study in _studies_of(sweep, name, part, problem, method, resolve, folds)
    ]
    check_part(part, [study.axes for study in studies], [study.config for study in studies])
    return studies


def _studies_of(
    sweep: Sweep, name: str, part: Part, problem: str, method: str, resolve: Resolve, folds: Folds
) -> list[StudyPlan]:
    settings = merged(sweep.settings, part.settings)
    config, problem = resolve(problem, method, settings), short_name(problem)
    pretraining, fine_tuning = Pretraining(**config["pretraining"]), FineTuning(**config["fine_tuning"])
    axes = space.axes(pretraining, part.space.over(sweep.space))
    check_axes(axes, config, settings, method, fine_tuning, folds)
    points = space.grid({axis: axes[axis] for axis in part.each if axis in axes})
    studies = []
    for point in points:
        left = {axis: [point[axis]] if axis in point else values for axis, values in axes.items()}
        given = [space.cell(left, cell) for cell in (sweep.given if part.given is None else part.given)]
        n_cells = len(space.grid(left))
        trials = {"grid": n_cells, "list": len(given)}.get(sweep.sampler, min(sweep.budget(part), n_cells))
        model = _model(pretraining, fine_tuning, config["model"]["n_layers"], problem, axes)
        for fold in _folds(folds(config)):
            parts = [name, problem, model, *(f"{axis}={shown_value(value)}" for axis, value in point.items())]
            parts += [] if fold is None else [f"fold{fold:02d}"]
            studies.append(
                StudyPlan(
                    name="/".join(parts),
                    sweep=name,
                    problem=problem,
                    method=model,
                    point=point,
                    fold=fold,
                    config=_with_fold(config, fold),
                    axes=left,
                    sampler=sweep.sampler,
                    trials=trials,
                    hours=sweep.hours,
                    seed=sweep.seed,
                    pruner=sweep.pruner,
                    warmup=WARMUP if sweep.warmup is None else sweep.warmup,
                    given=given,
                    cache=sweep.cache,
                )
            )
    return studies


def short_name(problem: str) -> str:
    """Return the name of a problem that is given by its short name, its class, or a file in any folder."""
    path = Path(problem)
    return word(path.stem if path.suffix in (".yaml", ".yml") else problem)


def _model(pretraining: Pretraining, fine_tuning: FineTuning, n_layers: int, problem: str, axes: Axes) -> str:
    """Name a method as the paper's tables do; without its number of layers if that is searched."""
    method = method_name(pretraining, fine_tuning, n_layers)
    model = published_model(method, problem, pretraining.corruption, pretraining.emphasised)
    return model.replace(f"-{n_layers}", "", 1) if len(axes.get("nHLay", [])) > 1 else model


def _folds(number: int | None) -> list[int | None]:
    return [None] if number is None else list(range(number))


def _with_fold(config: dict[str, Any], fold: int | None) -> dict[str, Any]:
    config = copy.deepcopy(config)
    if fold is not None:
        config["data"]["init_args"]["fold"] = fold
    return config


def trial_name(number: int) -> str:
    """Return a trial's name, by the number of its cell: of its folder, its W&B run and its line on screen."""
    return f"trial-{number:04d}"
