"""The tables and figures, and the jobs that each consists of."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sdae.config.sections import merged
from sdae.errors import SdaeError
from sdae.paper.layout import TABLE_5_UNITS
from sdae.paper.published import published_model
from sdae.reproduce.jobs import FigureExperiment, FitJob, Job, LayersJob, Method, PictureJob, StudyJob, SvmJob
from sdae.reproduce.known import known_cells, known_settings
from sdae.sweeps import space as spaces
from sdae.sweeps.space import Axes, Space, grid
from sdae.sweeps.sweep_file import Part, Sweep
from sdae.training.experiment import method_name

TABLES = ("table3", "table4", "table5", "figure13")
CURVES = ("figure10", "figure11", "figure12")
PICTURES = ("figure5", "figure6", "figure7", "figure8", "figure15")
TARGETS = (*TABLES, *PICTURES, *CURVES, "all")
# mnist has five times the examples of the others, tzanetakis ten studies a method and data of the user's own.
CHEAPEST_FIRST = (
    "rect",
    "basic",
    "convex",
    "rot",
    "bg-rand",
    "bg-img",
    "bg-img-rot",
    "rect-img",
    "mnist",
    "tzanetakis",
)
FIGURE_13 = ("basic", "rot")  # two problems; the paper's text does not name its own
EVERY_FIT = {
    "figure5": ("figure5-under-complete", "figure5-over-complete"),
    "figure6": ("figure6-weight-decay", "figure6-gaussian"),
    "figure7": ("figure7-salt-and-pepper", "figure7-masking"),
    "figure15": ("figure15-sae", "figure15-sdae", "figure15-dbn"),
}
FIGURE_8 = (0, 0.1, 0.2, 0.25, 0.5)  # ν


@dataclass
class Scale:
    """What a rehearsal has otherwise than the paper: a file of these keys.

    Args:
        space: The values to consider for all studies.
        settings: Fixed values for all studies, sections of a run's configuration; data and tracking for figures too.
        trials: Trials of a study.
        heartbeat: Seconds between two signs of life of a worker.
        C: Coarse grid of the SVMs' C.
        gamma: Coarse grid of the SVMs' γ, as multiples of 1 / (d · variance).
        fine: Whether the SVMs' search continues in half decades.
    """

    space: Space = field(default_factory=Space)
    settings: dict[str, Any] = field(default_factory=dict)
    trials: int | None = None
    heartbeat: int = 60
    C: list[float] | None = None
    gamma: list[float] | None = None
    fine: bool = True

    def __post_init__(self) -> None:
        """Check every value on its own."""
        for name in ("trials", "heartbeat"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise SdaeError(f"{name}: at least 1, not {value}")


@dataclass(frozen=True)
class Sources:
    """Where jobs come from.

    Attributes:
        sweeps: The shipped sweep files, by name.
        method: Reads a file of conf/method/.
        experiment: Reads a file of conf/experiment/.
        scale: What a rehearsal has otherwise.
    """

    sweeps: Callable[[str], Sweep]
    method: Callable[[str], Method]
    experiment: Callable[[str], FigureExperiment]
    scale: Scale = field(default_factory=Scale)


def jobs_of(
    target: str, sources: Sources, problems: Sequence[str] | None = None, methods: Sequence[str] | None = None
) -> list[Job]:
    """Return the jobs of a table or figure, each once, those of a table before those of the next.

    Args:
        target: One of :data:`TARGETS`.
        sources: Where they come from.
        problems: Of which problems; all where none is named.
        methods: With which methods, of conf/method/, or svm; all where none is named.

    Raises:
        SdaeError: If there is no such target or problem, or the target has nothing of them.
    """
    if target not in TARGETS:
        raise SdaeError(f"{target or 'reproduce'}: no such target; choose one of {', '.join(TARGETS)}")
    for problem in problems or ():
        if problem not in CHEAPEST_FIRST:
            raise SdaeError(f"problems {problem}: no such problem; choose among {', '.join(CHEAPEST_FIRST)}")
    names = [name for name in TARGETS if name not in ("all", "figure13")] if target == "all" else [target]
    found: dict[str, Job] = {}
    for name in names:
        for job in _jobs(name, sources):
            found.setdefault(job.key, job)
    known = sorted({method for job in found.values() for method in _called(job)})
    for method in methods or ():
        if method not in known:
            raise SdaeError(f"methods {method}: none of {target}'s; choose among {', '.join(known)}")
    chosen = [
        job
        for job in found.values()
        if (not problems or job.problem in problems) and (not methods or _called(job) & set(methods))
    ]
    if not chosen:
        raise SdaeError(f"problems, methods: {target} has none of these together")
    return chosen


def _called(job: Job) -> set[str]:
    """Return the names that methods may call a job by: Table 3's SDAE-3 is Gaussian on tzanetakis (section 6.2)."""
    usual = {"sdae-3"} if job.problem == "tzanetakis" and job.method == "sdae-3-gaussian" else set()
    return {job.method} | usual


