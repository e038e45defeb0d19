"""The base of both estimators: scaling, training, representations and saving."""

import copy
import math
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils import check_random_state
from sklearn.utils._set_output import _wrap_data_with_container
from sklearn.utils.validation import check_is_fitted, validate_data
from torch import Tensor

from sdae.data.examples import Examples
from sdae.data.own.scale import SCALINGS, in_unit_interval
from sdae.data.preprocessing import scaled
from sdae.data.scaling import Scaling
from sdae.errors import SdaeError
from sdae.estimators.parameters import chosen_layer, flat_names, layer_sizes, pretraining_of
from sdae.estimators.problem import InMemory
from sdae.estimators.saving import Fitted, save
from sdae.estimators.training import train
from sdae.evaluation.prediction import predict
from sdae.models.classifier import Classifier
from sdae.runs.folder import RunFolder
from sdae.settings.fine_tuning import FineTuning
from sdae.training.trainer import OneDeviceTrainer, chosen

Device = Literal["auto", "cpu", "gpu", "cuda"]
ScaleName = Literal["auto", "none", "standardise", "minmax"]
ACCELERATORS: dict[str, Literal["auto", "cpu", "gpu"]] = {"auto": "auto", "cpu": "cpu", "gpu": "gpu", "cuda": "gpu"}
Labelled = tuple[np.ndarray, np.ndarray]  # examples (n, d) and their classes (n,), −1 for an unlabelled one


class Representations:
    """``transform``, in a class that scikit-learn does not wrap, as the names of its columns depend on the layer."""

    def transform(self, X: Any, layer: int | None = None) -> Any:  # noqa: N803
        """Return the representation at a hidden layer.

        Args:
            X: Examples, (n, d).
            layer: Hidden layer, counted from 1, or 0 for the scaled input; default: the parameter ``layer``.

        Returns:
            (n, d'), float32, or the container chosen by ``set_output``.

        Raises:
            NotFittedError: If ``fit`` was not called.
            ValueError: If ``X`` has columns other than in ``fit``, or there is no such layer.
        """
        check_is_fitted(self)
        estimator = copy.copy(self)
        estimator.layer = self.layer if layer is None else layer  # type: ignore[attr-defined]
        y = estimator._outputs(X, estimator._layer())  # type: ignore[attr-defined]
        return _wrap_data_with_container("transform", y, X, estimator)


class Stack(Representations, ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    """The base of both estimators; see them for their parameters."""

    def __sklearn_tags__(self) -> Any:
        """Declare that outputs are float32."""
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = ["float32"]
        return tags

    @property
    def _n_features_out(self) -> int:
        layer = self._layer()
        return self.n_features_in_ if layer == 0 else self.network_.hidden[layer - 1].out_features

    def _layer(self) -> int:
        return chosen_layer(self.layer, self.network_.n_layers)

    def _outputs(self, X: Any, layer: int | None) -> np.ndarray:  # noqa: N803
        """Return a layer's representation of examples (n, d), or the class probabilities if the layer is None."""
        check_is_fitted(self)
        x = self._inputs(X)
        with flat_names():
            on_gpu = chosen(self._accelerator()) == "gpu"  # without a Trainer, whose construction takes 0.1 s
        network = copy.deepcopy(self.network_).to("cuda") if on_gpu else self.network_
        return predict(network, x, layer)

    def _inputs(self, X: Any) -> Tensor:  # noqa: N803
        X = validate_data(self, X, dtype=[np.float64, np.float32], reset=False)  # noqa: N806
        return _scaled(X, self.preprocessing_.scaling)

    def _accelerator(self) -> Literal["auto", "cpu", "gpu"]:
        if self.device not in ACCELERATORS:
            raise SdaeError(f"device: auto, cpu or gpu, not {self.device!r}")
        return ACCELERATORS[self.device]

    def _seed(self) -> int:
        """Return the seed of all random draws: ``random_state`` itself if it is a number."""
        if isinstance(self.random_state, int | np.integer):
            return int(self.random_state)
        return int(check_random_state(self.random_state).randint(2**31 - 1))

    def _scaling(self, X: np.ndarray) -> Scaling:  # noqa: N803
        """Return the scaling of the inputs, given the training examples (n, d)."""
        name = self.scale
        if name == "auto":
            name = "none" if in_unit_interval(X) else "standardise"
        if name not in SCALINGS:
            raise SdaeError(f"scale: auto, none, standardise or minmax, not {self.scale!r}")
        return SCALINGS[name](X)

    def _train(
        self, training: Labelled, validation: Labelled, classes: tuple[str, ...], fine_tuning: FineTuning, seed: int
    ) -> None:
        """Train a new network, and set the fitted attributes that both estimators have.

        Args:
            training: Training examples.
            validation: Validation examples.
            classes: Names of the classes; empty for examples without.
            fine_tuning: Settings of fine-tuning.
            seed: Seed of the weights and of everything random in training.
        """
        trainer = OneDeviceTrainer(self._accelerator(), progress=bool(self.verbose))
        scaling, sizes = self._scaling(training[0]), layer_sizes(self.hidden_layer_sizes)
        chosen_layer(self.layer, len(sizes))  # before anything is trained
        train_examples, valid_examples = (
            Examples(_scaled(x, scaling), torch.from_numpy(t.astype(np.int64))) for x, t in (training, validation)
        )
        problem = InMemory(train_examples, valid_examples, classes, scaling)
        pretraining = pretraining_of(self.get_params(), problem.value_range)
        rate, batch_size = fine_tuning.learning_rate, fine_tuning.batch_size
        network = Classifier(problem.n_features, len(classes), len(sizes), sizes, rate, batch_size, seed)
        fitted = train(problem, network, pretraining, fine_tuning, trainer)
        self.network_, self.layers_, self.history_ = fitted.network, fitted.layers, fitted.history
        self.preprocessing_, self.config_, self.result_ = fitted.preprocessing, fitted.config, fitted.result

    def save(self, folder: Path | str, image_shape: tuple[int, int] | None = None) -> Path:
        """Write a run folder, which ``sdae.load`` and every command on a trained model accept.

        Args:
            folder: A folder that does not exist or is empty.
            image_shape: Height and width if examples are pictures, in which filters and samples are drawn.

        Returns:
            The folder.

        Raises:
            NotFittedError: If ``fit`` was not called.
            SdaeError: If the folder is not empty or cannot be written, or the shape does not have d components.
        """
        check_is_fitted(self)
        preprocessing, config = self.preprocessing_, self.config_
        if image_shape is not None:
            n = preprocessing.n_features
            if math.prod(image_shape) != n:
                raise SdaeError(f"image_shape: {image_shape} does not have the {n} components of an example")
            height, width = (int(side) for side in image_shape)
            preprocessing, data = replace(preprocessing, image_shape=(height, width)), config["data"]
            config = {**config, "data": data | {"init_args": data["init_args"] | {"image_shape": [height, width]}}}
        fitted = Fitted(self.network_, self.layers_, self.history_, preprocessing, config, self.result_)
        return save(fitted, RunFolder(Path(folder).expanduser()))


def _scaled(X: np.ndarray, scaling: Scaling) -> Tensor:  # noqa: N803
    return torch.from_numpy(scaled(X, scaling, (0.0, 1.0) if scaling.clips else (-math.inf, math.inf), "X"))
