"""The denoising autoencoder, one layer of a stack (section 3.1, Figure 1)."""

import torch
from lightning import LightningModule
from torch import Tensor, nn

from sdae.backpropagation import autoencoder_step
from sdae.corruption import CorruptionName, make_corruption
from sdae.errors import Diverged
from sdae.models.layer import encode, initialise, new_encoder, parameters_of
from sdae.reconstruction import RECONSTRUCTIONS, ReconstructionName, emphasis_weight
from sdae.seeds import generator


class Autoencoder(LightningModule):
    """An autoencoder trained to reconstruct x from x̃ ~ q_D(x̃|x); at ν = 0 it is the ordinary one of section 2.2.

    Args:
        n_visible: Number of components d of the representation below.
        n_hidden: Number of hidden units d'.
        layer: Position in the stack, counted from 1; it chooses the random streams.
        corruption: Kind of noise (section 3.3).
        noise_level: ν, a fraction, or σ for Gaussian noise.
        learning_rate: Step an example (Table 2, lRate).
        batch_size: Examples to an update.
        tied: Whether W' = Wᵀ (section 2.2).
        reconstruction: ``cross-entropy`` with a sigmoid decoder, or ``squared`` with a linear one.
        emphasis: (α, β), the weights of corrupted and untouched components (section 3.4).
        value_range: Minimum and maximum of x, for salt-and-pepper noise.
        seed: Seed of the initial weights and the noise.
        encoder: The module to train, shared with a classifier; a new one where None.
    """

    learning_rate: Tensor
    summed_loss: Tensor

    def __init__(
        self,
        n_visible: int,
        n_hidden: int,
        layer: int = 1,
        corruption: CorruptionName = "masking",
        noise_level: float = 0.25,
        learning_rate: float = 0.01,
        batch_size: int = 20,
        tied: bool = True,
        reconstruction: ReconstructionName = "cross-entropy",
        emphasis: tuple[float, float] = (1.0, 1.0),
        value_range: tuple[float, float] = (0.0, 1.0),
        seed: int = 1,
        encoder: nn.Linear | None = None,
    ) -> None:
        """Build the encoder and the decoder at their random start."""
        super().__init__()
        self.save_hyperparameters(ignore=["encoder"], logger=False)
        self.automatic_optimization = False
        self.layer, self.batch_size, self.seed, self.emphasis = layer, batch_size, seed, emphasis
        self.corrupt = make_corruption(corruption, noise_level, *value_range)
        self.reconstruction = RECONSTRUCTIONS[reconstruction]
        self.encoder = new_encoder(n_visible, n_hidden, layer, seed) if encoder is None else encoder
        self.decoder_bias = nn.Parameter(torch.zeros(n_visible))
        self.decoder_weight: nn.Parameter | None = None
        if not tied:
            self.decoder_weight = nn.Parameter(
                initialise(nn.Linear(n_hidden, n_visible), seed, "decoder", layer).weight.detach()
            )
        self.register_buffer("learning_rate", torch.tensor(learning_rate), persistent=False)
        self.register_buffer("summed_loss", torch.zeros((), dtype=torch.float64), persistent=False)
        self.presented = 0

    def encode(self, x: Tensor) -> Tensor:
        """Return the hidden representation y = f_θ(x), (n, d) to (n, d')."""
        return encode(self.encoder, x)

    def decode(self, y: Tensor) -> Tensor:
        """Return the reconstruction z = g_θ'(y), (n, d') to (n, d) (Equation 3)."""
        return self.reconstruction.output(self._decoder_input(y))

    def _decoder_input(self, y: Tensor) -> Tensor:
        w_prime = self.encoder.weight.t() if self.decoder_weight is None else self.decoder_weight
        return torch.addmm(self.decoder_bias, y, w_prime.t())

    def loss(self, x: Tensor, x_tilde: Tensor, corrupted: Tensor) -> Tensor:
        """Return the emphasised reconstruction error, summed over examples (n, d), differentiable (section 3.4)."""
        weight = emphasis_weight(corrupted, *self.emphasis)
        return self.reconstruction.loss(x, self._decoder_input(self.encode(x_tilde)), weight)

    def configure_optimizers(self) -> list:
        """Return none: the update is part of the step."""
        return []

    def on_train_epoch_start(self) -> None:
        """Open this epoch's noise stream."""
        self.noise = generator(self.seed, "noise", "layer", self.layer, "epoch", self.current_epoch, device=self.device)
        self.summed_loss.zero_()
        self.presented = 0

    @torch.no_grad()
    def training_step(self, batch: tuple[Tensor, ...], batch_idx: int) -> None:
        """Take a gradient step for each minibatch of a block of examples (n, d)."""
        (block,) = batch
        x_tilde, corrupted = self.corrupt(block, self.noise)
        weight = emphasis_weight(corrupted, *self.emphasis)
        encoder = parameters_of(self.encoder)
        decoder = (
            None if self.decoder_weight is None else self.decoder_weight.detach(),
            self.decoder_bias.detach(),
        )
        # Looked up once: a Module's attribute costs as much as an operation on a minibatch.
        learning_rate, reconstruction = self.learning_rate, self.reconstruction
        block_loss = torch.zeros((), device=block.device)
        for start in range(0, len(block), self.batch_size):
            rows = slice(start, start + self.batch_size)
            block_loss += autoencoder_step(
                block[rows],
                x_tilde[rows],
                encoder,
                decoder,
                reconstruction,
                learning_rate,
                None if weight is None else weight[rows],
            )
        self.summed_loss += block_loss
        self.presented += len(block)

    def on_train_epoch_end(self) -> None:
        """Report the mean loss an example, read from the device once an epoch."""
        loss = self.summed_loss / self.presented
        if not torch.isfinite(loss):
            raise Diverged(
                f"layer {self.layer}: the reconstruction error became {loss.item()} in epoch {self.current_epoch + 1}; "
                f"lower pretraining.learning_rate (now {self.learning_rate.item():g})"
            )
        self.log("loss", loss, prog_bar=True)
