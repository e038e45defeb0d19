"""What `fit` is measured against: the same epoch in plain torch, written three ways.

(a) the tightest loop we could write: gradient by hand, update in place, no module, no loss on screen;
(b) the ordinary way: nn.Module, torch.optim.SGD, DataLoader(TensorDataset);
(c) the ordinary Lightning way: a LightningModule with automatic optimization, a DataLoader, self.log, a progress bar
    and checkpoints, all as in Lightning's own introduction.
"""

import contextlib
import io
import tempfile
import time

import torch
import torch.nn.functional as F
from lightning import LightningModule, Trainer
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

NOISE = 0.25


def uniform(n_out: int, n_in: int) -> Tensor:
    """Draw weights in ±1/√fan_in."""
    return (torch.rand(n_out, n_in) * 2 - 1) / n_in**0.5


class HandWrittenAutoencoder:
    """Yardstick (a) for pretraining: 784-1000 sigmoid units, masking noise, cross-entropy; tied or untied."""

    def __init__(self, x: Tensor, n_hidden: int, batch_size: int, learning_rate: float, tied: bool) -> None:
        """Draw the weights."""
        d = x.shape[1]
        self.x, self.batch_size, self.rate, self.tied = x, batch_size, learning_rate, tied
        self.w, self.b = uniform(n_hidden, d), torch.zeros(n_hidden)
        self.v, self.c = self.w.t() if tied else uniform(d, n_hidden), torch.zeros(d)

    @torch.no_grad()
    def epoch(self) -> None:
        """Present every example once."""
        w, b, v, c, rate, size = self.w, self.b, self.v, self.c, self.rate, self.batch_size
        for rows in torch.randperm(len(self.x)).split(1000):
            block = self.x[rows]
            corrupted = block.masked_fill(torch.rand(block.shape) < NOISE, 0.0)
            for start in range(0, len(block), size):
                x, x_tilde = block[start : start + size], corrupted[start : start + size]
                y = torch.addmm(b, x_tilde, w.t()).sigmoid_()
                delta = torch.addmm(c, y, v.t()).sigmoid_().sub_(x)
                below = torch.mm(delta, v).mul_(y).mul_(1 - y)
                if self.tied:  # both gradients in one product
                    w.addmm_(torch.cat((below, y)).t(), torch.cat((x_tilde, delta)), alpha=-rate)
                else:
                    v.addmm_(delta.t(), y, alpha=-rate)
                    w.addmm_(below.t(), x_tilde, alpha=-rate)
                c.add_(delta.sum(0), alpha=-rate)
                b.add_(below.sum(0), alpha=-rate)


class HandWrittenMachine:
    """Yardstick (a) for CD-1: 784-1000 binary units, the hidden ones by their means in the update."""

    def __init__(self, x: Tensor, n_hidden: int, batch_size: int, learning_rate: float) -> None:
        """Draw the weights."""
        d = x.shape[1]
        self.x, self.batch_size, self.rate = x, batch_size, learning_rate
        self.w, self.b, self.c = uniform(n_hidden, d), torch.zeros(n_hidden), torch.zeros(d)

    @torch.no_grad()
    def epoch(self) -> None:
        """Present every example once."""
        w, b, c, rate, size = self.w, self.b, self.c, self.rate, self.batch_size
        for rows in torch.randperm(len(self.x)).split(1000):
            block = self.x[rows]
            for start in range(0, len(block), size):
                v = block[start : start + size]
                h = torch.addmm(b, v, w.t()).sigmoid_()
                mean = torch.addmm(c, torch.rand(h.shape).lt_(h), w).sigmoid_()
                v_1 = torch.rand(mean.shape).lt_(mean)
                h_1 = torch.addmm(b, v_1, w.t()).sigmoid_()
                w.addmm_(h.t(), v, alpha=rate)
                w.addmm_(h_1.t(), v_1, alpha=-rate)
                b.add_((h - h_1).sum(0), alpha=rate)
                c.add_((v - v_1).sum(0), alpha=rate)


