"""``svm``: support vector machines on the input and on each layer's representation (section 6.6)."""

import sys
from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

from sdae.config.problems import load_problem
from sdae.config.runs import load_folds
from sdae.data.problem import Source
from sdae.errors import SdaeError
from sdae.evaluation.svm.layers import NoisyCopies, Question, check_layers
from sdae.evaluation.svm.plot import draw
from sdae.evaluation.svm.report import headline, shown, tell
from sdae.evaluation.svm.run import Asked, answer_all
from sdae.evaluation.svm.search import Grid, Kernel
from sdae.evaluation.trained import Trained, Weights
from sdae.functional.corruption import CorruptionName
from sdae.runs.folder import RunFolder
from sdae.tracking.tracking import Tracking, tracked

USUAL = Tracking(job_type="svm")


def svm(
    run: Path | None = None,
    data: str | None = None,
    output: Path | None = None,
    root: Path | None = None,
    source: Source | None = None,
    layers: list[int] | None = None,
    kernels: list[Kernel] | None = None,
    fine_tuned: bool = False,
    random_weights: bool = False,
    refit: bool = True,
    C: list[float] | None = None,
    gamma: list[float] | None = None,
    fine: bool = True,
    noisy_copies: int = 0,
    noise_level: float | None = None,
    corruption: CorruptionName = "masking",
    seed: int = 1,
    path: Path | None = None,
    workers: int | None = None,
    tracking: Tracking = USUAL,
) -> None:
    """Train SVMs on the input and on each layer's representation (Table 5, Figure 13).

    C and γ are chosen on the validation set: on a grid of decades, then in half decades around the best; between equals
    the smaller C is taken, then the smaller γ. Only the chosen machine meets the test set. Everything measured is kept
    in the run's folder, and the same command resumes an interrupted search.

    Args:
        run: Run folder, or that of a cross-validation, whose folds are all evaluated.
        data: A problem instead of a run, by its short name or a YAML file: SVMs on the raw input, as in Table 3.
        output: With --data, the folder of the results; default: a new one under runs/.
        root: With --data, the data folder; default: $SDAE_DATA, or ~/.cache/sdae.
        source: With --data: auto, original or generated.
        layers: Which, e.g. 0 1 3, where 0 is the input; default: all.
        kernels: linear, rbf; default: both.
        fine_tuned: Whether to take the fine-tuned weights; the paper takes those before fine-tuning.
        random_weights: Whether to take the run's random start: footnote 16's control, kept beside the others.
        refit: Whether the chosen machine is trained again on training and validation data together, for the error to be
            compared with the paper's, whose machines were. The error without it is kept as well.
        C: Coarse grid of C; default: decades from 0.01 to 1000.
        gamma: Coarse grid of γ, as multiples of 1 / (d · variance); default: 0.01, 0.1, 1 and 10.
        fine: Whether to search half decades around the best.
        noisy_copies: Corrupted copies of each training example to train on as well (footnote 13: 9); input only.
        noise_level: Of the copies: ν, or for Gaussian noise σ; default: 0.25.
        corruption: Of the copies: masking, salt-and-pepper, gaussian or swap.
        seed: With --data, seed of the copies' noise; a run has its own.
        path: With --run, where the run's data lie now, a file or a folder; default: where they lay.
        workers: Machines trained side by side, in one thread each; default: one for every core.
        tracking: Where the answers are tracked; default: as the run was.
    """
    question = Question(tuple(kernels or ("linear", "rbf")), _grid(C, gamma, fine), refit)
    noise = _noise(noisy_copies, noise_level, corruption)
    if workers is not None and workers < 1:
        raise SdaeError(f"--workers {workers}: at least one")
    if fine_tuned and random_weights:
        raise SdaeError("--fine_tuned, --random_weights: one at a time")
    weights: Weights = "best" if fine_tuned else "random" if random_weights else "pretrained"
    if run is not None and data is None:
        if any(told is not None for told in (output, root, source)):
            raise SdaeError("--output, --root, --source: go with --data; a run has its own")
        opened = load_folds(run, path)
        asked, folder, config = [_of_run(one, weights) for one in opened], RunFolder(run), opened[0].config
        layers = _layers(layers, asked[0], noise)
        if noise is not None:
            noise.corrupt(asked[0].problem.value_range)
    elif data is not None and run is None:
        if weights != "pretrained":
            raise SdaeError("--fine_tuned, --random_weights: of a run; name its folder with --run")
        check_layers(layers or [0], 0)
        layers = [0]
        asked, folder, config = _of_problem(data, root, source, output, seed, noise)
    else:
        raise SdaeError("svm: a run is needed; name its folder with --run; or a problem alone with --data")

    print(headline(asked[0], folder), flush=True)
    interrupted = False
    try:
        with (
            folder.locked(),
            tracked(
                tracking_of(tracking, config, folder),
                *(folder.path, None, folder.svm_wandb_id),
                {**config, "svm": {**asdict(question), "layers": layers, "noise": asdict(noise) if noise else None}},
                tags=[asked[0].problem.name, asked[0].method or "SVM"],
            ) as tracker,
        ):
            content = answer_all(folder, asked, layers, question, noise, workers)
            picture = max(layers) > 0
            if picture:
                draw(content, asked[0].weights, _fine_tuned(folder), folder.svm_picture)
            tell(tracker, content, folder.svm_picture if picture else None)
    except KeyboardInterrupt:
        interrupted = True
    if interrupted:  # said here, where it is no longer an interrupt's context
        where = f", with --output {folder.path}" if data is not None and output is None else ""
        sys.exit(f"interrupted; the same command goes on{where}")
    print(f"\n{shown(content, asked[0].weights, layers, question.kernels, noise)}\n\n{folder.svm}")
    if picture:
        print(folder.svm_picture)


