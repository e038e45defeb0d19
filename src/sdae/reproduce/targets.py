"""What each of the paper's tables and figures needs: studies, SVMs, and pictures of single runs."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from sdae.errors import SdaeError

# The order in which problems tell most for their cost: rect is seconds, basic minutes, the others more.
PROBLEMS = (
    "rect",
    "basic",
    "convex",
    "rot",
    "bg-rand",
    "tzanetakis",
    "mnist",
    "bg-img",
    "bg-img-rot",
    "rect-img",
)
TABLE_3 = ("sdae-3", "sae-3", "dbn-3", "mlp-3", "dbn-1")
TABLE_4 = (
    "sdae-3",
    "sdae-3-salt-and-pepper-double",
    "sdae-3-salt-and-pepper",
    "sdae-3-double",
    "sdae-3-gaussian",
    "sae-3",
    "dbn-3",
)
FIGURE_12 = ("sdae-3", "sae-3-noisy-1", "sae-3-noisy-2")
NOISE = (0.05, 0.10, 0.15, 0.20, 0.25, 0.30, 0.40, 0.50, 0.60)  # Figure 11's axis, as in sweeps/figure11.yaml
COARSE = (0.10, 0.25, 0.40)  # Figure 12's
UNITS = (1000, 2000, 3000)  # Figure 10's

SVM, LAYERS = "svm", "svm-layers"  # Table 3's column, and Table 5's


@dataclass(frozen=True)
class Job:
    """One thing to do: the studies of a problem and a method, SVMs, or a figure's picture.

    Attributes:
        kind: What it is.
        problem: Short name; of a picture, the figure's.
        method: Short name of conf/method/, ``svm``, ``svm-layers``, or of a picture ``filters`` or ``samples``.
        sweep: Which sweep its studies are in; problems share one among Tables 3 and 4.
        each: The values of a figure's axis, of which every one is a study.
        fixed: Values of the search that are given, by Table 2's names.
    """

    kind: Literal["study", "svm", "picture"]
    problem: str
    method: str
    sweep: str = ""
    each: dict[str, tuple[float, ...]] = field(default_factory=dict)
    fixed: dict[str, list[float]] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What it goes by, in a stored plan."""
        return "/".join(filter(None, [self.sweep, self.problem, self.method]))


TARGETS = (
    *(f"table{n}" for n in (3, 4, 5)),
    *(f"figure{n}" for n in (5, 6, 7, 8, 10, 11, 12, 13, 15)),
    "all",
)


def jobs(target: str, problems: Sequence[str] | None = None, methods: Sequence[str] | None = None) -> list[Job]:
    """Return everything that a target needs, the most informative first.

    Args:
        target: One of :data:`TARGETS`.
        problems: Only these, where given.
        methods: Only these, where given.

    Raises:
        SdaeError: If there is no such target, or it has none of these problems or methods.
    """
    if target not in TARGETS:
        raise SdaeError(f"reproduce {target}: no such target; choose one of {', '.join(TARGETS)}")
    names = [name for name in TARGETS if name != "all"] if target == "all" else [target]
    every = list({job.key: job for name in names for job in _of(name)}.values())
    for option, asked, there in (
        ("--problems", problems, dict.fromkeys(job.problem for job in every)),
        ("--methods", methods, dict.fromkeys(job.method for job in every)),
    ):
        if strange := [one for one in asked or () if one not in there]:
            raise SdaeError(f"{option} {strange[0]}: not of {target}; choose among {', '.join(there)}")
    return [
        job for job in every if (not problems or job.problem in problems) and (not methods or job.method in methods)
    ]


def _of(target: str) -> list[Job]:
    if target == "table3":
        return [job for problem in PROBLEMS for job in _table3(problem)]
    if target == "table4":
        its = [_study(problem, method) for problem in ("basic", "rot", "bg-rand") for method in TABLE_4]
        return its + [Job("svm", problem, SVM) for problem in ("basic", "rot", "bg-rand")]
    if target in ("table5", "figure13"):
        # A study of folds has a network for each, of which svm cannot ask together. The paper does not name the two
        # problems of Figure 13.
        every = [problem for problem in PROBLEMS if problem != "tzanetakis"]
        problems = every if target == "table5" else ["rect", "basic"]
        return [job for problem in problems for job in _table5(problem)]
    if target == "figure10":
        methods = [f"{family}-{depth}" for depth in (3, 2, 1) for family in ("sdae", "sae", "mlp")]
        return [Job("study", "bg-img-rot", method, target, {"nHUnit": UNITS}) for method in methods]
    if target == "figure11":
        alone = [Job("study", "bg-img-rot", f"sae-{depth}", target) for depth in (3, 2, 1)]
        return alone + [Job("study", "bg-img-rot", f"sdae-{depth}", target, {"ν": NOISE}) for depth in (3, 2, 1)]
    if target == "figure12":
        wide = {"nHUnit": [1000.0]}
        return [
            job
            for problem in ("basic", "rot", "bg-rand")
            for job in (
                Job("study", problem, "sae-3", target, fixed=wide),
                *(Job("study", problem, method, target, {"ν": COARSE}, wide) for method in FIGURE_12),
            )
        ]
    return [Job("picture", target, "samples" if target == "figure15" else "filters")]


def _table3(problem: str) -> list[Job]:
    # Section 6.2: masking noise for all problems but tzanetakis.
    methods = ["sdae-3-gaussian" if problem == "tzanetakis" and name == "sdae-3" else name for name in TABLE_3]
    return [*(_study(problem, method) for method in methods), Job("svm", problem, SVM)]


def _table5(problem: str) -> list[Job]:
    """Section 6.6: the network is the best among those with 1,000 units a layer."""
    return [Job("study", problem, "sdae-3", "table5", fixed={"nHUnit": [1000.0]}), Job("svm", problem, LAYERS)]


def _study(problem: str, method: str) -> Job:
    return Job("study", problem, method, problem)
