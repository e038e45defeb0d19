"""What both estimators share: inputs in, a stack trained as ``fit`` trains it, representations out."""

import copy
from typing import Any, Literal

import numpy as np
import torch
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.preprocessing import MinMaxScaler, StandardScaler
from sklearn.utils import check_random_state
from sklearn.utils._set_output import _wrap_data_with_container
from sklearn.utils.validation import check_is_fitted, validate_data
from torch import Tensor

from sdae.data.problem import Examples
from sdae.errors import SdaeError
from sdae.estimators.parameters import flat_names, layer_sizes
from sdae.evaluation.prediction import predict
from sdae.training.trainer import OneDeviceTrainer

Device = Literal["auto", "cpu", "gpu", "cuda"]
ScaleName = Literal["auto", "none", "standardise", "minmax"]
ACCELERATORS: dict[str, Literal["auto", "cpu", "gpu"]] = {"auto": "auto", "cpu": "cpu", "gpu": "gpu", "cuda": "gpu"}
SCALERS = {"standardise": StandardScaler, "minmax": MinMaxScaler}


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
        x = self._scaled(validate_data(self, X, dtype=[np.float64, np.float32], reset=False))
        with flat_names():
            device = self._trainer().device
        network = self.network_ if device.type == "cpu" else copy.deepcopy(self.network_).to(device)
        return predict(network, x, layer)

    def _trainer(self) -> OneDeviceTrainer:
        if self.device not in ACCELERATORS:
            raise SdaeError(f"device: auto, cpu or gpu, not {self.device!r}")
        return OneDeviceTrainer(ACCELERATORS[self.device], progress=bool(self.verbose))

    def _seed(self) -> int:
        """Return the seed of every draw: ``random_state`` itself where it is a number."""
        if isinstance(self.random_state, int | np.integer):
            return int(self.random_state)
        return int(check_random_state(self.random_state).randint(2**31 - 1))

    # -- scaling ------------------------------------------------------------------------------------------------------

    def _choose_scale(self, X: np.ndarray) -> None:  # noqa: N803
        """Fit the scaler on training examples (n, d)."""
        name = self.scale
        if name == "auto":
            name = "none" if X.min() >= 0 and X.max() <= 1 else "standardise"
        if name != "none" and name not in SCALERS:
            raise SdaeError(f"scale: auto, none, standardise or minmax, not {self.scale!r}")
        self.scaler_ = None if name == "none" else SCALERS[name]().fit(X)

    def _scaled(self, X: np.ndarray) -> Tensor:  # noqa: N803
        """Scale examples in the precision they come in, and only then round them to float32."""
        if self.scaler_ is not None:
            X = self.scaler_.transform(X)  # noqa: N806
        return torch.from_numpy(np.require(X, np.float32, ["C", "W"]))

    # -- training -----------------------------------------------------------------------------------------------------

    def _examples(self, X: np.ndarray, t: np.ndarray) -> Examples:  # noqa: N803
        return Examples(self._scaled(X), torch.from_numpy(t.astype(np.int64)))

    def _sizes(self) -> list[int]:
        return layer_sizes(self.hidden_layer_sizes)
