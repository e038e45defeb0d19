"""A deep network pretrained layer by layer and fine-tuned, as a scikit-learn classifier."""

from collections.abc import Sequence
from typing import Any, Literal, Self

import numpy as np
from sklearn.base import ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_consistent_length, column_or_1d, validate_data

from sdae.data.folds import stratified
from sdae.errors import SdaeError
from sdae.estimators.parameters import PretrainingName, fine_tuning_of, flat_names, pretraining_of
from sdae.estimators.problem import InMemory
from sdae.estimators.stack import Device, ScaleName, Stack
from sdae.estimators.training import train
from sdae.functional.corruption import CorruptionName
from sdae.models.classifier import Classifier
from sdae.seeds import numpy_generator
from sdae.tracking.keys import FIT, VALID_ERROR, in_stage

UNLABELLED = -1


class StackedAutoencoderClassifier(ClassifierMixin, Stack):
    """A network of sigmoid layers, each pretrained without labels, then fine-tuned as a whole (section 3.5, Figure 4).

    An example whose ``y`` is −1 is unlabelled, scikit-learn's convention for semi-supervised learning: pretraining sees
    it, fine-tuning does not. Where there is but one other value in ``y``, the two are two classes, {−1, 1}.

    Fine-tuning stops early, on ``X_valid`` or on a stratified part of the labelled examples that nothing is trained on,
    and leaves the weights of the lowest validation error.

    Args:
        hidden_layer_sizes: Units of each hidden layer from the input up.
        pretraining: What each layer is first trained as: ``denoising``, an autoencoder that undoes corruption (SDAE);
            ``autoencoder``, one without noise (SAE); ``rbm`` (DBN); or None, for a network at its random start (MLP).
        corruption: Kind of noise: ``masking``, ``salt-and-pepper``, ``gaussian`` (section 3.3), or ``swap``: a
            component takes the value that it has in another example, for tables.
        noise_level: ν, the fraction of corrupted components, or σ for Gaussian noise; one for all layers, or one each.
        emphasis: (α, β), the weight of corrupted and of untouched components in the reconstruction error (section 3.4).
        tied: Whether a decoder's weights are its encoder's (section 2.2).
        reconstruction: ``cross-entropy``, ``squared``, or ``auto``: by whether values lie in [0, 1].
        visible: RBM: ``binary``, ``gaussian``, or ``auto``: by whether values lie in [0, 1].
        cd_steps: RBM: k of CD-k.
        persistent: RBM: whether chains go on from update to update.
        weight_decay: λ of an L2 penalty λ/2 · ‖W‖² an example, in pretraining.
        pretraining_epochs: Passages through the training examples for every layer.
        pretraining_learning_rate: Per-example learning rate of pretraining, one or one for each layer; ``auto`` is
            0.01, and for a first layer that reconstructs real numbers no more than 1 / (its units), so that it does not
            diverge.
        learning_rate: Per-example learning rate of fine-tuning.
        batch_size: Examples to an update, in pretraining and fine-tuning; 1 is online learning.
        max_epochs: Most epochs of fine-tuning.
        patience: Epochs without a lower validation error after which fine-tuning stops.
        validation_fraction: Fraction of the labelled examples for validation where ``fit`` is given none.
        scale: What is done to the inputs: ``standardise`` (mean 0, standard deviation 1), ``minmax`` (to [0, 1]),
            ``none``, or ``auto``: nothing where all training values lie in [0, 1], else ``standardise``.
        layer: Hidden layer whose representation ``transform`` returns, counted from 1; the top one where None.
        random_state: Seed; a number is the seed of a run.
        device: ``auto`` (the GPU where there is one), ``cpu`` or ``gpu``.
        verbose: Whether to draw a progress bar for each layer and for fine-tuning.

    Attributes:
        classes_: The classes, (m,).
        network_: The network, a :class:`sdae.models.classifier.Classifier` with the best weights, on the CPU.
        layers_: The layers as pretraining left them, with their decoders.
        preprocessing_: What is done to the inputs.
        config_, result_: What ``config.yaml`` and ``result.json`` say of a run; no result where fit was interrupted.
        validation_error_: The lowest validation error, a fraction; infinite where fit was interrupted before the first.
        n_iter_: Epochs of fine-tuning.
        history_: The values of each metric, one an epoch.
        n_features_in_: Number of input components d.
        feature_names_in_: Their names, (d,), where ``X`` had some.
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
        self.hidden_layer_sizes = hidden_layer_sizes
        self.pretraining = pretraining
        self.corruption = corruption
        self.noise_level = noise_level
        self.emphasis = emphasis
        self.tied = tied
        self.reconstruction = reconstruction
        self.visible = visible
        self.cd_steps = cd_steps
        self.persistent = persistent
        self.weight_decay = weight_decay
        self.pretraining_epochs = pretraining_epochs
        self.pretraining_learning_rate = pretraining_learning_rate
        self.learning_rate = learning_rate
        self.batch_size = batch_size
        self.max_epochs = max_epochs
        self.patience = patience
        self.validation_fraction = validation_fraction
        self.scale = scale
        self.layer = layer
        self.random_state = random_state
        self.device = device
        self.verbose = verbose

    def fit(self, X: Any, y: Any, X_valid: Any = None, y_valid: Any = None) -> Self:  # noqa: N803
        """Pretrain layer by layer, then fine-tune with early stopping.

        Args:
            X: Training examples, (n, d).
            y: Their classes, (n,); −1 where an example is unlabelled.
            X_valid: Validation examples, (·, d); default: a stratified part of the labelled ones of ``X``.
            y_valid: Their classes.

        Returns:
            The estimator.

        Raises:
            ValueError: If the examples, their classes or a parameter cannot be used.
            Diverged: A ValueError, if a loss stops being a number.
        """
        X, y = validate_data(self, X, y, dtype=[np.float64, np.float32], ensure_min_samples=2)  # noqa: N806
        self.classes_, t = _coded(y)
        if (X_valid is None) != (y_valid is None):
            raise SdaeError("X_valid, y_valid: both or none")
        with flat_names():
            fine_tuning, trainer, seed = fine_tuning_of(self.get_params()), self._trainer(), self._seed()
            if X_valid is None:
                rows = self._validation_rows(t, seed)
                chosen = np.zeros(len(t), dtype=bool)
                chosen[rows] = True
                X, X_valid, t, t_valid = X[~chosen], X[chosen], t[~chosen], t[chosen]  # noqa: N806
            else:
                X_valid, t_valid = self._validation(X_valid, y_valid)  # noqa: N806
            scaling, names = self._scaling_by(X), tuple(str(name) for name in self.classes_.tolist())
            problem = InMemory(self._examples(X, t, scaling), self._examples(X_valid, t_valid, scaling), names, scaling)
            how, sizes = pretraining_of(self.get_params(), problem.value_range), self._sizes()
            network = Classifier(
                problem.n_features,
                problem.n_classes,
                len(sizes),
                sizes,
                fine_tuning.learning_rate,
                fine_tuning.batch_size,
                seed,
            )
            self._keep(train(problem, network, how, fine_tuning, trainer))
        errors = self.history_.get(in_stage(FIT, VALID_ERROR), [])
        self.validation_error_, self.n_iter_ = min(errors, default=float("inf")), len(errors)
        return self

    def predict_proba(self, X: Any) -> np.ndarray:  # noqa: N803
        """Return p(t|x) for examples (n, d): (n, m), float32, in the order of ``classes_``."""
        return self._ask(X, None)

    def predict(self, X: Any) -> np.ndarray:  # noqa: N803
        """Return the most probable class of each example (n, d): (n,)."""
        probabilities = self.predict_proba(X)  # first: it says where fit was not called
        return self.classes_[probabilities.argmax(1)]

    def _validation_rows(self, t: np.ndarray, seed: int) -> np.ndarray:
        fraction, labelled = self.validation_fraction, np.flatnonzero(t != UNLABELLED)
        if not 0 < fraction < 1:
            raise SdaeError(f"validation_fraction: between 0 and 1, not {fraction}")
        many = max(1, round(fraction * len(labelled)))
        rows = stratified(t[labelled], many, numpy_generator(seed, "validation"), leave=1)
        if len(rows) == 0:
            raise SdaeError("y: a single example of each class leaves none for validation; give X_valid and y_valid")
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
    """Return the classes and each example's number among them, −1 where it is unlabelled.

    Where there is only one class beside it, −1 is the other one: {−1, 1} is a usual way to write two classes.
    """
    known = ~_is_minus_one(y)
    if len(np.unique(_of_one_type(y[known]))) < 2:
        known = np.ones(len(y), dtype=bool)
    labels = _of_one_type(y[known])
    check_classification_targets(labels)
    classes, codes = np.unique(labels, return_inverse=True)
    if len(classes) < 2:
        raise SdaeError(f"y: at least two classes are needed, there is 1 class, {classes[0]!r}")
    t = np.full(len(y), UNLABELLED)
    t[known] = codes
    return classes, t


def _is_minus_one(y: np.ndarray) -> np.ndarray:
    """Return where y is −1; in an array of objects, so that other classes may be words."""
    if y.dtype.kind == "O":
        return np.array([not isinstance(value, str) and value == UNLABELLED for value in y], dtype=bool)
    if y.dtype.kind in "US":
        if (y == str(UNLABELLED)).any():
            raise SdaeError("y: −1 among words has become a word; unlabelled examples need an array with dtype=object")
        return np.zeros(len(y), dtype=bool)
    return y == UNLABELLED


def _of_one_type(labels: np.ndarray) -> np.ndarray:
    """Return labels from an array of objects in the array that they have a type in."""
    return np.array(labels.tolist()) if labels.dtype.kind == "O" and len(labels) else labels
