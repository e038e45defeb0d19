"""One run, from data to test error: used by ``fit`` and by the trials of a study."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import torch
from lightning import Callback
from torch import Tensor

from sdae.data.minibatches import in_order, shuffled
from sdae.data.problem import Problem
from sdae.files import NUMBER, Maybe, read_json, write_json
from sdae.formatting import percent
from sdae.functional.error_rate import error_of_one_class, interval
from sdae.models.classifier import Classifier
from sdae.models.layer import Layer
from sdae.paper.published import published_model
from sdae.pictures.filter_grid import filter_grid
from sdae.runs.folder import RunFolder
from sdae.runs.layer_cache import LayerCache
from sdae.runs.preprocessing import load_for_run
from sdae.runs.result import published_cell
from sdae.runs.versions import versions_of_run
from sdae.settings.fine_tuning import FineTuning
from sdae.settings.pretraining import Pretraining
from sdae.tracking.keys import FILTERS, METHOD, PROBLEM, SECONDS, SUMMARY, divided
from sdae.tracking.metrics_file import read_metrics
from sdae.tracking.options import Tracking
from sdae.tracking.tracking import tracked
from sdae.training.stacking import layers, pretrain
from sdae.training.stages import Stages
from sdae.training.trainer import OneDeviceTrainer

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Experiment:
    """The parts of one run.

    Attributes:
        problem: The data.
        classifier: The network at its random start.
        pretraining: Settings of pretraining.
        fine_tuning: Settings of fine-tuning.
        trainer: The device.
        tracking: Where the run is tracked.
        config: The resolved configuration, for the record.
    """

    problem: Problem
    classifier: Classifier
    pretraining: Pretraining
    fine_tuning: FineTuning
    trainer: OneDeviceTrainer
    tracking: Tracking
    config: Mapping[str, Any]

    @property
    def method(self) -> str:
        """The paper's name of the method, such as SDAE-3."""
        return method_name(self.pretraining, self.fine_tuning, self.classifier.n_layers)

    @property
    def row(self) -> str:
        """The name of its row in the paper's tables, such as SDAE-3 gaussian."""
        pretraining = self.pretraining
        return published_model(self.method, self.problem.name, pretraining.corruption, pretraining.emphasised)

    def check(self) -> None:
        """Prepare the data, and refuse settings that do not fit them, before there is a run folder.

        Raises:
            SdaeError: If the data are not available, or a setting does not fit them.
        """
        _ = self.tracking.mode
        self.problem.prepare_data()
        self.check_settings()

    def check_settings(self) -> None:
        """Refuse settings that do not fit the problem's range of values, which is known without its data.

        Raises:
            SdaeError: If there are such settings.
        """
        self.pretraining.check(self.classifier.n_layers, self.problem.value_range)
        self.fine_tuning.corrupt(self.problem.value_range)


