"""The stack with a logistic layer on top, fine-tuned as a whole (section 3.5, Figure 4)."""

import warnings
from typing import cast

import torch
import torch.nn.functional as F
from lightning import LightningModule
from torch import Tensor, nn

from sdae.errors import Diverged, SdaeError
from sdae.functional import online
from sdae.functional.backpropagation import classifier_step
from sdae.functional.error_rate import ErrorRate
from sdae.functional.updates import check_update
from sdae.models.batch import check_inputs, check_targets
from sdae.models.layer import encode, new_encoder, parameters_of
from sdae.settings.per_layer import per_layer
from sdae.tracking.keys import ERROR, LOSS, VALID_ERROR, VALID_LOSS


class Classifier(LightningModule):
    """A deep network: sigmoid layers, then multi-class logistic regression.

    Pretraining trains the very same encoders, so fine-tuning starts from them without copying anything.

    Args:
        n_features: Number of input components d, given by the problem.
        n_classes: Number of classes m, given by the problem; 0 if it has none, so that nothing is fine-tuned.
        n_layers: Number of hidden layers (Table 2, nHLay: 1, 2 or 3).
        n_units: Units of every hidden layer (Table 2, nHUnit: 1000, 2000 or 3000), or a list with one for each.
        learning_rate: Fine-tuning's per-example learning rate (Table 2, lRateSup), given by ``fine_tuning``.
        batch_size: Fine-tuning's examples per update, given by ``fine_tuning``.
        seed: Seed of the initial weights, given by ``seed_everything``.

    Raises:
        SdaeError: If a number is not positive, or a list disagrees with the number of layers.
    """

    learning_rate: Tensor
    summed_loss: Tensor

    def __init__(
        self,
        n_features: int,
        n_classes: int,
        n_layers: int = 3,
        n_units: int | list[int] = 1000,
        learning_rate: float = 0.1,
        batch_size: int = 1,
        seed: int = 1,
    ) -> None:
        """Build the network at its random start, the output layer at zero."""
        super().__init__()
        if n_layers < 1:
            raise SdaeError(f"model.n_layers: at least one hidden layer, not {n_layers}")
        self.n_units = per_layer(n_units, n_layers, "model.n_units")
        if min(self.n_units) < 1:
            raise SdaeError(f"model.n_units: at least one unit per layer, not {min(self.n_units)}")
        check_update(learning_rate, batch_size, within="fine_tuning.")
        self.save_hyperparameters(logger=False)
        self.automatic_optimization = False
        self.batch_size, self.seed = batch_size, seed
        sizes = [n_features, *self.n_units]
        self.encoders = nn.ModuleList(
            new_encoder(n_visible, n_hidden, k, seed)
            for k, (n_visible, n_hidden) in enumerate(zip(sizes[:-1], sizes[1:], strict=True), start=1)
        )
        # The output layer starts at zero, as in the authors' tutorial code: every class is equally probable at first.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of torch's own start, where there are no classes
            self.output = nn.Linear(sizes[-1], n_classes)
        nn.init.zeros_(self.output.weight)
        nn.init.zeros_(self.output.bias)
        self.register_buffer("learning_rate", torch.tensor(learning_rate), persistent=False)
        self.register_buffer("summed_loss", torch.zeros((), dtype=torch.float64), persistent=False)
        self.presented = 0
        self.valid_error, self.test_error = ErrorRate(), ErrorRate()

    @property
    def n_layers(self) -> int:
        """Number of hidden layers."""
        return len(self.encoders)

    @property
    def hidden(self) -> list[nn.Linear]:
        """The encoders, from the input up."""
        return cast(list[nn.Linear], list(self.encoders))

    def representation(self, x: Tensor, layer: int) -> Tensor:
        """Return the representation at hidden layer ``layer`` for examples (n, d); layer 0 is the input itself.

        Raises:
            SdaeError: If there is no such layer.
        """
        if not 0 <= layer <= self.n_layers:
            raise SdaeError(f"layer {layer} does not exist; the stack has layers 1 to {self.n_layers}, 0 is the input")
        for encoder in self.hidden[:layer]:
            x = encode(encoder, x)
        return x

    def forward(self, x: Tensor) -> Tensor:
        """Return the scores of the classes, (n, m); their softmax is p(t|x)."""
        return self.output(self.representation(x, self.n_layers))

    def configure_optimizers(self) -> list:
        """Return none: the update is part of the step."""
        return []

    def on_train_epoch_start(self) -> None:
        """Start the epoch's mean loss."""
        self.summed_loss.zero_()
        self.presented = 0

    @torch.no_grad()
    def training_step(self, batch: tuple[Tensor, Tensor], batch_idx: int) -> None:
        """Take a gradient step for each minibatch, by default each example, of a block (n, d) with classes (n,).

        Raises:
            SdaeError: If examples are not (n, d) finite numbers, or a class is not one of 0 to m − 1; nothing is
                trained on the block.
        """
        x, t = batch[0], batch[1]
        check_inputs(x, self.hidden[0])
        check_targets(t, len(x), self.output.out_features)
        t = t.long()
        layers = [parameters_of(linear) for linear in (*self.hidden, self.output)]
        # Looked up once: a Module's attribute costs as much as an operation on a minibatch.
        learning_rate = self.learning_rate
        summed_loss = online.classifier_block(x, t, layers, learning_rate) if self.batch_size == 1 else None
        if summed_loss is None:
            summed_loss = torch.zeros((), device=x.device)
            for start in range(0, len(x), self.batch_size):
                rows = slice(start, start + self.batch_size)
                summed_loss += classifier_step(x[rows], t[rows], layers, learning_rate)
        self.summed_loss += summed_loss
        self.presented += len(x)

    def on_train_epoch_end(self) -> None:
        """Report the mean negative log-likelihood, read from the device once per epoch."""
        loss = self.summed_loss / self.presented
        if not torch.isfinite(loss):
            raise Diverged(
                f"fine-tuning: the loss became {loss.item()} in epoch {self.current_epoch + 1}; "
                f"lower fine_tuning.learning_rate (now {self.learning_rate.item():g})"
            )
        self.log(LOSS, loss)

    def validation_step(self, batch: tuple[Tensor, Tensor], batch_idx: int) -> None:
        """Count the errors on the validation set, used for hyperparameters and early stopping."""
        x, t = batch[0], batch[1].long()
        scores = self(x)
        self.valid_error.update(scores, t)
        self.log(VALID_LOSS, F.cross_entropy(scores, t), batch_size=len(t))
        self.log(VALID_ERROR, self.valid_error)

    def test_step(self, batch: tuple[Tensor, Tensor], batch_idx: int) -> None:
        """Count the errors on the test set."""
        x, t = batch
        self.test_error.update(self(x), t)
        self.log(ERROR, self.test_error)
