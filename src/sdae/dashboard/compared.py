"""The content of a workspace and a report: the runs of a project, or the studies of one sweep."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from wandb_workspaces import expr

from sdae.settings.pretraining import Pretraining
from sdae.settings.table2 import names, shown_value
from sdae.sweeps.overview import summarise_sweep
from sdae.sweeps.plan import StudyPlan
from sdae.sweeps.space import searched
from sdae.sweeps.studies import OpenStudy
from sdae.tracking.options import TRIAL, Tracking

FAMILIES = {
    "SDAE": Pretraining(),
    "SAE": Pretraining(noise_level=0.0),
    "DBN": Pretraining(layer="rbm"),
    "MLP": Pretraining(layer="none"),
}
HIDDEN_LAYERS = 3  # at most, in Table 2


@dataclass(frozen=True)
class Searched:
    """Runs among which the validation error chooses: a table's row, or a family of methods.

    Attributes:
        title: Such as ``rect, SDAE-3``.
        runs: The filter that finds them.
        hyperparameters: Hyperparameters that vary, by the paper's names.
    """

    title: str
    runs: expr.FilterExpr
    hyperparameters: list[str]


@dataclass(frozen=True)
class Compared:
    """The compared runs.

    Attributes:
        sweep: The sweep's name; None for all runs of a project.
        n_layers: Hidden layers of the deepest networks.
        rows: The studies' results (:func:`sdae.sweeps.overview.summarise_sweep`); empty without a sweep.
        problems: The searches by problem; key None: all problems together.
    """

    sweep: str | None
    n_layers: int = HIDDEN_LAYERS
    rows: Sequence[dict[str, Any]] = ()
    problems: dict[str | None, list[Searched]] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """Its title on W&B."""
        return "Stacked denoising autoencoders" + (f" · {self.sweep}" if self.sweep else "")

    @property
    def runs(self) -> list[expr.FilterExpr]:
        """The filters that find all the runs that are compared; SVMs, filters and samples are of other job types."""
        jobs = [TRIAL] if self.sweep else [TRIAL, Tracking().job_type]
        tags = [expr.Tags().isin([self.sweep])] if self.sweep else []
        return [expr.Metric("JobType").isin(jobs), *tags]

    def runs_on(self, problem: str | None) -> list[expr.FilterExpr]:
        """Return the filters that find those on one problem."""
        return [*self.runs, *([] if problem is None else [expr.Tags().isin([problem])])]


def of_project() -> Compared:
    """Compare all runs of a project, by families of methods."""
    families = []
    for family, pretraining in FAMILIES.items():
        methods = [f"{family}-{n}" for n in range(1, HIDDEN_LAYERS + 1)]
        families.append(Searched(family, expr.Tags().isin(methods), names(pretraining)))
    return Compared(None, problems={None: families})


def of_sweep(sweep: str, studies: Sequence[OpenStudy]) -> Compared:
    """Compare the studies of one sweep; folds together are one row, as in a table."""
    rows: dict[str, list[StudyPlan]] = {}
    for study in studies:
        rows.setdefault(study.plan.row, []).append(study.plan)
    problems: dict[str | None, list[Searched]] = {}
    for plans in rows.values():
        plan = plans[0]
        point = [f"{axis} = {shown_value(value)}" for axis, value in plan.point.items()]
        title = ", ".join([plan.problem, plan.method, *point])
        groups = [each.name for each in plans]
        found = Searched(title, expr.Metric("Group").isin(groups), searched(plan.axes))
        problems.setdefault(plan.problem, []).append(found)
    return Compared(sweep, _deepest(studies), summarise_sweep(studies), problems)


def _deepest(studies: Sequence[OpenStudy]) -> int:
    return max(max(study.plan.axes.get("nHLay", [study.plan.config["model"]["n_layers"]])) for study in studies)
