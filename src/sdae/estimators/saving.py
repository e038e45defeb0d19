"""Saves a fitted estimator as a run folder, which every command accepts."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from sdae.data.preprocessing import Preprocessing
from sdae.errors import SdaeError
from sdae.files import write_json
from sdae.models.classifier import Classifier
from sdae.models.layer import Layer
from sdae.runs.folder import RunFolder
from sdae.runs.weights import save_weights
from sdae.tracking.keys import EPOCH, divided
from sdae.tracking.metrics_file import MetricsFile


@dataclass(frozen=True)
class Fitted:
    """The outcome of training.

    Attributes:
        network: The network on the CPU, with the weights of the lowest validation error if it was fine-tuned.
        layers: The pretrained layers from the input up, with their decoders; empty for an MLP.
        history: The values of each metric, one per epoch, by key: ``pretrain/layer1/loss``, ``fit/valid_error``.
        preprocessing: The inputs' scaling, and the names of the classes.
        config: The content of a run's ``config.yaml``.
        result: The content of its ``result.json``; None if training was interrupted.
    """

    network: Classifier
    layers: list[Layer]
    history: dict[str, list[float]]
    preprocessing: Preprocessing
    config: Mapping[str, Any]
    result: Mapping[str, Any] | None


def save(fitted: Fitted, folder: RunFolder) -> Path:
    """Write a run folder.

    Raises:
        SdaeError: If the folder is not empty, or cannot be written.
    """
    folder.create()
    if folder.started:
        raise SdaeError(f"{folder.path}: holds a run; name another folder")
    write_json(folder.preprocessing, fitted.preprocessing.described())
    pretrained = Classifier(**fitted.network.hparams)
    for layer, encoder in zip(fitted.layers, pretrained.hidden, strict=False):
        encoder.load_state_dict(layer.encoder.state_dict())
        save_weights(layer, folder.layer(layer.layer))
    save_weights(pretrained, folder.pretrained)
    if fitted.preprocessing.n_classes:
        save_weights(fitted.network, folder.best)
    for key, values in fitted.history.items():
        stage, name = divided(key)
        metrics = MetricsFile(folder.metrics, stage)
        for epoch, value in enumerate(values):
            metrics.log_metrics({name: value, EPOCH: epoch})
    if fitted.result is not None:
        write_json(folder.result, dict(fitted.result))
    folder.write_config(yaml.safe_dump(dict(fitted.config), sort_keys=False, allow_unicode=True))
    return folder.path
