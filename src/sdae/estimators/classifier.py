"""A deep network pretrained layer by layer and fine-tuned, as a scikit-learn classifier."""

import warnings
from collections.abc import Sequence
from numbers import Number
from typing import Any, Literal, Self

import numpy as np
from sklearn.base import ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_consistent_length, column_or_1d, validate_data

from sdae.data.examples import UNKNOWN
from sdae.data.folds import stratified
from sdae.errors import SdaeError
from sdae.estimators.parameters import PretrainingName, fine_tuning_of, flat_names
from sdae.estimators.stack import Device, ScaleName, Stack
from sdae.functional.corruption import CorruptionName
from sdae.seeds import numpy_generator
from sdae.settings.annotations import as_annotated
from sdae.tracking.keys import FIT, VALID_ERROR, in_stage


class StackedAutoencoderClassifier(ClassifierMixin, Stack):
    """A network of sigmoid layers, each pretrained without labels, then fine-tuned as a whole (section 3.5, Figure 4).

    An example whose ``y`` is −1 is unlabelled, by scikit-learn's convention for semi-supervised learning: it is used in
    pretraining and not in fine-tuning. If ``y`` has only one other number, as in {−1, 1}, both are classes. A warning
    with the numbers of examples says so, and says that −1 is no class where it could be meant as one: in y of −1, 0 and
    1, or with numbers below −1, unless most examples are −1.

    Fine-tuning stops early, by the error on ``X_valid`` or on a stratified part of the labelled examples, which is then
    not trained on, and keeps the weights of the lowest validation error.

    Args:
        hidden_layer_sizes: Units of each hidden layer from the input up.
        pretraining: ``denoising`` autoencoders (SDAE), ``autoencoder`` without noise (SAE), ``rbm`` (DBN), or None, for
            fine-tuning from random weights (MLP).
        corruption: Kind of noise: ``masking``, ``salt-and-pepper``, ``gaussian`` (section 3.3), or ``swap``: a
            component is replaced by its value in another example, for tables.
        noise_level: ν, the fraction of corrupted components, or σ of Gaussian noise; for all layers, or one each.
        emphasis: (α, β), the weights of corrupted and of other components in the reconstruction error (section 3.4).
        tied: Whether decoders use the transposed weights of their encoders (section 2.2).
        reconstruction: ``cross-entropy``, ``squared``, or ``auto``: cross-entropy for inputs in [0, 1], else squared.
        visible: RBM: ``binary``, ``gaussian``, or ``auto``: binary for inputs in [0, 1], else gaussian.
        cd_steps: RBM: k of CD-k.
        persistent: RBM: whether the Gibbs chains are kept from update to update.
        sampled_inputs: RBM: whether values in [0, 1] are drawn as 0 or 1 at each presentation.
        weight_decay: λ of an L2 penalty λ/2 · ‖W‖² per example, in pretraining.
        pretraining_epochs: Epochs for each layer.
        pretraining_learning_rate: Per-example learning rate of pretraining, for all layers or one each; ``auto`` is
            0.01, but at most 1 / (its units · batch_size) for a first layer that reconstructs real numbers, so that it
            does not diverge.
        learning_rate: Per-example learning rate of fine-tuning.
        batch_size: Examples per update, in pretraining and fine-tuning; 1 is online learning.
        max_epochs: Maximum number of epochs of fine-tuning.
        patience: Epochs without a lower validation error after which fine-tuning stops.
        validation_fraction: Fraction of the labelled examples for validation if ``fit`` has no ``X_valid``.
        scale: Scaling of the inputs: ``standardise`` (mean 0, standard deviation 1), ``minmax`` (to [0, 1]),
            ``none``, or ``auto``: ``none`` if all training values lie in [0, 1], else ``standardise``.
        layer: Hidden layer whose representation ``transform`` returns, counted from 1; default: the highest.
        random_state: A number, which is then the seed of the run, a ``RandomState``, or None.
        device: ``auto`` (the GPU if there is one), ``cpu`` or ``gpu``.
        verbose: Whether to draw a progress bar for each layer and for fine-tuning.

    Attributes:
        classes_: The classes, (m,).
        network_: The network, a :class:`sdae.models.classifier.Classifier` with its best weights, on the CPU.
        layers_: The pretrained layers with their decoders, as they were before fine-tuning.
        preprocessing_: The scaling of the inputs, and the names of the classes.
        config_, result_: As in a run's ``config.yaml`` and ``result.json``; no result if fit was interrupted.
        validation_error_: The lowest validation error, a fraction; infinite if fit was interrupted before the first.
        n_iter_: Number of epochs of fine-tuning.
        history_: The values of each metric, one per epoch.
        n_features_in_: Number of input components d.
        feature_names_in_: Names of the input components, (d,), if ``X`` had any.
    """

    def __init__(
        self,
        hidden_layer_sizes: Sequence[int] = (1000, 1000, 1000),
        *,
        pretraining: PretrainingName | None = "denoising",
        corruption: CorruptionName = "masking",
        noise_level: float | Sequence[float] = 0.25,
        emphasis: tuple[float, float] = (1.0, 1.0),
        tied: bool = True,
        reconstruction: Literal["auto", "cross-entropy", "squared"] = "auto",
        visible: Literal["auto", "binary", "gaussian"] = "auto",
        cd_steps: int = 1,
        persistent: bool = False,
        sampled_inputs: bool = False,
        weight_decay: float = 0.0,
        pretraining_epochs: int = 50,
        pretraining_learning_rate: float | Sequence[float] | Literal["auto"] = "auto",
        learning_rate: float = 0.1,
        batch_size: int = 1,
        max_epochs: int = 1000,
        patience: int = 10,
        validation_fraction: float = 0.1,
        scale: ScaleName = "auto",
        layer: int | None = None,
        random_state: Any = None,
        device: Device = "auto",
        verbose: bool = False,
    ) -> None:
        """Store the parameters."""
        self.hidden_layer_sizes, self.pretraining = hidden_layer_sizes, pretraining
        self.corruption, self.noise_level, self.emphasis = corruption, noise_level, emphasis
        self.tied, self.reconstruction, self.weight_decay = tied, reconstruction, weight_decay
        self.visible, self.cd_steps, self.persistent = visible, cd_steps, persistent
        self.sampled_inputs = sampled_inputs
        self.pretraining_epochs, self.pretraining_learning_rate = pretraining_epochs, pretraining_learning_rate
        self.learning_rate, self.max_epochs, self.patience = learning_rate, max_epochs, patience
        self.validation_fraction = validation_fraction
        self.batch_size, self.scale, self.layer = batch_size, scale, layer
        self.random_state, self.device, self.verbose = random_state, device, verbose

    def fit(self, X: Any, y: Any, X_valid: Any = None, y_valid: Any = None) -> Self:  # noqa: N803
        """Pretrain layer by layer, then fine-tune with early stopping.

        Args:
            X: Training examples, (n, d).
            y: Their classes, (n,); −1 for an unlabelled example.
            X_valid: Validation examples, (·, d); default: a stratified part of the labelled examples.
            y_valid: Their classes, (·,).

        Returns:
            The estimator.

        Raises:
            ValueError: If the examples, their classes or a parameter cannot be used.
            Diverged: A ValueError, if a loss becomes NaN or infinite or rises for epochs, or units become constant.
        """
        X, y = validate_data(self, X, y, dtype=[np.float64, np.float32], ensure_min_samples=2)  # noqa: N806
        self.classes_, t = _coded(y)
        if (X_valid is None) != (y_valid is None):
            raise SdaeError("X_valid, y_valid: both or none")
        with flat_names():
            fine_tuning, seed = fine_tuning_of(self.get_params()), self._seed()
            if X_valid is None:
                chosen = np.zeros(len(t), dtype=bool)
                chosen[self._validation_rows(t, seed)] = True
                X, X_valid, t, t_valid = X[~chosen], X[chosen], t[~chosen], t[chosen]  # noqa: N806
            else:
                X_valid, t_valid = self._validation(X_valid, y_valid)  # noqa: N806
            names = tuple(str(name) for name in self.classes_.tolist())
            self._train((X, t), (X_valid, t_valid), names, fine_tuning, seed)
        errors = self.history_.get(in_stage(FIT, VALID_ERROR), [])
        self.validation_error_, self.n_iter_ = min(errors, default=float("inf")), len(errors)
        return self

    def predict_proba(self, X: Any) -> np.ndarray:  # noqa: N803
        """Return p(t|x) for examples (n, d): (n, m), float32, in the order of ``classes_``."""
        return self._outputs(X, None)

    def predict(self, X: Any) -> np.ndarray:  # noqa: N803
        """Return the most probable class of each example (n, d): (n,)."""
        probabilities = self.predict_proba(X)  # before classes_ is used, as it raises NotFittedError
        return self.classes_[probabilities.argmax(1)]

    def _validation_rows(self, t: np.ndarray, seed: int) -> np.ndarray:
        fraction = as_annotated(self.validation_fraction, float, "validation_fraction")
        labelled = np.flatnonzero(t != UNKNOWN)
        if not 0 < fraction < 1:
            raise SdaeError(f"validation_fraction: above 0 and below 1, not {fraction}")
        n = max(1, round(fraction * len(labelled)))
        rows = stratified(t[labelled], n, numpy_generator(seed, "validation"), leave=1)
        if len(rows) == 0:
            raise SdaeError("y: a single example of each class leaves none for validation; pass X_valid and y_valid")
        return labelled[rows]

    def _validation(self, X: Any, y: Any) -> tuple[np.ndarray, np.ndarray]:  # noqa: N803
        X = validate_data(self, X, dtype=[np.float64, np.float32], reset=False)  # noqa: N806
        y = column_or_1d(y)
        check_consistent_length(X, y)
        other = set(y.tolist()) - set(self.classes_.tolist())
        if other:
            raise SdaeError(f"y_valid: {sorted(other, key=str)[0]!r} is a class of no labelled training example")
        return X, np.searchsorted(self.classes_, y)


