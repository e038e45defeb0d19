"""The restricted Boltzmann machine, one layer of a deep belief network (section 6.2; Hinton et al., 2006)."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from sdae.errors import SdaeError, by_name
from sdae.functional import online
from sdae.functional.contrastive_divergence import (
    VISIBLE,
    VisibleName,
    bernoulli,
    check_cd_steps,
    contrastive_divergence_step,
    free_energy,
    pseudo_log_likelihood,
)
from sdae.models.batch import check_inputs, examples_of
from sdae.models.layer import Layer, parameters_of
from sdae.seeds import generator
from sdae.tracking.keys import FREE_ENERGY_GAP, PSEUDO_LIKELIHOOD

MAX_ERROR_RATIO = 10.0  # to the error at the start, or of reconstructing everything as 0, whichever is more
MANY = 10  # hidden units per visible unit


class RBM(Layer):
    """A restricted Boltzmann machine, trained by contrastive divergence; its encoder is the hidden units' mean field.

    While it trains it reports the reconstruction error. With a validation loader it also reports, for binary units, the
    pseudo-log-likelihood of validation examples; for Gaussian ones that is an integral without a closed form. With a
    second one, which serves as many training examples, it reports the gap of the free energy, that of validation
    examples less that of training examples, which grows where it overfits: ``Trainer.fit(rbm, train, [valid, some])``.

    Args:
        n_visible: Number of visible units d.
        n_hidden: Number of hidden units d'.
        layer: Position in the stack, counted from 1; it chooses the random streams.
        visible: ``binary``, for values in [0, 1], interpreted as probabilities; or ``gaussian`` of unit variance, for
            standardised data.
        cd_steps: k of CD-k.
        persistent: Whether the chains persist from update to update instead of starting at the data.
        sampled_inputs: Whether binary visible units are drawn anew at each presentation, with the example's values as
            probabilities (stochastic binarisation); else the values themselves are in the statistics of the data.
        learning_rate: Per-example learning rate (Table 2, lRate).
        batch_size: Examples per update.
        weight_decay: λ of an L2 penalty λ/2 · ‖W‖² per example.
        seed: Seed of the initial weights and of every draw.
        encoder: The module to train, shared with a classifier; default: a new one.

    Raises:
        SdaeError: If a name is unknown, a number is out of range, the inputs of Gaussian units are to be sampled, or
            the encoder is of another size; in training, if a batch is not (n, d) finite numbers, inputs to be sampled
            lie outside [0, 1], or the reconstruction error of binary units is negative, which has the same cause.
    """

    squares: Tensor
    start: Tensor | None
    chains: Tensor | None
    monitored = True
    outside = "inputs lie outside [0, 1]; scale them, or visible: gaussian"

    def __init__(
        self,
        n_visible: int,
        n_hidden: int,
        layer: int = 1,
        visible: VisibleName = "binary",
        cd_steps: int = 1,
        persistent: bool = False,
        sampled_inputs: bool = False,
        learning_rate: float = 0.01,
        batch_size: int = 1,
        weight_decay: float = 0.0,
        seed: int = 1,
        encoder: nn.Linear | None = None,
    ) -> None:
        """Build the machine at its random start, persistent chains with every hidden unit off."""
        units = by_name(VISIBLE, visible, "visible")
        check_cd_steps(cd_steps)
        if sampled_inputs and visible != "binary":
            raise SdaeError("sampled_inputs: only binary visible units have probabilities to sample from")
        super().__init__(n_visible, n_hidden, layer, learning_rate, batch_size, weight_decay, units, seed, encoder)
        self.save_hyperparameters(ignore=["encoder"], logger=False)
        self.visible, self.cd_steps, self.sampled_inputs = visible, cd_steps, sampled_inputs
        self.register_buffer("chains", torch.zeros(batch_size, n_hidden) if persistent else None)
        # The reconstruction error at the random start: many units on few components begin far above ‖v‖².
        self.register_buffer("start", torch.zeros((), dtype=torch.float64) if visible == "gaussian" else None)
        self.register_buffer("squares", torch.zeros((), dtype=torch.float64), persistent=False)

    @property
    def parameters_of_energy(self) -> tuple[Tensor, Tensor, Tensor]:
        """W, b and c of the energy, sharing memory with the module."""
        return *parameters_of(self.encoder), self.decoder_bias.detach()

    def on_train_epoch_start(self) -> None:
        """Open this epoch's stream of draws."""
        super().on_train_epoch_start()
        self.squares.zero_()

    @torch.no_grad()
    def training_step(self, batch: Tensor | Sequence[Tensor], batch_idx: int) -> None:
        """Take a step of contrastive divergence for each minibatch, by default each example, of a block (n, d)."""
        block = examples_of(batch)
        check_inputs(block, self.encoder)
        if self.sampled_inputs:
            if block.min() < 0 or block.max() > 1:  # a draw would hide it from the reconstruction error
                raise SdaeError(f"layer {self.layer}: {self.outside}")
            block = bernoulli(block, self.noise)
        if self.start is not None and self.start == 0:
            self.start.fill_((block - self.decode(self.encode(block))).square().sum(1).mean())
        w, b, c = self.parameters_of_energy
        # Looked up once: a Module's attribute costs as much as an operation on a minibatch.
        learning_rate, chains, noise = self.learning_rate, self.chains, self.noise
        step = self.visible, learning_rate, noise, self.cd_steps, chains
        summed_loss = online.machine_block(block, w, b, c, *step, self.kept(1)) if self.batch_size == 1 else None
        if summed_loss is None:
            summed_loss = torch.zeros((), device=block.device)
            for v in block.split(self.batch_size):
                summed_loss += contrastive_divergence_step(v, w, b, c, *step, self.kept(len(v)))
        self.count(summed_loss, len(block))
        if self.visible == "gaussian":
            self.squares += block.square().sum()

    def out_of_bounds(self, loss: Tensor) -> bool:
        """Return whether linear units have diverged: sampled hidden units keep the error finite for a while."""
        if self.start is None:
            return False
        return bool(loss > MAX_ERROR_RATIO * torch.maximum(self.squares / self.presented, self.start))

    @property
    def remedy(self) -> str:
        """Advice if it diverges: many units on few Gaussian components add up to large steps."""
        n_hidden, n_visible = self.encoder.weight.shape
        if self.visible != "gaussian" or n_hidden < MANY * n_visible:
            return super().remedy
        return f"{super().remedy}, or model.n_units ({n_hidden} units on {n_visible} components)"

    def on_validation_epoch_start(self) -> None:
        """Clear the free energies of the previous epoch."""
        self.energies: tuple[list[Tensor], list[Tensor]] = ([], [])

    def validation_step(self, batch: Tensor | Sequence[Tensor], batch_idx: int, dataloader_idx: int = 0) -> None:
        """Add up free energies of validation examples (loader 0), and of training examples (loader 1, if any)."""
        v = examples_of(batch)
        self.energies[dataloader_idx].append(free_energy(v, *self.parameters_of_energy, self.visible))
        if dataloader_idx == 0 and self.visible == "binary":
            stream = generator(
                self.seed, "pseudo-likelihood", self.layer, self.current_epoch, batch_idx, device=self.device
            )
            likelihood = pseudo_log_likelihood(v, *self.parameters_of_energy, stream).mean()
            self.log(PSEUDO_LIKELIHOOD, likelihood, batch_size=len(v), add_dataloader_idx=False)

    def on_validation_epoch_end(self) -> None:
        """Report the gap of the free energy per example, in nats, if there are training examples to compare with."""
        if all(self.energies):
            valid, train = (torch.cat(parts).double().mean() for parts in self.energies)
            self.log(FREE_ENERGY_GAP, valid - train)
