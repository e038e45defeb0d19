"""One run, from data to test error: what ``fit`` and a trial of a study both are."""

import dataclasses
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from sdae.data.problem import Problem
from sdae.error_rate import interval
from sdae.filter_grid import filter_grid
from sdae.fine_tuning import FineTuning
from sdae.minibatches import in_order, shuffled
from sdae.models.autoencoder import Autoencoder
from sdae.models.classifier import Classifier
from sdae.pretraining import Pretraining, pretrain
from sdae.run.folder import RunFolder
from sdae.run.result import beside, versions
from sdae.run.stages import Stages
from sdae.run.trainer import OneDeviceTrainer
from sdae.tracking import Tracking, read_metrics, tracked

SUMMARY = ("valid_error", "test_error", "test_interval", "provenance", "note")  # on the W&B run's page


def run(
    problem: Problem,
    classifier: Classifier,
    pretraining: Pretraining,
    fine_tuning: FineTuning,
    trainer: OneDeviceTrainer,
    tracking: Tracking,
    folder: RunFolder,
    config: Mapping[str, Any],
) -> dict[str, Any]:
    """Pretrain, fine-tune with early stopping on the validation error, and test the best weights once.

    An interrupted run in the same folder is gone on with, and ends with the same numbers.

    Args:
        problem: The data.
        classifier: The network at its random start.
        pretraining: How its layers are initialised.
        fine_tuning: How it is trained on the classes.
        trainer: The device.
        tracking: Where the run is tracked.
        folder: The run folder, locked by the caller.
        config: The resolved configuration, for the record.

    Returns:
        What ``result.json`` holds; errors are fractions.

    Raises:
        SdaeError: If the data cannot be had or the configuration does not fit them.
        Diverged: If a loss stops being a number.
    """
    problem.prepare_data()
    problem.setup()
    problem.to(trainer.device)
    classifier.to(trainer.device)
    layers = pretraining.layers(classifier, problem.value_range)
    method = f"{pretraining.family}-{classifier.n_layers}"
    with tracked(
        tracking, folder.path, folder.metrics, folder.wandb_id, config, tags=[problem.name, method]
    ) as tracker:
        stages = Stages(folder, trainer, tracker)

        def train(layer: Autoencoder, x: Tensor) -> None:
            stages.pretrain_layer(layer, x, pretraining.epochs, classifier.n_layers)

        pretrain(layers, problem.train.x, train)
        if problem.image_shape is not None:
            first = classifier.hidden[0].weight
            tracker.image("pretrain/layer1/filters", filter_grid(first, problem.image_shape), "before fine-tuning")

        train_loader = shuffled(
            *problem.train, batch_size=fine_tuning.batch_size, seed=classifier.seed, purpose=("fine-tuning",)
        )
        stages.fine_tune(classifier, train_loader, in_order(*problem.valid), fine_tuning)
        test_error = stages.test(classifier, in_order(*problem.test))

        result = summarise(problem, classifier, pretraining, fine_tuning, folder, test_error)
        tracker.summary({key: result[key] for key in SUMMARY})
        folder.write_json(folder.result, result)
    return result


def summarise(
    problem: Problem,
    classifier: Classifier,
    pretraining: Pretraining,
    fine_tuning: FineTuning,
    folder: RunFolder,
    test_error: float,
) -> dict[str, Any]:
    """Gather what ``result.json`` holds. Errors are fractions, seconds those of all epochs and of the test."""
    stopped = folder.read_json(folder.fine_tuned)
    pretrained = pretraining.layer != "none"
    method = f"{pretraining.family}-{classifier.n_layers}"
    return {
        "problem": problem.name,
        "method": method,
        "provenance": problem.provenance,
        "note": problem.note,
        "fold": problem.fold,
        "seed": classifier.seed,
        "valid_error": stopped["valid_error"],
        "test_error": test_error,
        "test_interval": interval(test_error, len(problem.test.t)),
        "published": beside(method, problem.name, pretraining.corruption, tuple(pretraining.emphasis) != (1.0, 1.0)),
        "epochs": {
            "pretraining": pretraining.epochs if pretrained else 0,
            "fine_tuning": stopped["epochs"],
            "best": stopped["best_epoch"],
        },
        "seconds": sum(value for key, _, value in read_metrics(folder.metrics) if key.endswith("/seconds")),
        "hyperparameters": {
            "n_layers": classifier.n_layers,
            "n_units": classifier.hparams["n_units"],
            "pretraining": dataclasses.asdict(pretraining) if pretrained else None,
            "fine_tuning": dataclasses.asdict(fine_tuning),
        },
        "examples": {split: len(examples.t) for split, examples in problem.splits.items()},
        "device": str(classifier.device),
        "threads": torch.get_num_threads(),
        "versions": versions(),
    }
