"""Decoder outputs and the reconstruction errors that go with them (sections 2.2, 3.1 and 3.4).

The paper restricts itself to two pairs: an affine + sigmoid decoder with the cross-entropy loss, and an affine decoder
with the squared error. Each pair is one object here, because the gradient is simple only for the pair. Losses are sums
over components and over the examples of a minibatch; a weight an element carries the emphasis of section 3.4.
"""

from typing import Literal, Protocol

import torch
import torch.nn.functional as F
from torch import Tensor

ReconstructionName = Literal["cross-entropy", "squared"]


class Reconstruction(Protocol):
    """An output nonlinearity, its loss, and the gradient of the loss."""

    def output(self, a: Tensor) -> Tensor:
        """Map the decoder's pre-activation a = W'y + b' to the reconstruction z (Equation 3)."""
        ...

    def loss(self, x: Tensor, a: Tensor, weight: Tensor | None = None) -> Tensor:
        """Return ΣL(x, z) over a minibatch, a scalar, from the pre-activation ``a``; ``x`` and ``a`` are (n, d)."""
        ...

    def gradient(self, x: Tensor, z: Tensor, weight: Tensor | None = None) -> Tensor:
        """Return ∂L/∂a, shape (n, d), from the reconstruction ``z``."""
        ...


class CrossEntropy:
    """L_IH(x, z) = −Σ_j [x_j log z_j + (1 − x_j) log(1 − z_j)] with z = s(a), for x in [0, 1]ᵈ (section 2.2)."""

    def output(self, a: Tensor) -> Tensor:
        """Return z = s(a)."""
        return torch.sigmoid(a)

    def loss(self, x: Tensor, a: Tensor, weight: Tensor | None = None) -> Tensor:
        """Return the summed cross-entropy, exact also where z rounds to 0 or 1; never negative for x in [0, 1]."""
        return F.binary_cross_entropy_with_logits(a, x, weight, reduction="sum")

    def gradient(self, x: Tensor, z: Tensor, weight: Tensor | None = None) -> Tensor:
        """Return z − x, weighted."""
        return z - x if weight is None else (z - x) * weight


class SquaredError:
    """L_2(x, z) = ‖x − z‖² with z = a, for real-valued x (sections 2.2 and 3.1)."""

    def output(self, a: Tensor) -> Tensor:
        """Return z = a."""
        return a

    def loss(self, x: Tensor, a: Tensor, weight: Tensor | None = None) -> Tensor:
        """Return the summed squared error."""
        error = (x - a).square()
        return error.sum() if weight is None else (error * weight).sum()

    def gradient(self, x: Tensor, z: Tensor, weight: Tensor | None = None) -> Tensor:
        """Return 2 (z − x), weighted."""
        return 2 * (z - x) if weight is None else 2 * (z - x) * weight


RECONSTRUCTIONS: dict[ReconstructionName, Reconstruction] = {"cross-entropy": CrossEntropy(), "squared": SquaredError()}


def rate_of_linear_decoder(n_hidden: int, batch_size: int) -> float:
    """Return a per-example learning rate, 1 / (d' · batch size), at which a linear decoder's training does not diverge.

    An update reduces an example's own squared error by the fraction 2ε‖y‖², with ‖y‖² about d'/4 at the start, so that
    training oscillates from ε = 4 / d', and diverges beyond it. A minibatch takes as many steps at once, in much the
    same direction, as the units are near 1/2 at the start.

    Args:
        n_hidden: Number of hidden units d'.
        batch_size: Examples per update.
    """
    return 1 / (n_hidden * batch_size)


def emphasis_weight(corrupted: Tensor, alpha: float, beta: float) -> Tensor | None:
    """Return α on corrupted components and β on the others (section 3.4), or None where both are 1.

    Args:
        corrupted: The mask J(x̃), Boolean, any shape.
        alpha: Weight of the corrupted components; (α, β) = (1, 0) is the paper's full emphasis.
        beta: Weight of the untouched components.
    """
    if alpha == beta == 1:
        return None
    untouched = torch.full(corrupted.shape, beta, dtype=torch.float32, device=corrupted.device)
    return untouched.masked_fill_(corrupted, alpha)
