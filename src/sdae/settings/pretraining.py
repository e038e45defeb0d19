"""The settings of pretraining (section 6.1 and Table 2)."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

from sdae.errors import SdaeError
from sdae.functional.contrastive_divergence import VisibleName, check_cd_steps
from sdae.functional.corruption import CorruptionName, make_corruption
from sdae.functional.reconstruction import ReconstructionName
from sdae.functional.updates import check_update
from sdae.settings.annotations import check_fields
from sdae.settings.per_layer import as_list, per_layer

OF_ALL = ("layer", "epochs", "learning_rate", "weight_decay", "batch_size")
OF_RBM = ("visible", "cd_steps", "persistent", "sampled_inputs")


@dataclass
class Pretraining:
    """The training of every hidden layer before fine-tuning.

    One value is for all layers (section 6.1), a list has one for each.

    Args:
        layer: Kind of each layer: autoencoder (SAE, SDAE); rbm, a restricted Boltzmann machine (DBN); or
            none, which leaves the network at its random start (MLP).
        epochs: Number of epochs for every layer (Table 2, nEpoq: 5 to 300).
        learning_rate: Fixed per-example learning rate: an update is the rate times the sum of a minibatch's gradients
            (Table 2, lRate: 5e-6 to 0.1).
        corruption: Autoencoder: kind of noise, masking, salt-and-pepper or gaussian (section 3.3), or swap, which puts
            the same component of another training example in a component's place: for tables; not in the paper.
        noise_level: Autoencoder: ν, the fraction of corrupted components (Table 2: 0, 0.10, 0.25, 0.40), or for
            Gaussian noise the standard deviation σ in units of the input (0 to 0.5). At 0 the layers are ordinary
            autoencoders: SAE.
        emphasis: Autoencoder: (α, β), the weight of corrupted and of untouched components in the loss (section 3.4);
            (1, 0.5) is the paper's double emphasis, (1, 0) its full one. Only for noises that leave components
            untouched, and a noise_level above 0 in every layer.
        noisy_inputs: Autoencoder: training with noisy inputs (section 6.4) instead of denoising: only the raw input is
            corrupted, and each layer, an ordinary autoencoder, reconstructs its own (noisy) input.
        tied: Autoencoder: whether the decoder's weights are the encoder's, W' = Wᵀ (section 2.2). The paper leaves it
            open for its classifiers; its authors' tutorial code ties them, which is also the default.
        reconstruction: Autoencoder: cross-entropy with a sigmoid decoder, squared with a linear one (section 2.2), or
            auto: the first where values lie in [0, 1], the second where they do not (section 6.1, tzanetakis).
        visible: RBM: binary units for values in [0, 1], gaussian ones of unit variance for standardised data, or auto:
            the first where values lie in [0, 1]. Above the first layer they are binary.
        cd_steps: RBM: k of contrastive divergence, CD-k.
        persistent: RBM: whether chains persist from update to update (persistent CD) instead of starting at the data.
        sampled_inputs: RBM: whether values in [0, 1] are drawn as 0 or 1 at each presentation, with the value as the
            probability of 1 (stochastic binarisation). The authors' code presents the values themselves. Not in the
            paper.
        weight_decay: λ of an L2 penalty λ/2 · ‖W‖² per example (section 5.1, footnote 10: 0.0001 to 1).
        batch_size: Examples per update. 1 is online learning, the procedure of the authors' own code.

    Raises:
        SdaeError: If a value is of another type or out of range, or emphasis is combined with Gaussian noise, none, or
            noisy inputs.
    """

    layer: Literal["autoencoder", "rbm", "none"] = "autoencoder"
    epochs: int = 50
    learning_rate: float | list[float] = 0.01
    corruption: CorruptionName = "masking"
    noise_level: float | list[float] = 0.25
    emphasis: tuple[float, float] = (1.0, 1.0)
    noisy_inputs: bool = False
    tied: bool = True
    reconstruction: Literal["auto", "cross-entropy", "squared"] = "auto"
    visible: Literal["auto", "binary", "gaussian"] = "auto"
    cd_steps: int = 1
    persistent: bool = False
    sampled_inputs: bool = False
    weight_decay: float = 0.0
    batch_size: int = 1

    def __post_init__(self) -> None:
        check_fields(self, "pretraining.")
        if self.epochs < 1:
            raise SdaeError(
                f"pretraining.epochs: at least 1, not {self.epochs}; for none, set pretraining.layer to none"
            )
        check_cd_steps(self.cd_steps, within="pretraining.")
        for rate in as_list(self.learning_rate):
            check_update(rate, self.batch_size, self.weight_decay, within="pretraining.")
        self._check_noise()

    def _check_noise(self) -> None:
        for level in as_list(self.noise_level):
            make_corruption(self.corruption, level, within="pretraining.")
        if min(self.emphasis) < 0 or max(self.emphasis) <= 0:
            raise SdaeError(f"pretraining.emphasis: weights (α, β), not negative and not both 0, not {self.emphasis}")
        if self.emphasised and self.corruption == "gaussian":
            raise SdaeError(
                "pretraining.emphasis: Gaussian noise corrupts every component, so emphasis has no meaning there "
                "(footnote 14); leave it at [1, 1]"
            )
        if self.emphasised and min(as_list(self.noise_level)) == 0:
            raise SdaeError(
                "pretraining.emphasis: nothing is corrupted where noise_level is 0, so full emphasis would train "
                "nothing there; leave it at [1, 1]"
            )
        if self.noisy_inputs and (self.emphasised or isinstance(self.noise_level, list)):
            raise SdaeError(
                "pretraining.noisy_inputs: the raw input alone is corrupted, and nothing is to be denoised "
                "(section 6.4); give one noise_level, and leave emphasis at [1, 1]"
            )

    @property
    def emphasised(self) -> bool:
        """Whether the loss weighs corrupted and other components differently (section 3.4)."""
        return tuple(self.emphasis) != (1.0, 1.0)

    @property
    def denoises(self) -> bool:
        """Whether the layers learn to undo noise."""
        return self.layer == "autoencoder" and not self.noisy_inputs and max(as_list(self.noise_level)) > 0

    @property
    def family(self) -> str:
        """The paper's name for this way to initialise a network: MLP, SAE, SDAE or DBN."""
        return {"none": "MLP", "rbm": "DBN", "autoencoder": "SDAE" if self.denoises else "SAE"}[self.layer]

    @property
    def described(self) -> dict[str, Any] | None:
        """The settings that this kind of layer has, by name; None for an MLP."""
        if self.layer == "none":
            return None
        return {
            key: value
            for key, value in asdict(self).items()
            if key in OF_ALL or (key in OF_RBM) == (self.layer == "rbm")
        }

    def uses(self, name: str) -> bool:
        """Return whether this kind of layer has a setting."""
        return name == "layer" or name in (self.described or {})

    def check(self, n_layers: int, value_range: tuple[float, float]) -> None:
        """Check the values against the network and the data.

        Raises:
            SdaeError: If a list does not have one value per layer, the data lie outside [0, 1] where cross-entropy or
                binary units are requested, the inputs of Gaussian units are to be sampled, or the data have no minimum
                and maximum where salt-and-pepper noise is.
        """
        per_layer(self.learning_rate, n_layers, "pretraining.learning_rate")
        level = per_layer(self.noise_level, n_layers, "pretraining.noise_level")[0]
        if self.layer == "autoencoder":
            make_corruption(self.corruption, level, *value_range, within="pretraining.")
            loss = self.reconstruction_of(value_range)
            if self.noisy_inputs and self.corruption == "gaussian" and loss == "cross-entropy":
                raise SdaeError(
                    "pretraining.noisy_inputs: Gaussian noise leaves [0, 1], and cross-entropy cannot "
                    "reconstruct what is outside; use pretraining.reconstruction: squared, or another corruption"
                )
        if self.layer == "rbm" and self.visible_of(value_range) == "gaussian" and self.sampled_inputs:
            raise SdaeError("pretraining.sampled_inputs: Gaussian visible units have no probabilities to sample from")

    def reconstruction_of(self, value_range: tuple[float, float]) -> ReconstructionName:
        """Resolve ``reconstruction`` for inputs of this range.

        Raises:
            SdaeError: If cross-entropy is requested for data outside [0, 1].
        """
        if self.reconstruction == "auto":
            return "cross-entropy" if _fractions(value_range) else "squared"
        if self.reconstruction == "cross-entropy" and not _fractions(value_range):
            raise _outside("reconstruction: cross-entropy needs", value_range, "squared")
        return self.reconstruction

    def visible_of(self, value_range: tuple[float, float]) -> VisibleName:
        """Resolve ``visible`` for inputs of this range.

        Raises:
            SdaeError: If binary units are requested for data outside [0, 1].
        """
        if self.visible == "auto":
            return "binary" if _fractions(value_range) else "gaussian"
        if self.visible == "binary" and not _fractions(value_range):
            raise _outside("visible: binary units need", value_range, "gaussian")
        return self.visible


def _fractions(value_range: tuple[float, float]) -> bool:
    return value_range[0] >= 0 and value_range[1] <= 1


def _outside(setting: str, value_range: tuple[float, float], instead: str) -> SdaeError:
    low, high = value_range
    return SdaeError(
        f"pretraining.{setting} values in [0, 1], the data lie in [{low:.9g}, {high:.9g}]; use {instead}, or auto"
    )
