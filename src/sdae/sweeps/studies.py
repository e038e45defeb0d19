"""The studies in a storage: set up once before the workers, found by name, refused where their plans differ."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import optuna
from optuna import Study
from optuna.study import StudyDirection
from optuna.trial import FrozenTrial, TrialState

from sdae.config.sections import differing, flat
from sdae.errors import SdaeError
from sdae.settings.table2 import shown
from sdae.sweeps.heartbeat import RAN, ran
from sdae.sweeps.outcomes import RETRIES, best, retried_numbers, to_repeat
from sdae.sweeps.plan import StudyPlan, trial_name
from sdae.sweeps.samplers import cells, pruner, sampler, trial_settings
from sdae.sweeps.space import searched
from sdae.sweeps.storage import NO_SWEEP, SharedStorage

log = logging.getLogger(__name__)

PLAN, SWEEP, RESULT = "plan", "sweep", "result"  # user attributes of a study; the last is set when it is over
ERRORS = "errors"  # user attribute of a study: errors of its test
SAVED = "saved_seconds"  # user attribute of a trial: for each cached layer, the seconds of its training
MAY_CHANGE = ("trials", "hours", "cache")


@dataclass(frozen=True)
class KeptSweep:
    """The record of a sweep beside each study's plan, so that a worker needs only the storage.

    Attributes:
        name: The sweep's name.
        folder: Folder of its runs on the machine that started it.
        heartbeat: Seconds between two heartbeats of a worker.
        studies: Number of its studies, so that workers can detect an incomplete setup.
    """

    name: str
    folder: str
    heartbeat: int
    studies: int


@dataclass
class OpenStudy:
    """A study in a storage, and its plan."""

    plan: StudyPlan
    study: Study

    def trials(self, *states: TrialState) -> list[FrozenTrial]:
        """Return its trials in some states; default: all."""
        return self.study.get_trials(deepcopy=False, states=states or None)

    @property
    def deleted(self) -> bool:
        """Whether it is no longer in the storage."""
        return self.study._study_id not in {study._study_id for study in self.study._storage.get_all_studies()}

    @property
    def result(self) -> dict[str, Any] | None:
        """Its result, once it is finished."""
        return self.study.user_attrs.get(RESULT)

    @property
    def seconds(self) -> float:
        """Total time for which its trials have run, with interrupted attempts; not the time between, nor of waiting."""
        trials = self.trials()
        retried = retried_numbers(trials)  # a retry includes their seconds
        return sum(ran(trial) or 0.0 for trial in trials if trial.number not in retried or RAN not in trial.user_attrs)

    @property
    def saved(self) -> list[float]:
        """The seconds of training that the cache has saved, one number for each layer that was found in it."""
        trials = self.trials()
        last = [trial for trial in trials if trial.number not in retried_numbers(trials)]  # a retry has its attributes
        return [seconds for trial in last for seconds in trial.user_attrs.get(SAVED, {}).values()]

    @property
    def timed_out(self) -> bool:
        """Whether :attr:`seconds` have reached the study's hours, so that no trial is started."""
        return self.plan.hours is not None and self.seconds >= 3600 * self.plan.hours

    @property
    def left(self) -> int:
        """Number of trials that are not started yet."""
        return 0 if self.timed_out else len(self.trials(TrialState.WAITING))

    @property
    def exhausted(self) -> bool:
        """Whether its budget is used and no trial is running."""
        over = self.timed_out
        trials = self.trials()  # read once: a running trial may be requeued between two reads
        unfinished = [TrialState.RUNNING] if over else [TrialState.RUNNING, TrialState.WAITING]
        return not to_repeat(trials) and not any(trial.state in unfinished for trial in trials)

    @property
    def chosen(self) -> FrozenTrial | None:
        """The trial of the lowest validation error; among equals, of the lowest loss there, then the first."""
        return best(self.trials())


def planned(storage: SharedStorage) -> set[str]:
    """Return the names of the studies that are set up; a setup may have been interrupted before others had a plan."""
    return {study.study_name for study in storage.get_all_studies() if PLAN in study.user_attrs}


