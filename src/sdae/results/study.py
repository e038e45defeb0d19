"""A study as plain values, from its storage or from the kept ``studies.json``."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from optuna.trial import TrialState

from sdae.config.yaml_files import read_yaml
from sdae.files import NUMBER, Each, Maybe, Misshapen, require
from sdae.paper.layout import PROBLEMS
from sdae.sweeps.final_test import failure
from sdae.sweeps.heartbeat import ran
from sdae.sweeps.space import Axes, Params, searched
from sdae.sweeps.studies import OpenStudy
from sdae.tracking.options import TRIAL

STUDIES = "studies.json"  # the record of a sweep, in its folder
TRIALS = "trial-[0-9][0-9][0-9][0-9]*"  # run folders of a sweep
ABLATION_AXES = {"lRate", "batch"}  # of online learning against minibatches
KEPT = (
    *("name", "row", "sweep", "problem", "method", "fold", "point", "axes", "searched", "train_size", "labels"),
    "budget",
)
NULL = type(None)  # of a value that is there, and may be null
RECORD: dict[str, Any] = {  # of a study in studies.json
    **{"name": str, "row": str, "sweep": str, "problem": str, "method": str, "fold": (int, NULL), "point": dict},
    **{"axes": Each(list), "searched": [str], "train_size": (int, NULL), "labels": (int, list, NULL), "budget": int},
    "trials": [{"params": dict, "valid_error": (*NUMBER, NULL), "state": str, "seconds": (*NUMBER, NULL)}],
    "result": Maybe(
        {
            **{"trials": Each(int), "seconds": NUMBER, "run": Maybe(dict)},
            "chosen": Maybe({"folder": str, "params": dict}),
        }
    ),
}


@dataclass(frozen=True)
class FoundStudy:
    """A study, or one fold's.

    Attributes:
        name: Its name; ``row`` is without the fold.
        row: The common name of all folds.
        sweep: The sweep's name.
        problem: Table 1's short name.
        method: The paper's name of the method.
        fold: Of a cross-validation, counted from 0; None without one.
        point: The values of a figure's axis for this study.
        axes: All values considered, by Table 2's names.
        searched: Names of the axes with more than one value.
        train_size: Training examples; None for all of the problem's.
        labels: Number of them with a label, or the numbers considered; None for all.
        budget: Planned number of trials.
        trials: Those that are complete or pruned: ``params``, ``valid_error``, ``state`` and ``seconds``.
        result: Its result; None while it is not over.
        folder: Folder of its sweep.
        fine_tuning: Section of a trial's configuration; None for a kept study, which may be from another machine.
        pretraining: The same.
    """

    name: str
    row: str
    sweep: str
    problem: str
    method: str
    fold: int | None
    point: Params
    axes: Axes
    searched: list[str]
    train_size: int | None
    labels: int | list[int] | None
    budget: int
    trials: list[dict[str, Any]]
    result: dict[str, Any] | None
    folder: Path
    fine_tuning: dict[str, Any] | None = None
    pretraining: dict[str, Any] | None = None

    @property
    def over(self) -> bool:
        """Whether it has its result."""
        return self.result is not None

    @property
    def in_ablation(self) -> bool:
        """Whether it is a row of the ablation, which shows studies without a completed trial as well."""
        return self.over and set(self.point) >= ABLATION_AXES and self.problem in PROBLEMS

    @property
    def failure(self) -> str | None:
        """Why it has no test error; None while it is not over, or if it has one."""
        return None if self.result is None else failure(self.result)

    @property
    def diverged(self) -> bool:
        """Whether every trial was pruned: without one to compare with, only divergence ends it."""
        trials = (self.result or {}).get("trials", {})
        return self.chosen is None and bool(trials.get("pruned")) and not trials.get("failed")

    @property
    def chosen(self) -> dict[str, Any] | None:
        """The ``params`` and the run ``folder`` of the chosen trial; None if there is none yet."""
        return (self.result or {}).get("chosen")

    @property
    def run(self) -> dict[str, Any] | None:
        """The ``result.json`` of the chosen trial; None if there is none yet."""
        return (self.result or {}).get("run")

    @property
    def chosen_folder(self) -> Path | None:
        """The run folder of the chosen trial."""
        return self.folder / self.chosen["folder"] if self.chosen else None

    @property
    def timed(self) -> list[tuple[Params, float]]:
        """The values and the seconds of every completed trial."""
        complete = [trial for trial in self.trials if trial["state"] == "complete" and trial["seconds"]]
        return [(trial["params"], trial["seconds"]) for trial in complete]

    @property
    def kept(self) -> dict[str, Any]:
        """Its entry in ``studies.json``."""
        trials = [{**trial, "seconds": trial["seconds"] and round(trial["seconds"], 1)} for trial in self.trials]
        return {**{name: getattr(self, name) for name in KEPT}, "trials": trials, "result": self.result}


def of_open_study(study: OpenStudy, folder: Path) -> FoundStudy:
    """Read a study from its storage.

    Args:
        study: The study.
        folder: Folder of its sweep.
    """
    plan = study.plan
    return FoundStudy(
        name=plan.name,
        row=plan.row,
        sweep=plan.sweep,
        problem=plan.problem,
        method=plan.method,
        fold=plan.fold,
        point=plan.point,
        axes=plan.axes,
        searched=searched(plan.axes),
        train_size=plan.config["data"].get("init_args", {}).get("train_size"),
        labels=plan.labels,
        budget=plan.trials,
        trials=[
            {
                "params": trial.params,
                "valid_error": trial.value if trial.state is TrialState.COMPLETE else None,
                "state": trial.state.name.lower(),
                "seconds": ran(trial),
            }
            for trial in study.trials(TrialState.COMPLETE, TrialState.PRUNED)
        ],
        result=study.result,
        folder=folder,
        fine_tuning=plan.config["fine_tuning"],
        pretraining=plan.config["pretraining"],
    )


def of_kept(content: Mapping[str, Any], folder: Path) -> FoundStudy:
    """Read a study from a record of ``studies.json``.

    Args:
        content: The record.
        folder: Folder of the file.

    Raises:
        Misshapen: If it is not a record of a study.
    """
    require(content, RECORD)
    result = content.get("result") or {}
    if result.get("run") is not None and result.get("chosen") is None:
        raise Misshapen("result.chosen is missing, but result.run is there")
    known: dict[str, Any] = {name: content[name] for name in KEPT}
    return FoundStudy(**known, trials=content["trials"], result=content.get("result"), folder=folder)


def study_of_trial(run: Path) -> str | None:
    """Return the name of the study that a run is a trial of, by its configuration; None for any other run.

    Raises:
        SdaeError: If the configuration cannot be read.
    """
    file = run / "config.yaml"
    config = read_yaml(file) if file.is_file() else None
    tracking = config.get("tracking") if isinstance(config, dict) else None
    if not isinstance(tracking, dict) or tracking.get("job_type") != TRIAL:
        return None
    return str(tracking.get("group"))


def few_labels(result: Mapping[str, Any]) -> float | None:
    """Return the number of labelled training examples in a ``result.json`` or ``svm.json``; None if all had one."""
    labels: float | None = result.get("labels")
    return None if labels is None or labels == result["examples"]["train"] else labels