def _jobs(target: str, sources: Sources) -> list[Job]:
    if target in ("table5", "figure13"):
        return _layers(FIGURE_13 if target == "figure13" else CHEAPEST_FIRST, sources)
    if target in PICTURES:
        return _picture(target, sources)
    studies: list[Job] = list(_studies(sources.sweeps(target), target, sources))
    if target in CURVES:
        return studies
    raw = [SvmJob(f"{problem}/SVM-rbf", problem, "svm", "SVM-rbf") for problem in _once(j.problem for j in studies)]
    return [*raw, *studies]


def _once(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))


def _layers(problems: Sequence[str], sources: Sources) -> list[Job]:
    part = Part([problem for problem in problems if problem != "tzanetakis"], ["sdae-3"])
    units = (sources.scale.space.nHUnit or [TABLE_5_UNITS])[:1]
    part = replace(part, space=Space(nHUnit=units), each=["nHUnit"])
    sweep = replace(sources.sweeps("table3"), studies=[part])
    narrow = replace(sources.scale, space=Space(nHUnit=units).over(sources.scale.space))
    jobs: list[Job] = []
    for stack in _studies(sweep, "table5", replace(sources, scale=narrow)):
        stack = replace(stack, method="svm", shown=f"{stack.model}, {units[0]:,} units")
        layers = LayersJob(f"{stack.problem}/SVM on layers", stack.problem, "svm", "SVMs on layers", stack)
        jobs += [stack, layers]
    return jobs


def _picture(target: str, sources: Sources) -> list[Job]:
    if target == "figure8":
        fits = [
            _fit(sources, f"figure8/{nu:g}", target, "filters", f"figure 8, ν {nu:g}", f"figure8-nu-{nu:g}", flags)
            for nu in FIGURE_8
            for flags in [{"pretraining": {"noise_level": nu}}]
        ]
        problem = fits[0].problem
        runs = {nu: fit.folder for nu, fit in zip(FIGURE_8, fits, strict=True)}
        three, four = (tuple(runs[nu] for nu in chosen) for chosen in ((0, 0.25, 0.5), (0, 0.1, 0.2, 0.5)))
        return [
            *fits,
            PictureJob("figure8", problem, "filters", "figure 8", "filters", three, {"n": 49}, "figure8.png"),
            PictureJob(
                *("figure8-units", problem, "filters", "figure 8, d and e", "filters"),
                *(four, {"units": [14, 446]}, "figure8-units.png"),
            ),
        ]
    names = EVERY_FIT[target]
    title = f"figure {target.removeprefix('figure')}"
    options = {"judged": 2000} if target == "figure15" else {}
    command = "samples" if target == "figure15" else "filters"
    fits = [
        _fit(sources, f"{target}/{name}", name, command, f"{title}, {name.partition('-')[2]}", name, {})
        for name in names
    ]
    return [*fits, PictureJob(target, fits[0].problem, command, title, command, names, options, f"{target}.png")]


def _fit(
    sources: Sources, key: str, experiment: str, method: str, shown: str, folder: str, flags: dict[str, Any]
) -> FitJob:
    of = sources.experiment(experiment)
    return FitJob(key, of.problem, method, shown, experiment, of.network, flags, folder)


def _studies(sweep: Sweep, target: str, sources: Sources) -> list[StudyJob]:
    return [
        job
        for part in sweep.studies
        for problem in part.problems
        for method in part.methods
        for job in _points(sweep, part, target, problem, sources.method(method), sources.scale)
    ]


def _points(sweep: Sweep, part: Part, target: str, problem: str, network: Method, scale: Scale) -> list[StudyJob]:
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
        key = "/".join([problem, model, *(f"{axis}={value:g}" for axis, value in point.items())])
        is_curve = target in CURVES
        jobs.append(
            StudyJob(
                key=f"{target}/{key}" if is_curve and not point else key,
                problem=problem,
                method=network.name,
                shown=", ".join([model, *(f"{axis} {value:g}" for axis, value in point.items())]),
                sweep=f"reproduce-{target if is_curve else problem}",
                network=network,
                model=model,
                point=point,
                fixed={axis: values for axis, values in considered.given.items() if is_curve and len(values) == 1},
                space={axis: values for axis, values in space.given.items() if axis in axes},
                axes=axes,
                given=given,
                settings=merged(known_settings(problem, network), scale.settings),
                trials=min(scale.trials or sweep.trials, len(grid(axes))),
            )
        )
    return jobs


def _with_known(problem: str, model: str, network: Method, space: Space, scale: Scale) -> Space:
    """Add the known values to what is considered, where a rehearsal says nothing of it and it is no fixed value."""
    axes: Axes = spaces.axes(network.pretraining, space)
    cells = known_cells(problem, model, network, axes)
    wider: Mapping[str, list[Any]] = {
        axis: sorted({*values, *(cell[axis] for cell in cells)})
        for axis, values in axes.items()
        if len(values) > 1 and axis not in scale.space.given and any(cell[axis] not in values for cell in cells)
    }
    return Space(**wider).over(space)