def _coded(y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the classes, and the index of each example's class among them, −1 for an unlabelled example.

    If there is only one other number, −1 is a class as well: {−1, 1} is a common way to write two classes.
    """
    known = ~_is_minus_one(y)
    if not known.any():
        raise SdaeError("y: no example has a class, all are −1; StackedAutoencoder learns features without classes")
    others = np.unique(_of_one_type(y[known]))
    if not known.all() and others.dtype.kind not in "US":
        _warn_of_minus_one(others, int(len(y) - known.sum()), len(y))
        if len(others) < 2:
            known = np.ones(len(y), dtype=bool)
    labels = _of_one_type(y[known])
    check_classification_targets(labels)
    classes, codes = np.unique(labels, return_inverse=True)
    if len(classes) < 2:
        raise SdaeError(f"y: at least two classes are needed, there is 1 class, {classes.tolist()[0]!r}")
    t = np.full(len(y), UNKNOWN)
    t[known] = codes
    return classes, t


def _warn_of_minus_one(others: np.ndarray, n: int, n_all: int) -> None:
    """Warn where −1 could have been meant otherwise.

    Args:
        others: The other numbers in y, each once.
        n: How many examples are −1.
        n_all: Number of examples. If most of them are −1, it is taken for granted that these are unlabelled.
    """
    if len(others) == 1:
        message = f"y: −1 is the class of {n} of {n_all} examples, not unlabelled, as all others are {others[0]}"
    elif 2 * n <= n_all and (others.min() < UNKNOWN or others.tolist() == [0, 1]):
        message = (
            f"y: −1 marks {n} of {n_all} examples as unlabelled, and is no class beside {', '.join(map(str, others))}; "
            "if it is one, give the classes other numbers or names"
        )
    else:
        return
    warnings.warn(message, UserWarning, stacklevel=4)  # where fit was called


def _is_minus_one(y: np.ndarray) -> np.ndarray:
    """Return which elements are −1; an array of objects may also hold words."""
    if y.dtype.kind == "O":
        return np.array([not isinstance(value, str) and value == UNKNOWN for value in y], dtype=bool)
    if y.dtype.kind in "US":
        if (y == str(UNKNOWN)).any():
            raise SdaeError("y: −1 among words became text; for unlabelled examples, use an array with dtype=object")
        return np.zeros(len(y), dtype=bool)
    return y == UNKNOWN


def _of_one_type(labels: np.ndarray) -> np.ndarray:
    """Convert an array of objects to an array of their own type; refuse words beside numbers, or nothing."""
    if labels.dtype.kind != "O" or not len(labels):
        return labels
    for kind in (str, (Number, np.bool_)):
        if isinstance(labels[0], kind) and (others := [label for label in labels if not isinstance(label, kind)]):
            raise SdaeError(f"y: {labels[0]!r} and {others[0]!r}: classes are all words, or all numbers")
    if not isinstance(labels[0], (str, Number, np.bool_)):
        raise SdaeError(f"y: {labels[0]!r}: neither a word nor a number; an unlabelled example is −1")
    return np.array(labels.tolist())
