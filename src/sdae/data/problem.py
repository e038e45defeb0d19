"""What every problem of Table 1 has in common: sizes, splits, provenance, and one cached file."""

import copy
import logging
import math
import os
from pathlib import Path
from typing import ClassVar, Literal, NamedTuple, Self

import numpy as np
import torch
from lightning import LightningDataModule
from torch import Tensor
from torch.utils.data import DataLoader

from sdae.data.cache import Arrays, cached
from sdae.data.folds import stratified
from sdae.data.icml2007.archive import Archive, Unreachable
from sdae.data.minibatches import in_order
from sdae.data.own.encoding import Encoding
from sdae.data.preprocessing import Preprocessing, fingerprint, refusal
from sdae.data.registry import Sizes
from sdae.data.scaling import Scaling, Unusable
from sdae.errors import SdaeError
from sdae.seeds import numpy_generator

log = logging.getLogger(__name__)

Source = Literal["auto", "original", "generated"]
Provenance = Literal["original", "generated", "local"]
SPLITS = ("train", "valid", "test")


class Examples(NamedTuple):
    """One split: examples x (n, d), float32, and their classes t (n,), int64; −1 is an unlabelled example's."""

    x: Tensor
    t: Tensor

    def to(self, device: torch.device) -> "Examples":
        """Move to a device."""
        return Examples(self.x.to(device), self.t.to(device))


def data_root(root: Path | None) -> Path:
    """Return the data folder: the one given, ``$SDAE_DATA``, or ``~/.cache/sdae``."""
    return Path(root or os.environ.get("SDAE_DATA") or Path.home() / ".cache" / "sdae").expanduser()


