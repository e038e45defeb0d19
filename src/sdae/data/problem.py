"""What every problem of Table 1 has in common: sizes, splits, provenance, and one cached file."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar, Literal, NamedTuple

import torch
from lightning import LightningDataModule
from lightning.pytorch.utilities.rank_zero import rank_zero_info
from torch import Tensor
from torch.utils.data import DataLoader

from sdae.data.archive import Unreachable
from sdae.data.cache import Arrays, cached
from sdae.errors import SdaeError
from sdae.minibatches import in_order

Source = Literal["auto", "original", "generated"]
Provenance = Literal["original", "generated", "local"]


class Examples(NamedTuple):
    """One split: examples x (n, d), float32, and their classes t (n,), int64."""

    x: Tensor
    t: Tensor

    def to(self, device: torch.device) -> "Examples":
        """Move to a device."""
        return Examples(self.x.to(device), self.t.to(device))


class Sizes(NamedTuple):
    """Numbers of examples, as in Table 1's last column."""

    train: int
    valid: int
    test: int


def data_root(root: Path | None) -> Path:
    """Return the data folder: the one given, ``$SDAE_DATA``, or ``~/.cache/sdae``."""
    return Path(root or os.environ.get("SDAE_DATA") or Path.home() / ".cache" / "sdae").expanduser()


class Problem(LightningDataModule):
    """A classification problem with the splits of Table 1, resident in memory.

    Args:
        root: Data folder; ``$SDAE_DATA`` or ``~/.cache/sdae`` where none is given. Originals are looked for in its
            ``mnist/`` and ``icml2007/``, parsed files are kept in its ``cache/``.
        source: original insists on the published files, found or fetched; generated on the recipe; auto takes the
            originals where they are on disk or can be fetched, else generates, and says which.
        train_size: Number of training examples; Table 1's where none is given. More than that is generated.
        seed: Seed of what is generated. It is no part of a run's own seed: two runs with different seeds see the same
            data.

    Raises:
        SdaeError: If ``train_size`` is not positive.
    """

    name: ClassVar[str]
    sizes: ClassVar[Sizes]
    n_features: int = 784
    n_classes: int = 10
    value_range: tuple[float, float] = (0.0, 1.0)
    image_shape: tuple[int, int] | None = (28, 28)
    recipe: ClassVar[int | None] = None  # version of the recipe, raised when it changes; None where there is none

    provenance: Provenance
    train: Examples
    valid: Examples
    test: Examples

    def __init__(
        self, root: Path | None = None, source: Source = "auto", train_size: int | None = None, seed: int = 1
    ) -> None:
        """Load nothing yet."""
        super().__init__()
        if train_size is not None and train_size < 1:
            raise SdaeError(f"data.train_size: at least one example, not {train_size}")
        self.root, self.source, self.seed = data_root(root), source, seed
        self.train_size = train_size or self.sizes.train
        self._arrays: Arrays | None = None

    def read_original(self, fetch: bool) -> Arrays:
        """Read the published files, fetching them first where they are missing and ``fetch`` allows it.

        Raises:
            Unreachable: If they are neither on disk nor to be fetched.
            SdaeError: If they are damaged.
        """
        raise Unreachable(f"{self.name}: has no published archive; use --data.source generated")

    def generate(self) -> Arrays:
        """Make the problem by its recipe, with ``train_size`` training examples, from ``seed``."""
        raise SdaeError(f"data.source: {self.name} has no recipe; use original, or auto")

    def prepare_data(self) -> None:
        """Have the problem parsed, or generated, in the data folder's cache.

        Raises:
            SdaeError: If a file is missing, damaged or cannot be written, with what to do about it.
        """
        if self._arrays is not None:
            return
        more = self.train_size > self.sizes.train
        if more and self.source == "original":
            raise SdaeError(
                f"data.train_size: the original {self.name} has {self.sizes.train} training examples, not "
                f"{self.train_size}; use --data.source generated"
            )
        if self.source == "generated" or (more and self.recipe is not None):
            self._arrays, self.provenance = self._generated(), "generated"
            return
        try:
            self._arrays, self.provenance = self._original(), "original"
        except Unreachable as unreachable:
            if self.source == "original" or self.recipe is None:
                raise
            rank_zero_info(f"{self.name}: {unreachable.short}; generating it by its recipe")
            self._arrays, self.provenance = self._generated(), "generated"

    def _original(self) -> Arrays:
        return cached(self.root, f"{self.name}-original", lambda: self.read_original(fetch=True))

    def _generated(self) -> Arrays:
        if self.recipe is None:
            return self.generate()  # says that there is none
        name = f"{self.name}-generated-recipe{self.recipe}-seed{self.seed}-train{self.train_size}"
        return cached(self.root, name, self.generate, required=True)

    def setup(self, stage: str | None = None) -> None:
        """Hold every split in memory as float32."""
        if self._arrays is None:
            self.prepare_data()
        arrays = self._arrays
        assert arrays is not None
        n = min(self.train_size, len(arrays.train_t))
        self.train = self._examples("train", arrays.train_x[:n], arrays.train_t[:n], arrays.scale)
        self.valid = self._examples("valid", arrays.valid_x, arrays.valid_t, arrays.scale)
        self.test = self._examples("test", arrays.test_x, arrays.test_t, arrays.scale)

    def _examples(self, split: str, x, t, scale: float) -> Examples:  # noqa: ANN001
        inputs = torch.from_numpy(x).to(torch.float32).div_(scale)
        return Examples(inputs, torch.from_numpy(t).to(torch.int64))

    @property
    def splits(self) -> dict[str, Examples]:
        """The three splits by name."""
        return {"train": self.train, "valid": self.valid, "test": self.test}

    def to(self, device: torch.device) -> None:
        """Move what training reads at every epoch to the training device; the test set, read once, stays."""
        self.train, self.valid = self.train.to(device), self.valid.to(device)

    def train_dataloader(self) -> DataLoader:
        """Serve the training set in order; ``fit`` shuffles it by the run's seed instead."""
        return in_order(*self.train)

    def val_dataloader(self) -> DataLoader:
        """Serve the validation set."""
        return in_order(*self.valid)

    def test_dataloader(self) -> DataLoader:
        """Serve the test set."""
        return in_order(*self.test)