def run(
    experiment: Experiment,
    folder: RunFolder,
    callbacks: Sequence[Callback] = (),
    test: bool = True,
    cache: LayerCache | None = None,
    called: str | None = None,
) -> dict[str, Any]:
    """Pretrain, fine-tune with early stopping on the validation error, and test the best weights once.

    Pretraining sees every training example, fine-tuning those with a label. Where the problem has no classes, or no
    epochs of fine-tuning are configured, it ends with the pretrained stack. An interrupted run in the same folder is
    resumed, and ends with the same numbers.

    Args:
        experiment: The experiment.
        folder: The run folder, locked by the caller.
        callbacks: Additional callbacks of every stage.
        test: Whether to test. Otherwise, as for a trial of a study, the run is left unfinished, without
            ``result.json``; called again with ``test``, it finishes with the same numbers.
        cache: The cache of layers that runs share; None for no sharing. The numbers are the same, and the seconds are
            those that each layer took when it was trained.
        called: What a warning calls the run; default: its folder.

    Returns:
        What ``result.json`` holds; errors are fractions, None where there was no fine-tuning, or no test.

    Raises:
        SdaeError: If the data are not available, or the configuration does not fit them.
        Diverged: If training diverges: a loss is NaN or infinite or rises for epochs, or units become constant.
    """
    problem, classifier, trainer = experiment.problem, experiment.classifier, experiment.trainer
    pretraining, fine_tuning = experiment.pretraining, experiment.fine_tuning
    versions = versions_of_run(folder.commits)  # now: the checkout may change during training
    load_for_run(problem, folder)
    problem.to(trainer.device)
    classifier.to(trainer.device)
    stack = layers(pretraining, classifier, problem.value_range)
    config = {**experiment.config, PROBLEM: problem.name, METHOD: experiment.row}
    tags = [problem.name, experiment.method]
    with (
        trainer.process_settings(),
        tracked(experiment.tracking, folder.path, folder.metrics, folder.wandb_id, config, tags) as tracker,
    ):
        stages = Stages(folder, trainer, tracker, callbacks, cache)

        def train(layer: Layer, x: Tensor, valid_x: Tensor) -> None:
            stages.pretrain_layer(layer, x, valid_x, pretraining.epochs, classifier.n_layers)

        pretrain(stack, problem.train.x, problem.valid.x, train, raw=pretraining.noisy_inputs)
        stages.keep_pretrained(classifier)
        if problem.image_shape is not None:
            first = classifier.hidden[0].weight
            tracker.image(FILTERS, filter_grid(first, problem.image_shape), "before fine-tuning")

        test_error = None
        if problem.n_classes > 0 and fine_tuning.max_epochs > 0:
            train_loader = shuffled(
                *problem.labelled,
                batch_size=fine_tuning.batch_size,
                seed=classifier.seed,
                purpose=("fine-tuning",),
                corrupt=fine_tuning.corrupt(problem.value_range, problem.train.x),
            )
            stages.fine_tune(classifier, train_loader, in_order(*problem.valid), fine_tuning)
            if test:
                test_error = stages.test(classifier, in_order(*problem.test))

        result = summarise_run(experiment, folder, test_error, versions)
        lowest = result["valid_error"]
        if lowest and lowest >= error_of_one_class(problem.valid.t):
            to_the_end = result["epochs"]["fine_tuning"] == fine_tuning.max_epochs
            log.warning(
                "%s: no class was learned: the lowest validation error, %s, is not below that of naming the most "
                "frequent class for every example; try %sa learning rate of fine-tuning below %g",
                called or folder.path,
                percent(lowest),
                "more epochs of fine-tuning, or " if to_the_end else "",
                fine_tuning.learning_rate,
            )
        tracker.summary({key: result[key] for key in SUMMARY})
        if test:
            write_json(folder.result, result)
    return result


def method_name(pretraining: Pretraining, fine_tuning: FineTuning, n_layers: int) -> str:
    """Return the paper's name for a method: ``SDAE-3``; with noisy inputs ``SAE-3(1)`` or ``SAE-3(2)`` (Figure 12).

    The paper fine-tunes no other method with noise; ``SDAE-3 with noisy fine-tuning`` is none of its rows.
    """
    name, noisy = f"{pretraining.family}-{n_layers}", fine_tuning.noise_level > 0
    if pretraining.layer == "autoencoder" and pretraining.noisy_inputs:
        return f"{name}({2 if noisy else 1})"
    return f"{name} with noisy fine-tuning" if noisy else name


def summarise_run(
    experiment: Experiment, folder: RunFolder, test_error: float | None, versions: Mapping[str, str | None]
) -> dict[str, Any]:
    """Gather what ``result.json`` holds. Errors are fractions, seconds those of all epochs and of the test."""
    problem, classifier, pretraining = experiment.problem, experiment.classifier, experiment.pretraining
    stopped = {"valid_error": None, "epochs": 0, "best_epoch": 0}
    if folder.fine_tuned.exists():
        stopped = read_json(folder.fine_tuned, shape={"valid_error": Maybe(NUMBER), "epochs": int, "best_epoch": int})
    pretrained, labels = pretraining.described, len(problem.labelled.t)
    examples = {split: len(examples.t) for split, examples in problem.splits.items()}
    return {
        "problem": problem.name,
        "method": experiment.method,
        "provenance": problem.provenance,
        "note": problem.note,
        "fold": problem.fold,
        "seed": classifier.seed,
        "valid_error": stopped["valid_error"],
        "test_error": test_error,
        "test_interval": None if test_error is None else interval(test_error, len(problem.test.t)),
        "published": published_cell(problem.provenance, problem.name, experiment.row, examples, labels),
        "epochs": {
            "pretraining": pretraining.epochs if pretrained else 0,
            "fine_tuning": stopped["epochs"],
            "best": stopped["best_epoch"],
        },
        "seconds": sum(value for key, _, value in read_metrics(folder.metrics) if divided(key)[1] == SECONDS),
        "hyperparameters": {
            "n_layers": classifier.n_layers,
            "n_units": classifier.hparams["n_units"],
            "pretraining": pretrained,
            "fine_tuning": asdict(experiment.fine_tuning),
        },
        "examples": examples,
        "labels": labels,
        "device": str(classifier.device),
        "threads": torch.get_num_threads(),
        "versions": versions,
    }
