"""Base class of all layers: an affine map with a sigmoid, and its decoder (section 2.2)."""

import math
from typing import Any, ClassVar, NoReturn

import torch
from lightning import LightningModule
from torch import Tensor, nn

from sdae.errors import Diverged, SdaeError
from sdae.functional.reconstruction import RECONSTRUCTIONS, Reconstruction, rate_of_linear_decoder
from sdae.functional.updates import check_update
from sdae.models.batch import check_encoder
from sdae.seeds import generator
from sdae.tracking.keys import LOSS

MAX_RISING_EPOCHS = 5  # in a row
SATURATED = 0.01  # a unit below this, or above 1 less this, for all examples is constant
MAX_CONSTANT = 0.9  # fraction of the units
UNSCALED = 100  # inputs beyond it saturate the units of a layer that has hardly begun to learn


class Layer(LightningModule):
    """One layer of a stack: an encoder s(Wx + b), a decoder, and an update of its own in every training step.

    A subclass implements training: one step for each minibatch of a block, and :meth:`count` for its loss. A batch is a
    block of examples (n, d), alone or with others behind it such as their classes, which are ignored.

    Args:
        n_visible: Number of components d of the representation below.
        n_hidden: Number of hidden units d'.
        layer: Position in the stack, counted from 1; it chooses the random streams.
        learning_rate: Per-example learning rate (Table 2, lRate).
        batch_size: Examples per update.
        weight_decay: λ of an L2 penalty λ/2 · ‖W‖² per example.
        reconstruction: The decoder's output and loss.
        seed: Seed of the initial weights and of every draw.
        encoder: The module to train, shared with a classifier; default: a new one.

    Raises:
        SdaeError: If the learning rate, the number of examples per update or the weight decay is out of range, or the
            encoder is of another size.
    """

    learning_rate: Tensor
    summed_loss: Tensor
    course: Tensor
    monitored: ClassVar[bool] = False  # whether it logs metrics of validation examples in pretraining
    outside: ClassVar[str] = "inputs lie outside [0, 1]; scale them, or reconstruction: squared"  # for cross-entropy

    def __init__(
        self,
        n_visible: int,
        n_hidden: int,
        layer: int,
        learning_rate: float,
        batch_size: int,
        weight_decay: float,
        reconstruction: Reconstruction,
        seed: int,
        encoder: nn.Linear | None,
    ) -> None:
        """Build the encoder and the decoder's bias at their start."""
        super().__init__()
        check_update(learning_rate, batch_size, weight_decay)
        self.automatic_optimization = False
        self.layer, self.batch_size, self.seed = layer, batch_size, seed
        self.reconstruction = reconstruction
        self.encoder = new_encoder(n_visible, n_hidden, layer, seed) if encoder is None else encoder
        check_encoder(self.encoder, n_visible, n_hidden)
        self.decoder_bias = nn.Parameter(torch.zeros(n_visible))
        self.decay = learning_rate * weight_decay
        self.register_buffer("learning_rate", torch.tensor(learning_rate), persistent=False)
        self.register_buffer("summed_loss", torch.zeros((), dtype=torch.float64), persistent=False)
        # The first epoch's error, the last one's, and how many epochs in a row it rose; kept with the weights, so that
        # a resumed layer stops where one that was never interrupted does.
        self.register_buffer("course", torch.tensor([math.inf, math.inf, 0.0], dtype=torch.float64))
        self.presented = 0

    @property
    def settings(self) -> dict[str, Any]:
        """Everything that its weights depend on except inputs and number of epochs, as plain values."""
        return {"kind": type(self).__name__, **self.hparams}

    @property
    def decoder_matrix(self) -> Tensor:
        """W', (d, d'): the encoder's transposed."""
        return self.encoder.weight.t()

    def encode(self, x: Tensor) -> Tensor:
        """Return the hidden representation y = f_θ(x), (n, d) to (n, d')."""
        return encode(self.encoder, x)

    def decode(self, y: Tensor) -> Tensor:
        """Return the reconstruction z = g_θ'(y), (n, d') to (n, d) (Equation 3)."""
        return self.reconstruction.output(self.decoder_input(y))

    def decoder_input(self, y: Tensor) -> Tensor:
        """Return W'y + b', (n, d') to (n, d)."""
        return torch.addmm(self.decoder_bias, y, self.decoder_matrix.t())

    def configure_optimizers(self) -> list:
        """Return none: the update is part of the step."""
        return []

    def on_train_epoch_start(self) -> None:
        """Open this epoch's stream of draws."""
        self.noise = generator(self.seed, "noise", "layer", self.layer, "epoch", self.current_epoch, device=self.device)
        self.summed_loss.zero_()
        self.presented = 0

    def draw_from(self, examples: Tensor | None) -> None:
        """Take the clean training examples, (n, d), that noise may draw from; None releases them.

        Most kinds of noise need none. With noisy inputs these are the raw ones, in which the noise lies.
        """

    def kept(self, n: int) -> float:
        """Return the factor on the weights before an update by ``n`` examples, 1 less what weight decay takes."""
        return 1 - n * self.decay

    def count(self, summed_loss: Tensor, n: int) -> None:
        """Add a block of ``n`` examples to the epoch's mean loss."""
        self.summed_loss += summed_loss
        self.presented += n

    def on_train_epoch_end(self) -> None:
        """Report the mean reconstruction error of an example, read from the device once per epoch.

        Raises:
            Diverged: If it is NaN or infinite, has left the layer's bounds, or rises for epochs.
            SdaeError: If it is negative: a cross-entropy of inputs outside [0, 1].
        """
        loss = self.summed_loss / self.presented
        if loss < 0:
            raise SdaeError(f"layer {self.layer}: {self.outside}")
        if not torch.isfinite(loss) or self.out_of_bounds(loss):
            self.diverged(f"the reconstruction error became {loss.item():.3g} in epoch {self.current_epoch + 1}")
        self._watch(loss.item())
        self.log(LOSS, loss, prog_bar=True)

    def _watch(self, error: float) -> None:
        """Raise Diverged if the error is finite, but rises for epochs and is above that of the first."""
        first, last, rises = self.course.tolist()
        if math.isinf(first):
            first, last = error, error
        rises = rises + 1 if error > last else 0
        # In double precision, as the buffer: rounded to float32, an error may lie below the same one of the next epoch.
        self.course.copy_(torch.tensor([first, error, rises], dtype=torch.float64))
        if rises >= MAX_RISING_EPOCHS and error > first:
            self.diverged(
                f"the reconstruction error rose for {MAX_RISING_EPOCHS} epochs, from {first:.4g} after the first to "
                f"{error:.4g} in epoch {self.current_epoch + 1}"
            )

    @torch.no_grad()
    def check_units(self, x: Tensor) -> None:
        """Raise Diverged if most units are constant, so that higher layers cannot learn.

        Args:
            x: Examples of the representation below, (n, d); nothing is checked for a single one.

        Raises:
            Diverged: If more than nine units in ten are off, or on, for every example.
        """
        y = self.encode(x)
        constant = int(((y.max(0).values < SATURATED) | (y.min(0).values > 1 - SATURATED)).sum())
        if len(x) > 1 and constant > MAX_CONSTANT * y.shape[1]:
            largest = float(x.abs().max())
            unscaled = f" (the inputs reach {largest:g}: standardise them first)" if largest > UNSCALED else ""
            self.diverged(
                f"{constant} of {y.shape[1]} units are constant over the training examples, so that nothing above can "
                f"learn from them{unscaled}"
            )

    def diverged(self, symptom: str) -> NoReturn:
        """Stop with an error that names the layer and what to lower."""
        raise Diverged(f"layer {self.layer}: {symptom}; {self.remedy}")

    @property
    def remedy(self) -> str:
        """Advice if it diverges, with a rate to try: an update is the rate times the sum of a minibatch's gradients.

        The rate is a tenth, and for a linear decoder at most that of :func:`rate_of_linear_decoder`.
        """
        rate = self.learning_rate.item()
        lower = rate / 10
        if self.reconstruction is RECONSTRUCTIONS["squared"]:
            lower = min(lower, rate_of_linear_decoder(self.encoder.out_features, self.batch_size))
        minibatch = f", or pretraining.batch_size (now {self.batch_size})" if self.batch_size > 1 else ""
        return f"lower pretraining.learning_rate (now {rate:g}), for instance to {float(f'{lower:.0e}'):g}{minibatch}"

    def out_of_bounds(self, loss: Tensor) -> bool:
        """Return whether training has diverged although its reconstruction error is finite."""
        return False