class Problem(LightningDataModule):
    """A classification problem with the splits of Table 1, resident in memory.

    ``n_classes`` 0 stands for examples without classes, whose t are all 0.

    Args:
        root: Data folder; default: ``$SDAE_DATA``, or ``~/.cache/sdae``. Originals are looked for in its
            ``mnist/`` and ``icml2007/``, parsed files are kept in its ``cache/``.
        source: original insists on the published files, found or fetched; generated on the recipe; auto takes the
            originals where they are on disk or can be fetched, else generates, and says which.
        train_size: Number of training examples; default: Table 1's. More than that is generated.
        seed: Seed of what is generated. It is no part of a run's own seed: two runs with different seeds see the same
            data.
        labels: Number of training examples with a label, drawn at random in the classes' proportions; default: all.
            Pretraining sees every training example, fine-tuning those with a label. Not in the paper.
        labels_seed: Seed of that draw.

    Raises:
        SdaeError: If ``train_size`` or ``labels`` is not positive.
    """

    name: str
    sizes: Sizes
    n_features: int = 784
    n_classes: int = 10
    value_range: tuple[float, float] = (0.0, 1.0)
    image_shape: tuple[int, int] | None = (28, 28)
    recipe: ClassVar[int | None] = None  # version of the recipe, raised when it changes; None where there is none
    folds: ClassVar[int | None] = None  # of its cross-validation; None where the splits are given
    note: ClassVar[str | None] = None  # what has to be said wherever its numbers appear

    fold: int | None = None  # the one whose splits are served; None stands for all of them, and serves the first
    provenance: Provenance
    class_names: tuple[str, ...] = ()  # in order; none where the classes are numbers
    observed: bool = False  # whether value_range is only what occurs in the data
    scaling: Scaling = Scaling()  # what was done to the inputs, known once they are loaded
    encoding: Encoding | None = None  # what made numbers of a table's columns
    fingerprint: str | None = None  # of local data, known once they are loaded
    kept: Preprocessing | None = None  # what a run kept, which is done to the inputs instead
    train: Examples
    valid: Examples
    test: Examples

    def __init__(
        self,
        root: Path | None = None,
        source: Source = "auto",
        train_size: int | None = None,
        seed: int = 1,
        labels: int | None = None,
        labels_seed: int = 1,
    ) -> None:
        """Load nothing yet."""
        super().__init__()
        self.save_hyperparameters(logger=False)  # all of a subclass's, by which a run folder names the problem
        if type(self) is Problem:
            raise SdaeError("data: Problem is what problems have in common, and none itself; name one of Table 1's")
        if train_size is not None and train_size < 1:
            raise SdaeError(f"data.train_size: at least one example, not {train_size}")
        if labels is not None and labels < 1:
            raise SdaeError(f"data.labels: at least one example, not {labels}")
        self.labels, self.labels_seed = labels, labels_seed
        self.root, self.source, self.seed = data_root(root), source, seed
        self.train_size = train_size or self.sizes.train
        self._arrays: Arrays | None = None
        self._loaded = False

    def read_original(self, fetch: bool) -> Arrays:
        """Read the published files, fetching them first where they are missing and ``fetch`` allows it.

        Raises:
            Unreachable: If they are neither on disk nor to be fetched.
            SdaeError: If they are damaged.
        """
        raise Unreachable(f"{self.name}: has no published archive; set data.source to generated")

    def generate(self) -> Arrays:
        """Make the problem by its recipe, with ``train_size`` training examples, from ``seed``."""
        raise SdaeError(f"data.source: {self.name} has no recipe; use original, or auto")

    @property
    def ingredients(self) -> str:
        """What determines the generated bytes beside recipe, seed and size, for the name of their cached file."""
        return ""

    @property
    def archives(self) -> tuple[Archive, ...]:
        """The published files."""
        return ()

    def local_files(self) -> tuple[Path, ...]:
        """Return files of the user's that take the place of the published ones, none where there are none."""
        return ()

    def read_local(self, files: tuple[Path, ...]) -> Arrays:
        """Read them."""
        raise NotImplementedError

    def on_disk(self) -> list[str]:
        """Say what of this problem the data folder holds: provenances, the original first."""
        cache = self.root / "cache"
        found = all(archive.path(self.root).is_file() for archive in self.archives) and bool(self.archives)
        original = found or any(cache.glob(f"{self.name}-original*.npz"))
        generated = any(cache.glob(f"{self.name}-generated-*.npz"))
        return ["original"] * original + ["local"] * bool(self.local_files()) + ["generated"] * generated

    def prepare_data(self) -> None:
        """Have the problem parsed, or generated, in the data folder's cache.

        Raises:
            SdaeError: If a file is missing, damaged or cannot be written, with what to do about it.
        """
        if self._arrays is not None:
            return
        more = self.train_size > self.sizes.train
        if more and (self.source == "original" or self.recipe is None):
            raise SdaeError(
                f"data.train_size: the original {self.name} has {self.sizes.train} training examples, not "
                f"{self.train_size}{'' if self.recipe is None else '; set data.source to generated'}"
            )
        if self.source == "generated" or more:
            self._arrays, self.provenance = self._generated(), "generated"
            return
        if self.source == "auto" and (local := self._local()) is not None:
            self._arrays, self.provenance = local, "local"
            return
        try:
            self._arrays, self.provenance = self._original(), "original"
        except Unreachable as unreachable:
            if self.source == "original" or self.recipe is None:
                raise
            log.info("%s: %s; generated by its recipe instead", self.name, unreachable.short)
            self._arrays, self.provenance = self._generated(), "generated"

    def _local(self) -> Arrays | None:
        """Read the user's own copy, where it is there and the published files are not."""
        if any(archive.path(self.root).exists() for archive in self.archives) or not (files := self.local_files()):
            return None
        stamp = "-".join(f"{path.stat().st_size}-{path.stat().st_mtime_ns}" for path in files)
        return cached(self.root, f"{self.name}-local-{stamp}", lambda: self.read_local(files))

    def _original(self) -> Arrays:
        return cached(self.root, f"{self.name}-original", lambda: self.read_original(fetch=True))

    def _generated(self) -> Arrays:
        if self.recipe is None:
            return self.generate()  # says that there is none
        name = f"{self.name}-generated-recipe{self.recipe}-seed{self.seed}-train{self.train_size}{self.ingredients}"
        return cached(self.root, name, self.generate, required=True)

    def load(self) -> None:
        """Prepare the problem and hold its splits in memory, once.

        Raises:
            SdaeError: If :meth:`prepare_data` or :meth:`setup` does.
        """
        if not self._loaded:
            self.prepare_data()
            self.setup()
            self._loaded = True

    def setup(self, stage: str | None = None) -> None:
        """Hold every split in memory as float32.

        Raises:
            SdaeError: If a value is NaN or out of range, or a class is none of 0 to m − 1.
        """
        if self._arrays is None:
            self.prepare_data()
        arrays = self._arrays
        assert arrays is not None
        if self.provenance == "local":
            self.fingerprint = fingerprint(*(getattr(arrays, f"{split}_{part}") for split in SPLITS for part in "xt"))
        n = min(self.train_size, len(arrays.train_t))
        train_x = arrays.train_x[:n]
        self.scaling = self.scaling_by(train_x, arrays.scale) if self.kept is None else self.kept.scaling
        if self.kept is not None:
            self.value_range = self.kept.value_range
        self.train = self._examples("train", train_x, arrays.train_t[:n])
        if self.labels is not None:
            self.train = self._partly_labelled(self.train, self.labels)
        self.valid = self._examples("valid", arrays.valid_x, arrays.valid_t)
        self.test = self._examples("test", arrays.test_x, arrays.test_t)
        self._arrays = None  # a million images are 784 MB as bytes; the cache has them where they are wanted again
        self._say_what_is_missing()

    def scaling_by(self, train_x: np.ndarray, divisor: float) -> Scaling:
        """Return what is done to the inputs.

        Args:
            train_x: The training examples, (n, d), as they were read.
            divisor: What grey levels kept as bytes are divided by.
        """
        return Scaling.by(divisor)

    def _examples(self, split: str, x: np.ndarray, t: np.ndarray) -> Examples:
        beyond = self.kept is not None and self.kept.observed  # changed data, which are said to be
        value_range = (-math.inf, math.inf) if beyond else self.value_range
        try:
            examples = Examples(torch.from_numpy(self.scaling(x, value_range)), torch.from_numpy(t).to(torch.int64))
        except Unusable as unusable:
            said = refusal(unusable.place, self.scaling, self.value_range)
            raise SdaeError(f"{self.name}: {split} example {unusable.place.row + 1} {said}") from None
        n_classes = max(self.n_classes, 1)
        least = -1 if split == "train" else 0  # an unlabelled example's
        if len(t) and not (examples.t.min() >= least and examples.t.max() < n_classes):
            row = int(((examples.t < least) | (examples.t >= n_classes)).nonzero()[0])
            raise SdaeError(
                f"{self.name}: {split} example {row + 1} is of class {int(examples.t[row])}, "
                f"which is none of 0 to {n_classes - 1}"
            )
        return examples

    def _partly_labelled(self, train: Examples, n: int) -> Examples:
        if n > len(train.t):
            raise SdaeError(f"data.labels: {self.name} has {len(train.t)} training examples, not {n}")
        rows = torch.from_numpy(stratified(train.t.numpy(), n, numpy_generator(self.labels_seed, "labels")))
        t = torch.full_like(train.t, -1)
        t[rows] = train.t[rows]
        return Examples(train.x, t)

    @property
    def labelled(self) -> Examples:
        """The training examples that have a label, which fine-tuning sees."""
        known = self.train.t >= 0
        return self.train if bool(known.all()) else Examples(self.train.x[known], self.train.t[known])

    def _say_what_is_missing(self) -> None:
        """Say which classes have no examples in a split."""
        names = {"train": "training", "valid": "validation", "test": "test"}
        for split, t in (("train", self.labelled.t), ("valid", self.valid.t), ("test", self.test.t)):
            there = set(t.unique().tolist())
            missing = [self.class_name(k) for k in range(self.n_classes) if k not in there]
            if missing and len(t):
                listed = ", ".join(missing[:10]) + (", …" if len(missing) > 10 else "")
                what = "class" if len(missing) == 1 else "classes"
                log.warning("%s: no %s example is of %s %s", self.name, names[split], what, listed)

    def class_name(self, k: int) -> str:
        """Return the name of class ``k``, counted from 0."""
        return self.class_names[k] if self.class_names else str(k)

    def require_classes(self, purpose: str) -> None:
        """Refuse what needs classes.

        Raises:
            SdaeError: If the problem has none; names the purpose.
        """
        if self.n_classes == 0:
            raise SdaeError(f"{self.name}: has no classes, and so no {purpose}")

    def where(self, split: str) -> list[str]:
        """Return which example each row of a split is: its file or split, and its row there, counted from 0."""
        return [f"{split}:{row}" for row in range(len(self.splits[split].t))]

    @property
    def preprocessing(self) -> Preprocessing:
        """All that was done to the inputs, once they are loaded."""
        return Preprocessing(
            problem=self.name,
            provenance=self.provenance,
            n_features=self.n_features,
            n_classes=self.n_classes,
            classes=tuple(self.class_name(k) for k in range(self.n_classes)),
            value_range=self.value_range,
            image_shape=self.image_shape,
            observed=self.observed,
            scaling=self.scaling,
            encoding=self.encoding,
            sizes=(len(self.train.t), len(self.valid.t), len(self.test.t)),
            note=self.note,
            fold=self.fold,
            folds=self.folds,
            fingerprint=self.fingerprint,
        )

    def only(self, fold: int) -> Self:
        """Return the same problem with the splits of one fold, counted from 0, to set up; what was read is shared."""
        part = copy.copy(self)
        part.fold, part._loaded = fold, False
        return part

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
