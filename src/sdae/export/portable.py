"""A trained stack on its own: the network, what is done to its inputs, and the names of its classes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from sklearn.utils.validation import check_is_fitted

from sdae.errors import SdaeError
from sdae.estimators.stack import Stack
from sdae.evaluation.prediction import predict
from sdae.evaluation.trained import Trained, Weights
from sdae.models.classifier import Classifier


@dataclass(frozen=True)
class Scaling:
    """What is done to the inputs: x ↦ (x − offset) · factor, component by component.

    Attributes:
        offset: (d,), float64.
        factor: (d,), float64.
    """

    offset: np.ndarray
    factor: np.ndarray

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """Scale examples (n, d) in float64, and round to float32 last."""
        return ((np.asarray(x, dtype=np.float64) - self.offset) * self.factor).astype(np.float32)


@dataclass(frozen=True)
class Portable:
    """A trained stack on its own, which predicts and encodes.

    Attributes:
        network: The network, on the CPU.
        classes: Names of the classes, (m,); none where there are none.
        scaling: What is done to the inputs; None where nothing is.
        about: What else is worth keeping, as plain values: the problem, the method, the version.
    """

    network: Classifier
    classes: Sequence[str] = ()
    scaling: Scaling | None = None
    about: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what does not belong together.

        Raises:
            SdaeError: If there are not as many names as classes, or the scaling is of other inputs.
        """
        if len(self.classes) != self.network.output.out_features:
            raise SdaeError(f"classes: {len(self.classes)} names for {self.network.output.out_features} classes")
        if self.scaling is not None and self.scaling.offset.shape != (self.n_features,):
            raise SdaeError(f"scaling: of {len(self.scaling.offset)} inputs, the network has {self.n_features}")

    @property
    def n_features(self) -> int:
        """Number of input components d."""
        return self.network.hidden[0].in_features

    def predict_proba(self, x: np.ndarray) -> np.ndarray:
        """Return p(t|x) for examples (n, d): (n, m), float32.

        Raises:
            SdaeError: If the examples have another number of components, or there are no classes.
        """
        if not self.classes:
            raise SdaeError("the network has no classes, and so no class probabilities; ask for a layer")
        return predict(self.network, self._inputs(x))

    def predict(self, x: np.ndarray) -> np.ndarray:
        """Return the name of the most probable class of each example (n, d): (n,)."""
        return np.array(self.classes)[self.predict_proba(x).argmax(1)]

    def transform(self, x: np.ndarray, layer: int | None = None) -> np.ndarray:
        """Return the representation of examples (n, d) at a hidden layer, counted from 1: (n, d'); default: the top."""
        return predict(self.network, self._inputs(x), self.network.n_layers if layer is None else layer)

    def _inputs(self, x: np.ndarray) -> torch.Tensor:
        x = np.asarray(x)
        if x.ndim != 2 or x.shape[1] != self.n_features:
            raise SdaeError(f"examples of shape {x.shape}; the network needs (n, {self.n_features})")
        return torch.from_numpy(x.astype(np.float32) if self.scaling is None else self.scaling(x))


def of_estimator(estimator: Stack) -> Portable:
    """Return the network of a fitted estimator.

    Raises:
        NotFittedError: If it is not fitted.
    """
    check_is_fitted(estimator)
    scaler, scaling = estimator.scaler_, None
    if scaler is not None:
        # (x − mean) / scale of a StandardScaler; x · scale + min of a MinMaxScaler.
        standard = hasattr(scaler, "mean_")
        offset = scaler.mean_ if standard else -scaler.min_ / scaler.scale_
        scaling = Scaling(offset, 1 / scaler.scale_ if standard else scaler.scale_)
    classes = [str(name) for name in getattr(estimator, "classes_", ())]
    return Portable(estimator.network_, classes, scaling, {"estimator": type(estimator).__name__})


def of_run(run: Trained, weights: Weights = "best") -> Portable:
    """Return the network of a run, with what the run does to its inputs and the names of its classes.

    Args:
        run: The run.
        weights: As for :meth:`sdae.evaluation.trained.Trained.classifier`.

    Raises:
        SdaeError: If the run has no such weights, they are damaged, or its inputs are encoded from a table's columns or
            clipped, which a file of numbers cannot say.
    """
    preprocessing = run.problem.preprocessing
    kept = preprocessing.scaling
    if preprocessing.encoding is not None:
        raise SdaeError(f"{run.folder.path}: encodes the columns of a table, which an exported network cannot")
    if kept.clips:
        raise SdaeError(f"{run.folder.path}: clips its inputs (scale: minmax), which an exported network does not")
    scaling = None
    if not kept.identity:
        d = preprocessing.n_features
        scaling = Scaling(np.broadcast_to(kept.offset, d).copy(), np.broadcast_to(1 / kept.divisor, d).copy())
    about = {"problem": run.problem.name, "run": run.folder.path.name, "weights": weights}
    return Portable(run.classifier(weights), list(preprocessing.classes), scaling, about)