def _grid(C: list[float] | None, gamma: list[float] | None, fine: bool) -> Grid:
    told = {"C": C, "gamma": gamma}
    return Grid(fine=fine, **{name: tuple(values) for name, values in told.items() if values is not None})


def _noise(copies: int, level: float | None, corruption: CorruptionName) -> NoisyCopies | None:
    if copies == 0:
        if level is not None:
            raise SdaeError("--noise_level: of noisy copies; say how many with --noisy_copies")
        return None
    return NoisyCopies(copies, 0.25 if level is None else level, corruption)


def _layers(layers: list[int] | None, asked: Asked, noise: NoisyCopies | None) -> list[int]:
    assert asked.classifier is not None
    highest = asked.classifier.n_layers
    if noise is not None:
        if layers not in (None, [0]):
            raise SdaeError("--noisy_copies: of the raw input alone (section 6.4); leave --layers out, or say 0")
        return [0]
    check_layers(layers or [], highest)
    return sorted(set(layers)) if layers else list(range(highest + 1))


def _of_run(trained: Trained, weights: Weights) -> Asked:
    config, folder, problem = trained.config, trained.folder, trained.problem
    if problem.provenance != "local":  # examples of the user's may have classes that the run did without
        _require_classes(problem.name, problem.n_classes)
    if weights == "best" and not folder.fine_tuned.exists():
        raise SdaeError(f"{folder.path}: is not fine-tuned, or not to the end; fit --run with this folder goes on")
    classifier = trained.classifier(weights)
    try:
        seed = int(config["seed_everything"])
    except (KeyError, TypeError) as error:
        raise SdaeError(f"{folder.config}: is no configuration of a run ({error})") from None
    if trained.pretraining.layer == "none" and weights == "pretrained":
        weights = "random"  # an MLP's weights before fine-tuning
    return Asked(folder, problem, seed, trained.method, weights, classifier)


def _of_problem(
    data: str, root: Path | None, source: Source | None, output: Path | None, seed: int, noise: NoisyCopies | None
) -> tuple[list[Asked], RunFolder, Mapping[str, Any]]:
    problem = load_problem(data, root, source)
    _require_classes(problem.name, problem.n_classes)
    problem.prepare_data()  # what can be refused is, before there is a folder
    if noise is not None:
        noise.corrupt(problem.value_range)
    folder = RunFolder.new(f"{problem.name}-svm") if output is None else RunFolder(output)
    folder.create_for_svm()
    config = {"data": {"problem": problem.name, "provenance": problem.provenance}}
    if problem.folds is None or problem.fold is not None:
        return [Asked(folder, problem, seed)], folder, config
    asked = [Asked(folder.fold(k), problem.only(k), seed) for k in range(problem.folds)]
    for one in asked:
        one.folder.path.mkdir(exist_ok=True)
    return asked, folder, config


def _require_classes(name: str, n_classes: int) -> None:
    if n_classes == 0:
        raise SdaeError(f"{name}: has no classes to tell apart")


def _fine_tuned(folder: RunFolder) -> float | None:
    """Return the test error of the run's fine-tuned network, None where there is none."""
    return folder.read_json(folder.result).get("test_error") if folder.finished else None


def tracking_of(told: Tracking, config: Mapping[str, Any], folder: RunFolder) -> Tracking:
    """Return what the command line says of tracking, and where it says nothing what the run does."""
    own = config.get("tracking") or {}
    kept = {name: own[name] for name in ("wandb", "project", "tags") if name in own}
    kept |= {"group": own.get("group") or folder.path.name, "name": f"{folder.path.name}-svm"}
    said = {each.name: getattr(told, each.name) for each in fields(Tracking)}
    return replace(USUAL, **kept | {name: value for name, value in said.items() if value != getattr(USUAL, name)})