class HandWrittenClassifier:
    """Yardstick (a) for fine-tuning: hand-written backprop with the update in place."""

    def __init__(self, x: Tensor, t: Tensor, sizes: list[int], batch_size: int, learning_rate: float) -> None:
        """Draw the weights."""
        self.x, self.t, self.batch_size, self.rate = x, t, batch_size, learning_rate
        self.w = [uniform(o, i) for i, o in zip(sizes[:-1], sizes[1:], strict=True)]
        self.b = [torch.zeros(o) for o in sizes[1:]]

    @torch.no_grad()
    def epoch(self) -> None:
        """Present every example once."""
        w, b, size, top = self.w, self.b, self.batch_size, len(self.w) - 1
        for rows in torch.randperm(len(self.x)).split(1000):
            block, targets = self.x[rows], self.t[rows]
            for start in range(0, len(block), size):
                ys = [block[start : start + size]]
                t = targets[start : start + size]
                for k in range(top):
                    ys.append(torch.addmm(b[k], ys[k], w[k].t()).sigmoid_())
                delta = torch.addmm(b[top], ys[top], w[top].t()).softmax(1)
                delta[torch.arange(len(t)), t] -= 1
                for k in range(top, -1, -1):
                    below = torch.mm(delta, w[k]).mul_(ys[k]).mul_(1 - ys[k]) if k else None
                    w[k].addmm_(delta.t(), ys[k], alpha=-self.rate)
                    b[k].add_(delta.sum(0), alpha=-self.rate)
                    if below is not None:
                        delta = below


class PlainModule(nn.Module):
    """The autoencoder as one writes it first."""

    def __init__(self, d: int, n_hidden: int) -> None:
        """Make two linear layers."""
        super().__init__()
        self.encoder, self.decoder = nn.Linear(d, n_hidden), nn.Linear(n_hidden, d)

    def loss(self, x: Tensor) -> Tensor:
        """Return the summed reconstruction error of a minibatch."""
        x_tilde = x * (torch.rand_like(x) >= NOISE)
        a = self.decoder(torch.sigmoid(self.encoder(x_tilde)))
        return F.binary_cross_entropy_with_logits(a, x, reduction="sum")


class PlainTorch:
    """Yardstick (b)."""

    def __init__(self, x: Tensor, n_hidden: int, batch_size: int, learning_rate: float) -> None:
        """Build module, optimizer and loader."""
        self.module = PlainModule(x.shape[1], n_hidden)
        self.optimizer = torch.optim.SGD(self.module.parameters(), lr=learning_rate)
        self.loader = DataLoader(TensorDataset(x), batch_size=batch_size, shuffle=True)

    def epoch(self) -> None:
        """Present every example once."""
        for (x,) in self.loader:
            self.optimizer.zero_grad()
            self.module.loss(x).backward()
            self.optimizer.step()


class PlainLightningModule(LightningModule):
    """The autoencoder as Lightning's introduction writes it."""

    def __init__(self, d: int, n_hidden: int, learning_rate: float) -> None:
        """Wrap the plain module."""
        super().__init__()
        self.module, self.rate = PlainModule(d, n_hidden), learning_rate

    def training_step(self, batch: list[Tensor], batch_idx: int) -> Tensor:
        """Return the loss."""
        loss = self.module.loss(batch[0])
        self.log("loss", loss, prog_bar=True)
        return loss

    def configure_optimizers(self) -> torch.optim.Optimizer:
        """Use SGD."""
        return torch.optim.SGD(self.parameters(), lr=self.rate)


class PlainLightning:
    """Yardstick (c)."""

    def __init__(self, x: Tensor, n_hidden: int, batch_size: int, learning_rate: float) -> None:
        """Build module and loader."""
        self.module = PlainLightningModule(x.shape[1], n_hidden, learning_rate)
        self.loader = DataLoader(TensorDataset(x), batch_size=batch_size, shuffle=True)

    def epochs(self, n: int) -> float:
        """Train for n epochs and return the seconds of one."""
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
            trainer = Trainer(max_epochs=n, default_root_dir=folder, accelerator="cpu", enable_model_summary=False)
            start = time.perf_counter()
            trainer.fit(self.module, self.loader)
            return (time.perf_counter() - start) / n