def set_up(storage: SharedStorage, plans: Sequence[StudyPlan], kept: KeptSweep) -> list[OpenStudy]:
    """Make the studies that are missing and queue their trials; resume those that exist.

    A study that is over is resumed too if it has new trials, or if its test failed.

    Args:
        storage: The storage, with its tables.
        plans: The studies.
        kept: The record of the sweep.

    Raises:
        SdaeError: If one exists with another space, or other settings.
    """
    existing = {study.study_name: study for study in storage.get_all_studies()}
    for plan in plans:
        before = existing[plan.name].user_attrs.get(PLAN) if plan.name in existing else None
        if before is not None:  # else its setup was interrupted
            _take_source(plan, before)
            _compare(before, plan)
    for plan in plans:
        if plan.name not in existing:
            storage.create_new_study([StudyDirection.MINIMIZE], plan.name)
    opened = []
    for plan in plans:
        study = _load(storage, plan)
        if study.user_attrs.get(PLAN) != (attribute := asdict(plan)):
            study.set_user_attr(PLAN, attribute)
        _queue(study, plan)
        opened.append(OpenStudy(plan, study))
    for each in opened:
        if each.result is not None and (each.left or "error" in each.result):
            each.study.set_user_attr(ERRORS, [])
            each.study.set_user_attr(RESULT, None)
        each.study.set_user_attr(SWEEP, asdict(kept))  # last: workers find the sweep by this attribute
    return opened


def _queue(study: Study, plan: StudyPlan) -> None:
    """Queue the missing trials of a study."""
    firsts = [trial for trial in study.get_trials(deepcopy=False) if not trial.system_attrs.get(RETRIES)]
    queued = {trial.user_attrs.get("cell") for trial in firsts}
    for number, params in enumerate(cells(plan, [trial_settings(trial) for trial in firsts])):
        if number not in queued:
            study.enqueue_trial(params, user_attrs={"cell": number, "folder": f"{plan.folder}/{trial_name(number)}"})


def _take_source(asked: StudyPlan, kept: Mapping[str, Any]) -> None:
    """Keep the source of the data from the setup of the study; ``auto`` may resolve to another one now."""
    data = asked.config["data"].get("init_args", {})
    if data.get("source") == "auto":
        data["source"] = kept["config"]["data"]["init_args"]["source"]


def _compare(kept: Mapping[str, Any], asked: StudyPlan) -> None:
    """Refuse a plan that differs from the existing study of its name.

    Raises:
        SdaeError: If they differ in more than their budgets; names the key.
    """
    wanted = asdict(asked)
    if key := differing(kept, wanted, but=MAY_CHANGE):
        space = f"space.{key.removeprefix('axes.')}" if key.startswith("axes.") else key
        raise SdaeError(
            f"{asked.name}: exists with another {'space' if key.startswith('axes.') else 'plan'}: {space} is "
            f"{flat(kept).get(key)} there and {flat(wanted).get(key)} here; give this sweep another name, or folder"
        )
    if wanted["trials"] < kept["trials"]:
        raise SdaeError(f"{asked.name}: exists with {kept['trials']} trials; their number cannot be lowered")


def find(storage: SharedStorage, name: str | None) -> tuple[KeptSweep, list[OpenStudy]]:
    """Open the studies of an existing sweep.

    Args:
        storage: Their storage.
        name: The sweep's name; default: the only one there.

    Raises:
        SdaeError: If there is none, or several and no name.
    """
    existing = storage.get_all_studies()
    complete = [study.user_attrs for study in existing if study.user_attrs.get(SWEEP)]
    sweeps = list(dict.fromkeys(attrs[SWEEP]["name"] for attrs in complete))
    if not sweeps:
        raise SdaeError(f"storage: {NO_SWEEP}")
    if name is None and len(sweeps) > 1:
        raise SdaeError(f"storage: holds several sweeps; choose one as name: {' or '.join(sweeps)}")
    name = name or sweeps[0]
    if name not in sweeps:
        raise SdaeError(f"name {name}: no such sweep in this storage; it holds {', '.join(sweeps)}")
    of_it = [attrs for attrs in complete if attrs[SWEEP]["name"] == name]
    size = of_it[0][SWEEP]["studies"]
    # All studies of a sweep are created before the first is marked as its own: a missing one was deleted.
    if (missing := size - sum(study.study_name.startswith(f"{name}/") for study in existing)) > 0:
        log.warning("%s: %d of its %d studies deleted; its sweep file sets them up again", name, missing, size)
    if len(of_it) < size - max(missing, 0):
        raise SdaeError(f"name {name}: is still being set up; try again later")
    plans = [StudyPlan(**attrs[PLAN]) for attrs in of_it]
    return KeptSweep(**of_it[0][SWEEP]), [OpenStudy(plan, _load(storage, plan)) for plan in plans]


def _load(storage: SharedStorage, plan: StudyPlan) -> Study:
    return optuna.load_study(study_name=plan.name, storage=storage, sampler=sampler(plan), pruner=pruner(plan))


def searched_params(trial: FrozenTrial, plan: StudyPlan) -> str:
    """Show the hyperparameters of a trial that the study searches."""
    return shown(trial.params, searched(plan.axes))
