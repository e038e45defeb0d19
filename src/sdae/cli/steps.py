"""Does the steps of ``reproduce`` by the sweep, fit, svm, filters and samples commands, or says how they are typed."""

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

from sdae.aside import write_aside
from sdae.cli.estimates import Told
from sdae.cli.filters import filters
from sdae.cli.names import install_loader, shipped
from sdae.cli.samples import samples
from sdae.cli.svm import svm
from sdae.cli.sweep import sweep
from sdae.cli.training import TrainingCLI
from sdae.errors import SdaeError
from sdae.report.gather import gather
from sdae.reproduce.figures import FIGURES, Drawing, Fit
from sdae.reproduce.plan import Step
from sdae.reproduce.situation import Situation
from sdae.reproduce.targets import LAYERS, SVM, Job
from sdae.run.folder import RunFolder


def commands(steps: Sequence[Step], folder: Path, storage: str | None, workers: int | None) -> list[str]:
    """Return what a person would type instead, a command each."""
    cluster = ([] if storage is None else ["--storage", storage]) + ([] if workers is None else ["--workers", workers])
    said: list[list[object]] = []
    for name in dict.fromkeys(step.job.sweep for step in steps if step.job.kind == "study"):
        file = folder / f"reproduce-{name}"
        said.append(["sweep", "--config", f"{file}.yaml", "--folder", file, *cluster])
    for step in steps:
        job = step.job
        if job.method == SVM:
            said.append(["svm", "--data", job.problem, "--kernels", "rbf", "--output", _svm_folder(folder, job)])
        elif job.method == LAYERS:
            said.append(["svm", "--run", f"(the best SDAE-3 of {job.problem} with 1,000 units)"])
        elif job.kind == "picture":
            for drawing in FIGURES[job.problem]:
                said += [_fit(fit, folder) for fit in drawing.fits]
                options = [word for name, value in drawing.options.items() for word in (f"--{name}", *_words(value))]
                runs = [folder / name for name in drawing.drawn]
                said.append([job.method, "--run", *runs, *options, "--output", folder / f"{drawing.name}.png"])
    return [f"python src/cli.py {shlex.join(map(str, words))}" for words in said]


def _words(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else [value]


def _svm_folder(folder: Path, job: Job) -> Path:
    return folder / f"reproduce-{job.problem}-svm"


def _fit(fit: Fit, folder: Path) -> list[object]:
    config = shipped("conf") / "experiment" / f"{fit.experiment}.yaml"
    flags = [word for name, value in fit.flags.items() for word in (f"--{name}", value)]
    return ["fit", "--config", config, *flags, "--run", folder / fit.name]


def run(
    steps: Sequence[Step], told: Mapping[str, Told], folder: Path, storage: str | None, workers: int | None
) -> None:
    """Do what is to be done, a sweep after the other, then SVMs and pictures; what was interrupted goes on.

    Without workers of its own it sets the studies up for others, and leaves the rest for when they are over.
    """
    for name in dict.fromkeys(step.job.sweep for step in steps if step.job.kind == "study"):
        its = [step for step in steps if step.job.kind == "study" and step.job.sweep == name]
        config = _write_sweep(folder / f"reproduce-{name}.yaml", its, told)
        sweep(config, storage=storage, folder=folder / config.stem, workers=workers)
    if workers == 0 and any(step.job.kind == "study" for step in steps):
        print("once these studies are over, the same command does the rest")
        return
    for step in steps:
        job = step.job
        if job.method == SVM:
            svm(data=job.problem, kernels=["rbf"], output=_svm_folder(folder, job), workers=workers or None)
        elif job.method == LAYERS:
            _svm_on_layers(job.problem, folder, storage, workers)
        elif job.kind == "picture":
            for drawing in FIGURES[job.problem]:
                _draw(drawing, job.method, folder)


def _write_sweep(file: Path, steps: Sequence[Step], told: Mapping[str, Told]) -> Path:
    """Write or complete a sweep file: what it has stays, and may get more trials."""
    parts = {}
    if file.is_file():
        kept = yaml.safe_load(file.read_text(encoding="utf-8"))
        parts = {(part["problems"][0], part["methods"][0]): part for part in kept["studies"]}
    for step in steps:
        job, its = step.job, told[step.job.key]
        key = (job.problem, job.method)
        part = {
            "problems": [job.problem],
            "methods": [job.method],
            "trials": max(step.trials, parts.get(key, {}).get("trials", 0)),
            "space": its.space,
            "given": its.given,
            "settings": its.settings,
            "each": list(job.each),
        }
        parts[key] = part
    text = yaml.safe_dump(
        {"sampler": "tpe", "studies": list(parts.values())}, sort_keys=False, allow_unicode=True, width=110
    )
    write_aside(file, lambda aside: Path(aside).write_text(text, encoding="utf-8"))
    return file


def _svm_on_layers(problem: str, folder: Path, storage: str | None, workers: int | None) -> None:
    stack = Situation(gather([folder], storage), {}).stack(problem)
    if stack is None:
        raise SdaeError(f"table5, {problem}: no study of SDAE-3 with 1,000 units is over yet")
    svm(run=Path(stack.folder), workers=workers or None)


def _draw(drawing: Drawing, command: str, folder: Path) -> None:
    for fit in drawing.fits:
        if not RunFolder(folder / fit.name).finished:
            install_loader()
            TrainingCLI([str(word) for word in _fit(fit, folder)])
    runs, output = [folder / name for name in drawing.drawn], folder / f"{drawing.name}.png"
    if command == "samples":
        samples(run=runs, output=output, **drawing.options)
    else:
        filters(run=runs, output=output, **drawing.options)
