"""A plan as a sequence of commands, and their sweep files."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from sdae.config.sections import flat, merged
from sdae.errors import SdaeError
from sdae.files import Each, Maybe, require, write_text
from sdae.formatting import CHECKOUT
from sdae.reproduce.jobs import FitJob, Job, LayersJob, PictureJob, StudyJob, SvmJob
from sdae.reproduce.plan import Plan, Row

PART = {"problems": [str], "methods": [str], "trials": int, "each": Maybe([str]), "space": Maybe(Each(list))}


@dataclass(frozen=True)
class Step:
    """Jobs that one command runs.

    Attributes:
        jobs: A single job, or all studies of a sweep.
        trials: Number of trials of each study, by key.
    """

    jobs: tuple[Job, ...]
    trials: dict[str, int]

    @property
    def sweep(self) -> str | None:
        """The sweep's name; None for another command."""
        first = self.jobs[0]
        return first.sweep if isinstance(first, StudyJob) else None


class _Plain(yaml.SafeDumper):
    """Writes repeated values in full, where YAML would write references."""

    def ignore_aliases(self, data: Any) -> bool:
        """Write no references."""
        return True


def steps_of(plan: Plan) -> list[Step]:
    """Return the steps to run now, the studies of a sweep as one.

    Section 6.6's stacks come after the others of their problem: if one of these chose a network of the
    requested size, they are not needed.
    """
    steps: dict[str, list[Row]] = {}
    for row in plan.rows:
        if row.state != "now":
            continue
        is_study, is_svm_stack = isinstance(row.job, StudyJob), row.job.method == "svm"
        name = row.job.sweep if isinstance(row.job, StudyJob) and not is_svm_stack else row.job.key
        steps.setdefault(name if is_study else row.job.key, []).append(row)
    return [Step(tuple(row.job for row in rows), {row.job.key: row.trials for row in rows}) for rows in steps.values()]


def sweep_file(folder: Path, name: str) -> Path:
    """Return the path of a sweep's file."""
    return folder / f"{name}.yaml"


def write_sweep(folder: Path, step: Step, heartbeat: int) -> Path:
    """Write a sweep's file, or add to an existing one: a study may gain trials, and never loses any.

    Args:
        folder: Folder of the runs.
        step: The sweep.
        heartbeat: Seconds between two heartbeats of a worker.

    Raises:
        SdaeError: If it cannot be read or written.
    """
    assert step.sweep is not None
    file = sweep_file(folder, step.sweep)
    existing: dict[str, Any] = {}
    if file.is_file():
        try:
            existing = yaml.safe_load(file.read_text(encoding="utf-8"))
            require(existing, {"studies": [PART]})
            parts = {_name(part): part for part in existing["studies"]}
        except (OSError, ValueError, KeyError, TypeError, yaml.YAMLError) as error:
            raise SdaeError(f"{file}: is not a sweep file that reproduce wrote ({error}); remove it") from None
    else:
        existing, parts = {"sampler": "tpe", "heartbeat": heartbeat}, {}
    for job in step.jobs:
        assert isinstance(job, StudyJob)
        part = part_of(job, step.trials[job.key])
        old = parts.get(_name(part))
        parts[_name(part)] = {**old, "trials": max(old["trials"], part["trials"])} if old else part
    content = {**existing, "studies": list(parts.values())}
    text = "# Written by reproduce; the same command resumes it.\n" + yaml.dump(
        content, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=120, default_flow_style=None
    )
    if not file.is_file() or file.read_text(encoding="utf-8") != text:
        write_text(file, text)
    return file


def part_of(job: StudyJob, trials: int) -> dict[str, Any]:
    """Return a study as a part of a sweep file."""
    part: dict[str, Any] = {"problems": [job.problem], "methods": [job.network.name], "trials": trials}
    part |= {"space": job.space, "each": list(job.point), "settings": job.settings, "given": job.given}
    return {name: value for name, value in part.items() if value or name == "given"}


def _name(part: dict[str, Any]) -> str:
    point = {axis: part["space"][axis] for axis in part.get("each", [])}
    return str((part["problems"], part["methods"], sorted(point.items())))


def flags(job: FitJob, settings: dict[str, Any]) -> dict[str, Any]:
    """Return the settings on top of a figure's configuration, by dotted keys."""
    usual: dict[str, Any] = {name: settings[name] for name in ("data", "tracking") if name in settings}
    return flat(merged(job.flags, usual))


def command(step: Step, folder: Path, workers: int | None, settings: dict[str, Any], stack: Path | None = None) -> str:
    """Return a step as a person would type it.

    Args:
        step: The step.
        folder: Folder of the runs.
        workers: Number of workers, as given.
        settings: Settings of a scaled-down version.
        stack: The run folder of the SDAE-3 that SVMs are trained on, if it is known.
    """
    job = step.jobs[0]
    side = [] if workers is None else ["--workers", str(workers)]
    words: Sequence[object]
    if isinstance(job, StudyJob):
        words = ["sweep", "--config", sweep_file(folder, job.sweep), "--folder", folder / job.sweep, *side]
    elif isinstance(job, SvmJob):
        words = ["svm", "--data", job.problem, "--kernels", "rbf", "--output", svm_folder(folder, job), *side]
    elif isinstance(job, LayersJob):
        words = ["svm", "--run", stack or "CHOSEN-SDAE-3", *side]
    elif isinstance(job, FitJob):
        more = [word for key, value in flags(job, settings).items() for word in (f"--{key}", value)]
        words = ["fit", "--config", f"conf/experiment/{job.experiment}.yaml", *more, "--run", folder / job.folder]
    else:
        assert isinstance(job, PictureJob)
        runs = [folder / run for run in job.runs]
        options = [
            word
            for name, value in job.options.items()
            for word in (f"--{name}", *(value if isinstance(value, list) else [value]))
        ]
        words = [job.method, "--run", *runs, *options, "--output", folder / job.output]
    own_stack = isinstance(job, StudyJob) and job.method == "svm"
    needless = f"  # {job.key}, if no other study chose one" if own_stack else ""
    return f"{CHECKOUT} {shlex.join(map(str, words))}{needless}"


def svm_folder(folder: Path, job: SvmJob) -> Path:
    """Return the folder of the SVMs on a problem's raw input."""
    return folder / f"reproduce-{job.problem}-svm"
