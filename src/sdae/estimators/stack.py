"""What both estimators share: inputs in, a stack trained as ``fit`` trains it, representations out."""

import copy
import math
from collections.abc import Callable
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
from sdae.data.preprocessing import refusal
from sdae.data.scaling import Scaling, Unusable, settled
from sdae.errors import SdaeError
from sdae.estimators.parameters import flat_names, layer_sizes
from sdae.estimators.saving import Fitted, save
from sdae.evaluation.prediction import predict
from sdae.runs.folder import RunFolder
from sdae.training.trainer import OneDeviceTrainer, chosen

Device = Literal["auto", "cpu", "gpu", "cuda"]
ScaleName = Literal["auto", "none", "standardise", "minmax"]
ACCELERATORS: dict[str, Literal["auto", "cpu", "gpu"]] = {"auto": "auto", "cpu": "cpu", "gpu": "gpu", "cuda": "gpu"}
SCALINGS: dict[str, Callable[[np.ndarray], Scaling]] = {
    "none": lambda X: Scaling(),
    "standardise": Scaling.by_deviation,
    "minmax": Scaling.by_extremes,
}


class Representations:
    """``transform``, outside the class that scikit-learn wraps it in: its columns depend on the layer asked for."""

    def transform(self, X: Any, layer: int | None = None) -> Any:  # noqa: N803
        """Return the representation at a hidden layer.

        Args:
            X: Examples, (n, d).
            layer: Hidden layer counted from 1, 0 for the scaled input; the parameter ``layer`` where None.

        Returns:
            (n, d'), float32, or the container chosen by ``set_output``.

        Raises:
            NotFittedError: If ``fit`` was not called.
            ValueError: If ``X`` has other columns than in ``fit``, or there is no such layer.
        """
        check_is_fitted(self)
        asked = copy.copy(self)
        asked.layer = self.layer if layer is None else layer  # type: ignore[attr-defined]
        y = asked._encode(X)  # type: ignore[attr-defined]
        return _wrap_data_with_container("transform", y, X, asked)


class Stack(Representations, ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    """The base of both estimators; see them for their parameters."""

    def __sklearn_tags__(self) -> Any:
        """Say that numbers come out in the precision that everything is computed in."""
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = ["float32"]
        return tags

    def fit_transform(self, X: Any, y: Any = None, **fit_params: Any) -> Any:  # noqa: N803
        """Fit, and return the representation of the same examples, as ``transform`` does."""
        return self.fit(X, y, **fit_params).transform(X)  # type: ignore[attr-defined]

    @property
    def _n_features_out(self) -> int:
        layer = self._layer()
        return self.n_features_in_ if layer == 0 else self.network_.hidden[layer - 1].out_features

    def _layer(self) -> int:
        n, layer = self.network_.n_layers, self.layer
        if layer is None:
            return n
        if not 0 <= layer <= n:
            raise SdaeError(f"layer: {layer} is not there; the stack has layers 1 to {n}, 0 is the input")
        return layer

    def _encode(self, X: Any) -> np.ndarray:  # noqa: N803
        return self._ask(X, self._layer())

    def _ask(self, X: Any, layer: int | None) -> np.ndarray:  # noqa: N803
        check_is_fitted(self)
        x = self._inputs(X)
        with flat_names():
            on_gpu = chosen(self._accelerator()) == "gpu"  # asked without a Trainer, which takes a tenth of a second
        network = copy.deepcopy(self.network_).to("cuda") if on_gpu else self.network_
        return predict(network, x, layer)

    def _inputs(self, X: Any) -> Tensor:  # noqa: N803
        X = validate_data(self, X, dtype=[np.float64, np.float32], reset=False)  # noqa: N806
        return scaled(X, self.preprocessing_.scaling)

    def _trainer(self) -> OneDeviceTrainer:
        return OneDeviceTrainer(self._accelerator(), progress=bool(self.verbose))

    def _accelerator(self) -> Literal["auto", "cpu", "gpu"]:
        if self.device not in ACCELERATORS:
            raise SdaeError(f"device: auto, cpu or gpu, not {self.device!r}")
        return ACCELERATORS[self.device]

    def _seed(self) -> int:
        """Return the seed of every draw: ``random_state`` itself where it is a number."""
        if isinstance(self.random_state, int | np.integer):
            return int(self.random_state)
        return int(check_random_state(self.random_state).randint(2**31 - 1))

    # -- scaling ------------------------------------------------------------------------------------------------------

    def _scaling_by(self, X: np.ndarray) -> Scaling:  # noqa: N803
        """Return what is done to the inputs, by training examples (n, d)."""
        name = self.scale
        if name == "auto":
            name = "none" if settled(float(X.min()), float(X.max())) == (0.0, 1.0) else "standardise"
        if name not in SCALINGS:
            raise SdaeError(f"scale: auto, none, standardise or minmax, not {self.scale!r}")
        return SCALINGS[name](X)

    def _examples(self, X: np.ndarray, t: np.ndarray, scaling: Scaling) -> Examples:  # noqa: N803
        return Examples(scaled(X, scaling), torch.from_numpy(t.astype(np.int64)))

    def _sizes(self) -> list[int]:
        return layer_sizes(self.hidden_layer_sizes)

    def _keep(self, fitted: Fitted) -> None:
        """Take over what training ended with."""
        self.network_, self.layers_, self.history_ = fitted.network, fitted.layers, fitted.history
        self.preprocessing_, self.config_, self.result_ = fitted.preprocessing, fitted.config, fitted.result

    def save(self, folder: Path | str, image_shape: tuple[int, int] | None = None) -> Path:
        """Write a run folder, which ``sdae.load`` and every command that asks something of a run take.

        Args:
            folder: A folder that does not exist or is empty.
            image_shape: Height and width, where an example is a picture, in rows: filters and samples are drawn so.

        Returns:
            The folder.

        Raises:
            NotFittedError: If ``fit`` was not called.
            SdaeError: If the folder holds something, or cannot be written, or an example has no such shape.
        """
        check_is_fitted(self)
        done, config = self.preprocessing_, self.config_
        if image_shape is not None:
            if math.prod(image_shape) != done.n_features:
                raise SdaeError(f"image_shape: {image_shape} has not the {done.n_features} components of an example")
            shape = [int(side) for side in image_shape]
            done = replace(done, image_shape=(shape[0], shape[1]))
            data = config["data"]
            config = {**config, "data": data | {"init_args": data["init_args"] | {"image_shape": shape}}}
        fitted = Fitted(self.network_, self.layers_, self.history_, done, config, self.result_)
        return save(fitted, RunFolder(Path(folder)))


def scaled(X: np.ndarray, scaling: Scaling) -> Tensor:  # noqa: N803
    """Return examples (n, d) as the network takes them, float32.

    Raises:
        SdaeError: If float32 cannot hold a number.
    """
    value_range = (0.0, 1.0) if scaling.clips else (-math.inf, math.inf)
    try:
        return torch.from_numpy(scaling(X, value_range))
    except Unusable as unusable:
        place = unusable.place
        raise SdaeError(f"X: row {place.row}, counted from 0, {refusal(place, scaling, value_range)}") from None
