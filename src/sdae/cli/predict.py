"""``predict``: writes a run's predictions or representations of examples."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import numpy as np
import torch

from sdae.cli.evaluate import load_named
from sdae.config.runs import kept_config
from sdae.data.problem import Problem
from sdae.data.run_problem import RunProblem, files_in
from sdae.errors import SdaeError
from sdae.evaluation import prediction
from sdae.evaluation.inputs import inputs_of, read_inputs
from sdae.evaluation.trained import require_output
from sdae.formatting import percent
from sdae.functional.error_rate import interval
from sdae.models.classifier import Classifier
from sdae.runs.folder import RunFolder
from sdae.training.cross_validation import refuse_folds
from sdae.training.trainer import OneDeviceTrainer

Split = Literal["train", "valid", "test"]


def predict(
    folder: RunFolder,
    model: Classifier,
    datamodule: Problem,
    trainer: OneDeviceTrainer,
    output: Path,
    run: Path | None = None,
    input: Path | None = None,
    split: Split | None = None,
    layer: int | None = None,
    weights: str | None = None,
    path: Path | None = None,
) -> None:
    """Write class probabilities, or a layer's representation, as .npy, .csv or .parquet.

    New examples are preprocessed as the run's own; the run's own data are not needed.

    Args:
        folder: The run folder.
        model: The network.
        datamodule: The problem.
        trainer: The device.
        output: The file to write. A .npy: (n, m) probabilities, or (n, d') units of a layer, float32. A .csv: a row
            for each example, with its name, its class where known, and what a .npy has under names. A .parquet:
            the same columns.
        run: Run folder.
        input: New examples: (n, d) or (n, height, width) as .npy, or as the array x of an .npz; a table, .csv or
            .parquet, for a run on one; a picture, a folder of pictures; audio for tzanetakis. Default: the problem's
            own. The error is printed where the new examples have classes: an array t, the table's target, pictures in
            folders of the classes' names.
        split: Which of the problem's own examples: train, valid or test; default: test.
        layer: Hidden layer whose representation is written, counted from 1; default: class probabilities.
        weights: best, pretrained (before fine-tuning), or the path of a checkpoint; default: best; for a layer of a
            run that was only pretrained, pretrained.
        path: New location of the run's data, a file or folder; default: the original location.
    """
    if input is not None and split is not None:
        raise SdaeError("--input, --split: one at a time; --split is of the problem's own examples")
    refuse_folds(datamodule, folder)
    data = kept_config(folder)["data"].get("init_args") or {}
    prediction.check_output(output, [input, path, *files_in(data)])
    if layer is None:
        datamodule.require_classes("class probabilities")
        require_output(folder, weights or "best")
    load_named(folder, model, datamodule, weights or ("pretrained" if folder.only_pretrained else "best"))
    if input is None:
        datamodule.load()
        inputs = inputs_of(datamodule, split or "test")
    else:
        if not isinstance(datamodule, RunProblem):  # a run without preprocessing.json
            datamodule.load()
        inputs = read_inputs(input, datamodule.preprocessing)
    values = prediction.predict(model.to(trainer.device), torch.from_numpy(inputs.x), layer)
    classes = datamodule.preprocessing.classes if layer is None else None
    written = prediction.write_prediction(output, values, inputs, classes)
    columns = f"{values.shape[1]} {'units' if classes is None else 'classes'}"
    print(f"{', '.join(map(str, written))}: {len(values)} examples, {columns}")
    if input is not None and classes is not None and inputs.labels is not None:
        _show_error(values, inputs.labels, classes)


def _show_error(values: np.ndarray, labels: Sequence[str], classes: Sequence[str]) -> None:
    if measured := prediction.labelled_error(values, labels, classes):
        error, n = measured
        print(f"error {percent(error, interval(error, n))} on {n} examples with a known class")
