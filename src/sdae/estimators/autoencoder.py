"""A stack of autoencoders or RBMs, as a scikit-learn transformer."""

from collections.abc import Sequence
from typing import Any, Literal, Self

import numpy as np
import torch
from sklearn.utils.validation import check_array, check_is_fitted, validate_data
from torch import Tensor

from sdae.data.minibatches import BLOCK_ROWS
from sdae.data.own.scale import in_unit_interval
from sdae.errors import SdaeError
from sdae.estimators.parameters import PretrainingName, flat_names
from sdae.estimators.stack import Device, ScaleName, Stack
from sdae.evaluation.prediction import in_blocks
from sdae.functional.corruption import CorruptionName
from sdae.functional.reconstruction import CrossEntropy
from sdae.settings.fine_tuning import FineTuning
from sdae.tracking.keys import LOSS, in_stage, pretraining_stage


class StackedAutoencoder(Stack):
    """A stack of layers, each trained without labels on the representation below it (section 3.5, Figure 3).

    Args:
        hidden_layer_sizes: Units of each hidden layer from the input up.
        pretraining: ``denoising`` autoencoders (SDAE), ``autoencoder`` without noise (SAE), or ``rbm`` (DBN).
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
        weight_decay: λ of an L2 penalty λ/2 · ‖W‖² per example.
        pretraining_epochs: Epochs for each layer.
        pretraining_learning_rate: Per-example learning rate, for all layers or one each; ``auto`` is 0.01, but at most
            1 / (its units · batch_size) for a first layer that reconstructs real numbers, so that it does not diverge.
        batch_size: Examples per update; 1 is online learning.
        scale: Scaling of the inputs: ``standardise`` (mean 0, standard deviation 1), ``minmax`` (to [0, 1]),
            ``none``, or ``auto``: ``none`` if all training values lie in [0, 1], else ``standardise``.
        layer: Hidden layer whose representation ``transform`` returns, counted from 1; default: the highest.
        random_state: A number, which is then the seed of the run, a ``RandomState``, or None.
        device: ``auto`` (the GPU if there is one), ``cpu`` or ``gpu``.
        verbose: Whether to draw a progress bar for each layer.

    Attributes:
        network_: The encoders, a :class:`sdae.models.classifier.Classifier` without classes, on the CPU.
        layers_: The pretrained layers with their decoders.
        preprocessing_: The scaling of the inputs, and the names of the classes.
        config_, result_: As in a run's ``config.yaml`` and ``result.json``; no result if fit was interrupted.
        n_iter_: Number of epochs of each layer, a list.
        history_: The values of each metric, one per epoch.
        n_features_in_: Number of input components d.
        feature_names_in_: Names of the input components, (d,), if ``X`` had any.
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
        sampled_inputs: bool = False,
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
        self.hidden_layer_sizes, self.pretraining = hidden_layer_sizes, pretraining
        self.corruption, self.noise_level, self.emphasis = corruption, noise_level, emphasis
        self.tied, self.reconstruction, self.weight_decay = tied, reconstruction, weight_decay
        self.visible, self.cd_steps, self.persistent = visible, cd_steps, persistent
        self.sampled_inputs = sampled_inputs
        self.pretraining_epochs, self.pretraining_learning_rate = pretraining_epochs, pretraining_learning_rate
        self.batch_size, self.scale, self.layer = batch_size, scale, layer
        self.random_state, self.device, self.verbose = random_state, device, verbose

    def fit(self, X: Any, y: Any = None) -> Self:  # noqa: N803
        """Train layer by layer.

        Args:
            X: Training examples, (n, d).
            y: Ignored.

        Returns:
            The estimator.

        Raises:
            ValueError: If the examples or a parameter cannot be used.
            Diverged: A ValueError, if a loss becomes NaN or infinite or rises for epochs, or units become constant.
        """
        X = validate_data(self, X, dtype=[np.float64, np.float32])  # noqa: N806
        with flat_names():
            if self.pretraining is None:
                raise SdaeError("pretraining: denoising, autoencoder or rbm; without it there is nothing to train")
            t = np.zeros(len(X))
            self._train((X, t), (X[:0], t[:0]), (), FineTuning(max_epochs=0), self._seed())
        numbers = range(1, self.network_.n_layers + 1)
        self.n_iter_ = [len(self.history_.get(in_stage(pretraining_stage(k), LOSS), [])) for k in numbers]
        return self

    def inverse_transform(self, X: Any) -> np.ndarray:  # noqa: N803
        """Decode a representation to reconstructed inputs, deterministically, in the units of ``X`` in ``fit``.

        Args:
            X: Representations (n, d') at the layer that ``transform`` returns.

        Returns:
            Reconstructions (n, d), float32.

        Raises:
            NotFittedError: If ``fit`` was not called.
            ValueError: If ``X`` cannot be used, or has other than d' columns.
        """
        check_is_fitted(self)
        y = check_array(X, dtype=[np.float32, np.float64])
        layer = self._layer()
        if y.shape[1] != self._n_features_out:
            raise SdaeError(f"X: has {y.shape[1]} columns, and layer {layer} has {self._n_features_out} units")
        z = in_blocks(lambda units: self._decode(units, layer), torch.from_numpy(y.astype(np.float32)))
        return self.preprocessing_.scaling.inverse(z)

    @torch.no_grad()
    def score(self, X: Any, y: Any = None) -> float:  # noqa: N803
        """Return the negative mean reconstruction error of the scaled examples from the layer of ``transform``.

        The error is that of the first layer in training: cross-entropy or squared.

        Args:
            X: Examples, (n, d).
            y: Ignored.

        Raises:
            NotFittedError: If ``fit`` was not called.
            ValueError: If ``X`` cannot be used, lies outside [0, 1] where the error is the cross-entropy, or ``layer``
                is 0, the input itself.
        """
        check_is_fitted(self)
        top = self._layer()
        if top == 0:
            raise SdaeError("layer: the input itself, 0, has no reconstruction error")
        x = self._inputs(X)
        first, error = self.layers_[0], 0.0
        if isinstance(first.reconstruction, CrossEntropy) and not in_unit_interval(x.numpy()):
            raise SdaeError(f"X: {first.outside}")
        for block in x.split(BLOCK_ROWS):
            units = self._decode(self.network_.representation(block, top), top, bottom=1)
            error += float(first.reconstruction.loss(block, first.decoder_input(units)))
        return -error / len(x)

    def _decode(self, units: Tensor, layer: int, bottom: int = 0) -> Tensor:
        """Decode the units (n, d') of a layer to those of a lower one; 0 is the scaled input."""
        for each in reversed(self.layers_[bottom:layer]):
            units = each.decode(units)
        return units
