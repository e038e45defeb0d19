"""A fitted estimator as a run folder: what every command asks its questions of."""

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
    """What training ends with.

    Attributes:
        network: The stack, with the weights of the lowest validation error where it was fine-tuned, on the CPU.
        layers: The layers from the input up as pretraining left them, with their decoders; none of an MLP.
        history: The values of each metric, one an epoch, by stage: ``pretrain/layer1/loss``, ``fit/valid_error``.
        preprocessing: What is done to the inputs, and the names of the classes.
        config: What a run's ``config.yaml`` says.
        result: What its ``result.json`` says; None where training was interrupted.
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
        SdaeError: If it holds something, or cannot be written.
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
