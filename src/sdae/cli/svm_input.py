"""The input of ``svm``: the stacks of a run or of its folds, or a problem alone."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sdae.cli.svm import USUAL
from sdae.config.problems import load_problem
from sdae.data.origin import Source
from sdae.errors import SdaeError
from sdae.evaluation.svm.layers import NoisyCopies, check_layers
from sdae.evaluation.svm.run import SvmInput
from sdae.evaluation.svm.search import Grid
from sdae.evaluation.trained import Trained, Weights
from sdae.files import read_json
from sdae.functional.corruption import CorruptionName
from sdae.functional.over_folds import over_folds
from sdae.runs.folder import RunFolder
from sdae.tracking.options import Tracking


def grid_of(C: list[float] | None, gamma: list[float] | None, fine: bool) -> Grid:
    """Return the coarse grid; default: the package's."""
    given = {"C": C, "gamma": gamma}
    return Grid(fine=fine, **{name: tuple(values) for name, values in given.items() if values is not None})


def noisy_copies_of(copies: int, level: float | None, corruption: CorruptionName | None) -> NoisyCopies | None:
    """Return the noisy copies to train on as well; None for none."""
    if copies == 0:
        for name, value in {"noise_level": level, "corruption": corruption}.items():
            if value is not None:
                raise SdaeError(f"--{name}: of noisy copies; give their number with --noisy_copies")
        return None
    return NoisyCopies(copies, 0.25 if level is None else level, corruption or "masking")


def layers_of(layers: list[int] | None, target: SvmInput, noise: NoisyCopies | None) -> list[int]:
    """Return the layers to train SVMs on, checked; default: all, and with noisy copies the input alone."""
    assert target.classifier is not None
    highest = target.classifier.n_layers
    if noise is not None:
        if layers not in (None, [0]):
            raise SdaeError("--noisy_copies: of the raw input alone (section 6.4); omit --layers, or give 0")
        return [0]
    check_layers(layers or [], highest)
    return sorted(set(layers)) if layers else list(range(highest + 1))


def stack_of_run(trained: Trained, weights: Weights) -> SvmInput:
    """Return the stack of a run, with its weights loaded."""
    config, folder, problem = trained.config, trained.folder, trained.problem
    if problem.provenance != "local":  # examples of the user's may have classes that the run did without
        problem.require_classes("SVM")
    saved = folder.finished and folder.best.exists()  # an estimator, which has no record of its early stopping
    if weights == "best" and not (folder.fine_tuned.exists() or saved):
        raise SdaeError(f"{folder.path}: is not fine-tuned, or not to the end; fit --run with this folder resumes it")
    classifier = trained.classifier(weights)
    try:
        seed = int(config["seed_everything"])
    except (KeyError, TypeError) as error:
        raise SdaeError(f"{folder.config}: is not the configuration of a run ({error})") from None
    if trained.pretraining.layer == "none" and weights == "pretrained":
        weights = "random"  # an MLP's weights before fine-tuning
    return SvmInput(folder, problem, seed, trained.method, weights, classifier)


def input_of_problem(
    data: str, root: Path | None, source: Source | None, output: Path | None, seed: int, noise: NoisyCopies | None
) -> tuple[list[SvmInput], RunFolder, Mapping[str, Any]]:
    """Return a problem's raw input, that of every fold; the folder of the results; and W&B's configuration."""
    problem = load_problem(data, root, source)
    problem.require_classes("SVM")
    problem.prepare_data()  # raises before there is a folder
    if noise is not None:
        noise.corrupt(problem.value_range)
    folder = RunFolder.new(f"{problem.name}-svm") if output is None else RunFolder(output)
    folder.create_for_svm()
    config = {"data": {"problem": problem.name, "provenance": problem.provenance}}
    if problem.folds is None or problem.fold is not None:
        return [SvmInput(folder, problem, seed)], folder, config
    targets = [SvmInput(folder.fold(k), problem.only(k), seed) for k in range(problem.folds)]
    for target in targets:
        target.folder.path.mkdir(exist_ok=True)
    return targets, folder, config


def test_error_of(folder: RunFolder, folds: Sequence[RunFolder]) -> float | None:
    """Return the test error of the run's fine-tuned network, or the mean over the folds of a study; None if unknown."""
    runs = [folder] if folder.started else folds
    if not all(run.finished for run in runs):
        return None
    return over_folds([read_json(run.result, shape=dict).get("test_error") for run in runs]).mean


def tracking_of(given: Tracking, config: Mapping[str, Any], folder: RunFolder) -> Tracking:
    """Return the tracking of the command line; default: the run's."""
    kept_tracking = config.get("tracking") or {}
    kept = {name: kept_tracking[name] for name in ("wandb", "project", "tags") if name in kept_tracking}
    kept |= {"group": kept_tracking.get("group") or folder.path.name, "name": f"{folder.path.name}-svm"}
    changed = {name: value for name, value in vars(given).items() if value != getattr(USUAL, name)}
    return replace(USUAL, **kept | changed)
