"""A stack of autoencoders or RBMs, as a scikit-learn transformer."""

from collections.abc import Sequence
from typing import Any, Literal, Self

import numpy as np
import torch
from sklearn.utils.validation import check_array, check_is_fitted, validate_data
from torch import Tensor

from sdae.data.examples import Examples
from sdae.data.minibatches import BLOCK_ROWS
from sdae.errors import SdaeError
from sdae.estimators.parameters import PretrainingName, flat_names, pretraining_of
from sdae.estimators.problem import InMemory
from sdae.estimators.stack import Device, ScaleName, Stack
from sdae.estimators.training import train
from sdae.functional.corruption import CorruptionName
from sdae.models.classifier import Classifier
from sdae.settings.fine_tuning import FineTuning
from sdae.tracking.keys import LOSS, in_stage, pretraining_stage


class StackedAutoencoder(Stack):
    """A stack of layers, each trained without labels on the representation below it (section 3.5, Figure 3).

    Args:
        hidden_layer_sizes: Units of each hidden layer from the input up.
        pretraining: What each layer is trained as: ``denoising``, an autoencoder that undoes corruption (SDAE);
            ``autoencoder``, one without noise (SAE); or ``rbm`` (DBN).
        corruption: Kind of noise: ``masking``, ``salt-and-pepper``, ``gaussian`` (section 3.3), or ``swap``: a
            component takes the value that it has in another example, for tables.
        noise_level: ν, the fraction of corrupted components, or σ for Gaussian noise; one for all layers, or one each.
        emphasis: (α, β), the weight of corrupted and of untouched components in the reconstruction error (section 3.4).
        tied: Whether a decoder's weights are its encoder's (section 2.2).
        reconstruction: ``cross-entropy``, ``squared``, or ``auto``: by whether values lie in [0, 1].
        visible: RBM: ``binary``, ``gaussian``, or ``auto``: by whether values lie in [0, 1].
        cd_steps: RBM: k of CD-k.
        persistent: RBM: whether chains go on from update to update.
        weight_decay: λ of an L2 penalty λ/2 · ‖W‖² an example.
        pretraining_epochs: Passages through the training examples for every layer.
        pretraining_learning_rate: Per-example learning rate, one or one for each layer; ``auto`` is 0.01, and for a
            first layer that reconstructs real numbers no more than 1 / (its units), so that it does not diverge.
        batch_size: Examples to an update; 1 is online learning.
        scale: What is done to the inputs: ``standardise`` (mean 0, standard deviation 1), ``minmax`` (to [0, 1]),
            ``none``, or ``auto``: nothing where all training values lie in [0, 1], else ``standardise``.
        layer: Hidden layer whose representation ``transform`` returns, counted from 1; the top one where None.
        random_state: Seed; a number is the seed of a run.
        device: ``auto`` (the GPU where there is one), ``cpu`` or ``gpu``.
        verbose: Whether to draw a progress bar for each layer.

    Attributes:
        network_: The encoders, a :class:`sdae.models.classifier.Classifier` without classes, on the CPU.
        layers_: The layers with their decoders.
        preprocessing_: What is done to the inputs.
        config_, result_: What ``config.yaml`` and ``result.json`` say of a run; no result where fit was interrupted.
        n_iter_: Epochs that each layer was trained for, a list.
        history_: The values of each metric, one an epoch.
        n_features_in_: Number of input components d.
        feature_names_in_: Their names, (d,), where ``X`` had some.
    """

    def __init__(
        self,
        hidden_layer_sizes: Sequence[int] = (1000, 1000, 1000),
        *,
        pretraining: PretrainingName = "denoising",
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
        batch_size: int = 1,
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
        self.batch_size = batch_size
        self.scale = scale
        self.layer = layer
        self.random_state = random_state
        self.device = device
        self.verbose = verbose

    def fit(self, X: Any, y: Any = None) -> Self:  # noqa: N803
        """Train layer by layer.

        Args:
            X: Training examples, (n, d).
            y: Ignored.

        Returns:
            The estimator.

        Raises:
            ValueError: If the examples or a parameter cannot be used.
            Diverged: A ValueError, if a loss stops being a number.
        """
        X = validate_data(self, X, dtype=[np.float64, np.float32])  # noqa: N806
        with flat_names():
            if self.pretraining is None:
                raise SdaeError("pretraining: denoising, autoencoder or rbm; without it there is nothing to train")
            trainer, seed, sizes = self._trainer(), self._seed(), self._sizes()
            scaling = self._scaling_by(X)
            examples = self._examples(X, np.zeros(len(X)), scaling)
            problem = InMemory(examples, Examples(examples.x[:0], examples.t[:0]), (), scaling)
            how = pretraining_of(self.get_params(), problem.value_range)
            network = Classifier(problem.n_features, 0, len(sizes), sizes, seed=seed)
            self._keep(train(problem, network, how, FineTuning(max_epochs=0), trainer))
        losses = (in_stage(pretraining_stage(k), LOSS) for k in range(1, len(sizes) + 1))
        self.n_iter_ = [len(self.history_.get(key, [])) for key in losses]
        return self

    def inverse_transform(self, X: Any) -> np.ndarray:  # noqa: N803
        """Decode a representation down to the input, deterministically, in the units that the inputs had.

        Args:
            X: Representations (n, d') at the layer that ``transform`` returns.

        Returns:
            Reconstructions (n, d), float32.
        """
        check_is_fitted(self)
        y = check_array(X, dtype=[np.float32, np.float64])
        layer = self._layer()
        if y.shape[1] != self._n_features_out:
            raise SdaeError(f"X: has {y.shape[1]} columns, and layer {layer} has {self._n_features_out} units")
        z = self._decode(torch.from_numpy(y.astype(np.float32)), layer)
        scaling = self.preprocessing_.scaling
        return (z * scaling.divisor + scaling.offset).astype(np.float32)

    @torch.no_grad()
    def score(self, X: Any, y: Any = None) -> float:  # noqa: N803
        """Return minus the mean reconstruction error of an example, through the layer that ``transform`` returns.

        It is the error that the first layer was trained with, cross-entropy or squared, on the scaled input.

        Args:
            X: Examples, (n, d).
            y: Ignored.

        Raises:
            ValueError: If ``X`` cannot be used, or ``layer`` is 0, the input itself.
        """
        check_is_fitted(self)
        top = self._layer()
        if top == 0:
            raise SdaeError("layer: the input itself, 0, has no reconstruction error")
        x = self._inputs(X)
        bottom, error = self.layers_[0], 0.0
        for block in x.split(BLOCK_ROWS):
            units = self._above(self.network_.representation(block, top), top)
            error += float(bottom.reconstruction.loss(block, bottom.decoder_input(units)))
        return -error / len(x)

    @torch.no_grad()
    def _decode(self, units: Tensor, layer: int) -> np.ndarray:
        """Return the input that units (n, d') of a layer decode to: (n, d)."""
        if layer == 0:
            return units.numpy()
        return np.concatenate([self.layers_[0].decode(self._above(part, layer)) for part in units.split(BLOCK_ROWS)])

    def _above(self, units: Tensor, layer: int) -> Tensor:
        """Return the units of the first layer that those of a higher one decode to."""
        for above in reversed(self.layers_[1:layer]):
            units = above.decode(units)
        return units
