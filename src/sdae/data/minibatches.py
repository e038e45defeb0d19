"""Resident examples, served as tensors of many minibatches each.

A DataLoader that collates single examples costs as much as the mathematics at batches of 20. Here one item is a *block*
of about a thousand rows, gathered with a single indexing call and cut into minibatches by the model, which updates its
weights inside the block.
"""

from collections.abc import Callable, Iterator

import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset, Sampler

from sdae.seeds import generator

# Large enough that Lightning's cost of a batch (about a millisecond) vanishes, small enough for the caches: 1,000 rows
# of 784 are 3 MB. It belongs to the definition of the noise streams, which are drawn a block at a time.
BLOCK_ROWS = 1000

Noise = Callable[[Tensor, torch.Generator], tuple[Tensor, Tensor]]  # x to its corrupted self, and where it differs


class ResidentRows(Dataset[tuple[Tensor, ...]]):
    """Tensors of equal length, indexed by a tensor of row numbers or a slice; nothing is copied until then."""

    def __init__(self, *tensors: Tensor) -> None:
        """Keep the tensors where they are."""
        self.tensors = tensors

    def __len__(self) -> int:
        """Return the number of examples."""
        return len(self.tensors[0])

    def __getitem__(self, rows: Tensor | slice) -> tuple[Tensor, ...]:
        """Return the rows of every tensor."""
        return tuple(tensor[rows] for tensor in self.tensors)


class ShuffledBlocks(Sampler[Tensor]):
    """Row numbers in a new random order every epoch, a block at a time.

    The order depends on (seed, purpose, epoch) alone, and so does ``noise``, the stream of the epoch's noise. Lightning
    calls :meth:`set_epoch`, also when it resumes.
    """

    def __init__(self, n: int, block: int, seed: int, *purpose: str | int, device: torch.device | str = "cpu") -> None:
        """Shuffle ``n`` rows in blocks of ``block``, for use on ``device``."""
        self.n, self.block, self.seed, self.purpose, self.device = n, block, seed, purpose, device
        self.epoch = 0
        self.noise = torch.Generator(device)

    def set_epoch(self, epoch: int) -> None:
        """Choose the epoch whose order is drawn next."""
        self.epoch = epoch

    def __len__(self) -> int:
        """Return the number of blocks."""
        return -(-self.n // self.block)

    def __iter__(self) -> Iterator[Tensor]:
        """Yield the row numbers of each block, on the data's device."""
        # A generator, drawn from at the first block: Lightning opens a resumed loader before it sets the epoch.
        order = torch.randperm(self.n, generator=generator(self.seed, "order", *self.purpose, "epoch", self.epoch))
        self.noise = generator(self.seed, "noise", *self.purpose, "epoch", self.epoch, device=self.device)
        yield from order.to(self.device).split(self.block)


class Slices(Sampler[slice]):
    """The rows in order, a block at a time."""

    def __init__(self, n: int, block: int = BLOCK_ROWS) -> None:
        """Cut ``n`` rows into blocks of ``block``."""
        self.n, self.block = n, block

    def __len__(self) -> int:
        """Return the number of blocks."""
        return -(-self.n // self.block)

    def __iter__(self) -> Iterator[slice]:
        """Yield a slice for each block."""
        return (slice(start, start + self.block) for start in range(0, self.n, self.block))


class Corrupted(Dataset[tuple[Tensor, ...]]):
    """Rows of examples and their classes, with noise on the examples, drawn afresh at every presentation.

    A block's noise comes from the stream of the epoch that the blocks' order is of, a block after the other.
    """

    def __init__(self, rows: ResidentRows, blocks: ShuffledBlocks, corrupt: Noise) -> None:
        """Draw nothing yet."""
        self.rows, self.blocks, self.corrupt = rows, blocks, corrupt

    def __getitem__(self, rows: Tensor) -> tuple[Tensor, ...]:
        """Return the rows, the first tensor's corrupted."""
        x, *others = self.rows[rows]
        return self.corrupt(x, self.blocks.noise)[0], *others


def shuffled(
    *tensors: Tensor, batch_size: int, seed: int, purpose: tuple[str | int, ...], corrupt: Noise | None = None
) -> DataLoader:
    """Serve examples in a new order every epoch, in blocks of whole minibatches of ``batch_size``.

    Args:
        tensors: Examples (n, d), and their classes where they have some.
        batch_size: Examples per update.
        seed: Seed of the order, and of the noise.
        purpose: Purpose of the examples, which chooses the random streams.
        corrupt: Noise on the examples; default: none.
    """
    block = batch_size * max(1, BLOCK_ROWS // batch_size)
    rows = ResidentRows(*tensors)
    sampler = ShuffledBlocks(len(rows), block, seed, *purpose, device=tensors[0].device)
    served = rows if corrupt is None else Corrupted(rows, sampler, corrupt)
    return DataLoader(served, sampler=sampler, batch_size=None)


def in_order(*tensors: Tensor) -> DataLoader:
    """Serve examples in their own order, for evaluation."""
    rows = ResidentRows(*tensors)
    return DataLoader(rows, sampler=Slices(len(rows)), batch_size=None)
