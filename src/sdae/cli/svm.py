"""``svm``: support vector machines on the input and on each layer's representation (section 6.6)."""

import sys
from dataclasses import asdict
from pathlib import Path

from sdae.cli.choices import CorruptionName, Kernel, Source, Weights
from sdae.cli.interruption import exit_status, interrupted_by
from sdae.errors import SdaeError
from sdae.tracking.options import Tracking

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
    corruption: CorruptionName | None = None,
    seed: int | None = None,
    path: Path | None = None,
    workers: int | None = None,
    tracking: Tracking = USUAL,
) -> None:
    """Train SVMs on the input and on each layer's representation (Table 5, Figure 13).

    C and γ are chosen on the validation set: on a grid of decades, then in half decades around the best; between equals
    the smaller C is taken, then the smaller γ. Only the chosen SVM is tested. All measurements are saved in
    the run's folder, and the same command resumes an interrupted search.

    Args:
        run: Run folder, or that of a cross-validation, whose folds are all evaluated; or that of a sweep's studies of
            all folds, PROBLEM/METHOD, for the run that each study chose.
        data: A problem instead of a run, by its short name or a YAML file: SVMs on the raw input, as in Table 3.
        output: With --data, the folder of the results; default: a new one under runs/.
        root: With --data, the data folder; default: $SDAE_DATA, or ~/.cache/sdae.
        source: With --data: auto, original or generated.
        layers: Hidden layers, e.g. 0 1 3, where 0 is the input; default: all.
        kernels: linear, rbf; default: both.
        fine_tuned: Whether to use the fine-tuned weights; the paper uses those before fine-tuning.
        random_weights: Whether to use the run's random initial weights: the control of footnote 16.
        refit: Whether the chosen SVM is trained again on training and validation data together, without which the
            errors on raw inputs are higher than the paper's. The error without it is saved as well.
        C: Coarse grid of C; default: decades from 0.01 to 1000.
        gamma: Coarse grid of γ, as multiples of 1 / (d · variance); default: 0.01, 0.1, 1 and 10.
        fine: Whether to search half decades around the best, and up to three decades beyond the edges of the grid.
        noisy_copies: Corrupted copies of each training example to train on as well (footnote 13: 9); input only.
        noise_level: Of the copies: ν, or for Gaussian noise σ; default: 0.25.
        corruption: Of the copies: masking, salt-and-pepper, gaussian or swap; default: masking.
        seed: With --data, seed of the copies' noise; default: 1. A run has its own.
        path: With --run, new location of the run's data, a file or folder; default: the original location.
        workers: Number of SVMs trained in parallel, in one thread each; default: one per core.
        tracking: Where the results are tracked; default: as for the run.
    """
    # Not at the top, so that --help need not wait for torch.
    from sdae.cli.svm_input import (
        grid_of,
        input_of_problem,
        layers_of,
        noisy_copies_of,
        stack_of_run,
        test_error_of,
        tracking_of,
    )
    from sdae.config.runs import load_folds
    from sdae.evaluation.svm.layers import Question, check_layers
    from sdae.evaluation.svm.plot import draw
    from sdae.evaluation.svm.report import alike, answers_table, headline, log_answers
    from sdae.evaluation.svm.run import answer_all
    from sdae.runs.folder import RunFolder
    from sdae.tracking.tracking import tracked

    grid = grid_of(C, gamma, fine)
    noise = noisy_copies_of(noisy_copies, noise_level, corruption)
    if workers is not None and workers < 1:
        raise SdaeError(f"--workers {workers}: at least one")
    if fine_tuned and random_weights:
        raise SdaeError("--fine_tuned, --random_weights: one at a time")
    weights: Weights = "best" if fine_tuned else "random" if random_weights else "pretrained"
    if run is not None and data is None:
        if any(value is not None for value in (output, root, source, seed)):
            raise SdaeError("--output, --root, --source, --seed: go with --data; a run has its own")
        opened = load_folds(run, path)
        targets, folder, config = (
            [stack_of_run(trained, weights) for trained in opened],
            RunFolder(run),
            opened[0].config,
        )
        layers = layers_of(layers, targets[0], noise)
        if noise is not None:
            noise.corrupt(targets[0].problem.value_range)
    elif data is not None and run is None:
        if weights != "pretrained":
            raise SdaeError("--fine_tuned, --random_weights: of a run; name its folder with --run")
        if path is not None:
            raise SdaeError("--path: of a run's data; name a problem's file with --data")
        if seed is not None and noise is None:
            raise SdaeError("--seed: of noisy copies; give their number with --noisy_copies")
        check_layers(layers or [0], 0)
        layers = [0]
        _ = tracking.mode  # refused, where it must be, before there is a folder
        targets, folder, config = input_of_problem(data, root, source, output, 1 if seed is None else seed, noise)
    elif run is not None:
        raise SdaeError("--run, --data: one at a time")
    else:
        raise SdaeError("svm: a run is needed; name its folder with --run; or a problem alone with --data")

    question = Question(layers, tuple(kernels or ("linear", "rbf")), grid, refit, noise)
    print(headline(targets[0], folder), flush=True)
    signal: int | None = None
    try:
        with (
            folder.locked(),
            tracked(
                tracking_of(tracking, config, folder),
                *(folder.path, None, folder.svm_wandb_id),
                {**config, "svm": asdict(question)},
                tags=[targets[0].problem.name, targets[0].method or "SVM"],
            ) as tracker,
        ):
            content = alike(answer_all(folder, targets, question, workers), question)
            picture = max(layers) > 0
            if picture:
                error = test_error_of(folder, [target.folder for target in targets])
                draw(content, targets[0].weights, error, folder.svm_picture)
            log_answers(tracker, content, folder.svm_picture if picture else None)
    except KeyboardInterrupt as stop:
        signal = interrupted_by(stop)
    if signal is not None:  # printed here, outside the interrupt's context
        where = f", with --output {folder.path}" if data is not None and output is None else ""
        print(f"interrupted; the same command resumes it{where}", file=sys.stderr)
        sys.exit(exit_status(signal))
    print(f"\n{answers_table(content, targets[0].weights, question)}\n\n{folder.svm}")
    if picture:
        print(folder.svm_picture)