def initialise(linear: nn.Linear, seed: int, *purpose: str | int) -> nn.Linear:
    """Draw weights uniformly in ±1/√fan_in and set biases to zero (footnote 9), in place."""
    bound = 1 / math.sqrt(linear.in_features)
    with torch.no_grad():
        # Drawn on the CPU, so that a run starts from the same weights on every device.
        stream = generator(seed, "weights", *purpose)
        linear.weight.copy_(torch.empty(linear.weight.shape).uniform_(-bound, bound, generator=stream))
        linear.bias.zero_()
    return linear


def new_encoder(n_visible: int, n_hidden: int, layer: int, seed: int) -> nn.Linear:
    """Return the encoder of layer ``layer`` (counted from 1) at its random start, W (d', d) and b (d',)."""
    return initialise(nn.Linear(n_visible, n_hidden), seed, "encoder", layer)


def encode(encoder: nn.Linear, x: Tensor) -> Tensor:
    """Return f_θ(x) = s(Wx + b) for examples (n, d): (n, d')."""
    return torch.addmm(encoder.bias, x, encoder.weight.t()).sigmoid_()


def parameters_of(linear: nn.Linear) -> tuple[Tensor, Tensor]:
    """Return W and b without their gradient machinery, sharing memory with the module."""
    return linear.weight.detach(), linear.bias.detach()
