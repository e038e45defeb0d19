"""The tables and figures, and the jobs that each consists of."""

from collections.abc import Sequence
from dataclasses import replace

from sdae.errors import SdaeError
from sdae.paper.layout import TABLE_5_UNITS
from sdae.reproduce.jobs import FitJob, Job, LayersJob, PictureJob, SvmJob
from sdae.reproduce.scale import Scale
from sdae.reproduce.shipped import shipped_experiment, shipped_sweep
from sdae.reproduce.studies import studies_of
from sdae.sweeps.space import Space
from sdae.sweeps.sweep_file import Part

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


def jobs_of(
    target: str, scale: Scale, problems: Sequence[str] | None = None, methods: Sequence[str] | None = None
) -> list[Job]:
    """Return the jobs of a table or figure, each once, table by table.

    Args:
        target: One of :data:`TARGETS`.
        scale: The settings of a scaled-down version.
        problems: Problems; default: all.
        methods: Methods, of conf/method/, or svm; default: all.

    Raises:
        SdaeError: If there is no such target or problem, or the target has no jobs of them.
    """
    if target not in TARGETS:
        raise SdaeError(f"{target or 'reproduce'}: no such target; choose one of {', '.join(TARGETS)}")
    for problem in problems or ():
        if problem not in CHEAPEST_FIRST:
            raise SdaeError(f"problems {problem}: no such problem; choose among {', '.join(CHEAPEST_FIRST)}")
    names = [name for name in TARGETS if name not in ("all", "figure13")] if target == "all" else [target]
    found: dict[str, Job] = {}
    for name in names:
        for job in _jobs(name, scale):
            found.setdefault(job.key, job)
    known = sorted({method for job in found.values() for method in _called(job)})
    for method in methods or ():
        if method not in known:
            raise SdaeError(f"methods {method}: not one of {target}'s; choose among {', '.join(known)}")
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


def _jobs(target: str, scale: Scale) -> list[Job]:
    if target in ("table5", "figure13"):
        return _layers(FIGURE_13 if target == "figure13" else CHEAPEST_FIRST, scale)
    if target == "figure8":
        return _figure8()
    if target in PICTURES:
        return _picture(target)
    if target in CURVES:
        return [*studies_of(shipped_sweep(target), scale, curve=target)]
    studies = studies_of(shipped_sweep(target), scale)
    problems = dict.fromkeys(job.problem for job in studies)
    return [*(SvmJob(f"{problem}/SVM-rbf", problem, "svm", "SVM-rbf") for problem in problems), *studies]


def _layers(problems: Sequence[str], scale: Scale) -> list[Job]:
    units = (scale.space.nHUnit or [TABLE_5_UNITS])[:1]
    space = Space(nHUnit=units)
    gaussian = [problem for problem in problems if problem == "tzanetakis"]  # section 6.2
    masking = [problem for problem in problems if problem not in gaussian]
    parts = [Part(masking, ["sdae-3"], space=space, each=["nHUnit"])]
    if gaussian:
        parts.append(Part(gaussian, ["sdae-3-gaussian"], space=space, each=["nHUnit"]))
    sweep = replace(shipped_sweep("table3"), studies=parts)
    jobs: list[Job] = []
    for stack in studies_of(sweep, replace(scale, space=Space(nHUnit=units).over(scale.space))):
        stack = replace(stack, method="svm", shown=f"{stack.model}, {units[0]:,} units")
        layers = LayersJob(f"{stack.problem}/SVM on layers", stack.problem, "svm", "SVMs on layers", stack)
        jobs += [stack, layers]
    return jobs


def _figure8() -> list[Job]:
    problem, network = shipped_experiment("figure8")
    runs = {nu: f"figure8-nu-{nu:g}" for nu in FIGURE_8}
    fits = [
        FitJob(
            *(f"figure8/{nu:g}", problem, "filters", f"figure 8, ν {nu:g}"),
            *("figure8", network, {"pretraining": {"noise_level": nu}}, run),
        )
        for nu, run in runs.items()
    ]
    three, four = (tuple(runs[nu] for nu in chosen) for chosen in ((0, 0.25, 0.5), (0, 0.1, 0.2, 0.5)))
    few, units = {"n": 49}, {"units": [14, 446]}
    return [
        *fits,
        PictureJob("figure8", problem, "filters", "figure 8", three, few, "figure8.png"),
        PictureJob("figure8-units", problem, "filters", "figure 8, d and e", four, units, "figure8-units.png"),
    ]


def _picture(target: str) -> list[Job]:
    title = f"figure {target.removeprefix('figure')}"
    command, options = ("samples", {"judged": 2000}) if target == "figure15" else ("filters", {})
    fits = []
    for name in EVERY_FIT[target]:
        problem, network = shipped_experiment(name)
        shown = f"{title}, {name.partition('-')[2]}"
        fits.append(FitJob(f"{target}/{name}", problem, command, shown, name, network, {}, name))
    return [
        *fits,
        PictureJob(target, fits[0].problem, command, title, EVERY_FIT[target], options, f"{target}.png"),
    ]
