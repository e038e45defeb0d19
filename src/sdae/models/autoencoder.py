"""The denoising autoencoder, one layer of a stack (section 3.1, Figure 1)."""

from collections.abc import Sequence
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from sdae.errors import by_name
from sdae.functional import online
from sdae.functional.backpropagation import autoencoder_step
from sdae.functional.corruption import CorruptionName, drawing_from, make_corruption
from sdae.functional.reconstruction import RECONSTRUCTIONS, ReconstructionName, emphasis_weight
from sdae.models.batch import check_inputs, examples_of
from sdae.models.layer import Layer, initialise, parameters_of


class NoisyInput(Protocol):
    """Converts raw inputs to the input of a layer in training with noisy inputs (section 6.4)."""

    def __call__(self, x: Tensor, generator: torch.Generator) -> Tensor:
        """Return the input that the layer encodes and reconstructs."""
        ...

    def draw_from(self, examples: Tensor | None) -> None:
        """Take the raw training examples that the noise may draw from."""
        ...


class Autoencoder(Layer):
    """An autoencoder trained to reconstruct x from x̃ ~ q_D(x̃|x); at ν = 0 it is the ordinary one of section 2.2.

    Args:
        n_visible: Number of components d of the representation below.
        n_hidden: Number of hidden units d'.
        layer: Position in the stack, counted from 1; it chooses the random streams.
        corruption: Kind of noise (section 3.3).
        noise_level: ν, a fraction, or σ for Gaussian noise.
        learning_rate: Per-example learning rate (Table 2, lRate).
        batch_size: Examples per update.
        tied: Whether W' = Wᵀ (section 2.2).
        reconstruction: ``cross-entropy`` with a sigmoid decoder, for x in [0, 1], or ``squared`` with a linear one.
        emphasis: (α, β), the weights of corrupted and untouched components (section 3.4).
        weight_decay: λ of an L2 penalty λ/2 · ‖W‖² per example, on both matrices where they are not tied (section 5.1).
        value_range: Minimum and maximum of x, for salt-and-pepper noise.
        seed: Seed of the initial weights and the noise.
        encoder: The module to train, shared with a classifier; default: a new one.
        noisy_input: Training with noisy inputs (section 6.4): converts the raw input to the input of this layer, with
            new noise at every presentation; None if the examples are already the input of this layer.

    Raises:
        SdaeError: If a name, a number or the encoder's size cannot be used; in training, if a batch is not
            (n, d) finite numbers, or the cross-entropy is negative: inputs lie outside [0, 1].
    """

    def __init__(
        self,
        n_visible: int,
        n_hidden: int,
        layer: int = 1,
        corruption: CorruptionName = "masking",
        noise_level: float = 0.25,
        learning_rate: float = 0.01,
        batch_size: int = 1,
        tied: bool = True,
        reconstruction: ReconstructionName = "cross-entropy",
        emphasis: tuple[float, float] = (1.0, 1.0),
        weight_decay: float = 0.0,
        value_range: tuple[float, float] = (0.0, 1.0),
        seed: int = 1,
        encoder: nn.Linear | None = None,
        noisy_input: NoisyInput | None = None,
    ) -> None:
        """Build the encoder and the decoder at their random start."""
        loss = by_name(RECONSTRUCTIONS, reconstruction, "reconstruction")
        super().__init__(n_visible, n_hidden, layer, learning_rate, batch_size, weight_decay, loss, seed, encoder)
        self.save_hyperparameters(ignore=["encoder", "noisy_input"], logger=False)
        self.emphasis, self.noisy_input = emphasis, noisy_input
        self.corrupt = make_corruption(corruption, noise_level, *value_range)
        self.decoder_weight: nn.Parameter | None = None
        if not tied:
            self.decoder_weight = nn.Parameter(
                initialise(nn.Linear(n_hidden, n_visible), seed, "decoder", layer).weight.detach()
            )

    @property
    def settings(self) -> dict[str, Any]:
        """Everything that its weights depend on; with noisy inputs, also the noise on the raw input."""
        return {**super().settings, "noisy_input": None if self.noisy_input is None else repr(self.noisy_input)}

    @property
    def decoder_matrix(self) -> Tensor:
        """W', (d, d'): one of its own, or the encoder's transposed."""
        return self.encoder.weight.t() if self.decoder_weight is None else self.decoder_weight

    def loss(self, x: Tensor, x_tilde: Tensor, corrupted: Tensor) -> Tensor:
        """Return the emphasised reconstruction error, summed over examples (n, d), differentiable (section 3.4)."""
        weight = emphasis_weight(corrupted, *self.emphasis)
        return self.reconstruction.loss(x, self.decoder_input(self.encode(x_tilde)), weight)

    def draw_from(self, examples: Tensor | None) -> None:
        """Take the examples that swap noise draws from."""
        self.corrupt = drawing_from(self.corrupt, examples)
        if self.noisy_input is not None:
            self.noisy_input.draw_from(examples)

    @torch.no_grad()
    def training_step(self, batch: Tensor | Sequence[Tensor], batch_idx: int) -> None:
        """Take a gradient step for each minibatch, by default each example, of a block of examples (n, d)."""
        block = examples_of(batch)
        if self.noisy_input is not None:
            block = self.noisy_input(block, self.noise)
        check_inputs(block, self.encoder)
        x_tilde, corrupted = self.corrupt(block, self.noise)
        weight = emphasis_weight(corrupted, *self.emphasis)
        encoder = parameters_of(self.encoder)
        decoder = (
            None if self.decoder_weight is None else self.decoder_weight.detach(),
            self.decoder_bias.detach(),
        )
        # Looked up once: a Module's attribute costs as much as an operation on a minibatch.
        learning_rate, reconstruction = self.learning_rate, self.reconstruction
        step = encoder, decoder, reconstruction, learning_rate
        summed_loss = None
        if self.batch_size == 1:
            summed_loss = online.autoencoder_block(block, x_tilde, *step, weight, self.kept(1))
        if summed_loss is None:
            summed_loss = torch.zeros((), device=block.device)
            for start in range(0, len(block), self.batch_size):
                rows = slice(start, start + self.batch_size)
                emphasis = None if weight is None else weight[rows]
                x = block[rows]
                summed_loss += autoencoder_step(x, x_tilde[rows], *step, emphasis, self.kept(len(x)))
        self.count(summed_loss, len(block))
