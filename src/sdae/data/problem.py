"""Base class of all problems: splits in memory, preprocessing, loaders."""

import copy
import logging
import math
from pathlib import Path
from typing import ClassVar, Never, Self

import numpy as np
import torch
from lightning import LightningDataModule
from torch.utils.data import DataLoader

from sdae.data.cache import Arrays
from sdae.data.examples import SPLIT_NAMES, SPLITS, Examples, checked
from sdae.data.minibatches import in_order
from sdae.data.origin import USERS_FILES, Origin, Provenance, Source, data_root
from sdae.data.own.encoding import Encoding
from sdae.data.preprocessing import Preprocessing, fingerprint
from sdae.data.scaling import Scaling
from sdae.errors import SdaeError
from sdae.seeds import numpy_generator

log = logging.getLogger(__name__)


class Problem(Origin, LightningDataModule):
    """A classification problem with the splits of Table 1, resident in memory.

    ``n_classes`` 0 stands for examples without classes, whose t are all 0.

    Args:
        root: Data folder; default: ``$SDAE_DATA``, or ``~/.cache/sdae``. Originals are searched in its
            ``mnist/`` and ``icml2007/``, parsed files are cached in its ``cache/``.
        source: original requires the published files, found or fetched; generated uses the recipe; auto uses the
            originals if they are on disk or can be fetched, else generates, and logs which.
        train_size: Number of training examples; default: Table 1's. Additional ones are generated.
        seed: Seed of what is generated. It is not part of a run's own seed: two runs with different seeds see the same
            data.
        labels: Number of training examples with a label, drawn at random in the classes' proportions; default: all.
            Pretraining sees every training example, fine-tuning those with a label. Not in the paper.
        labels_seed: Seed of that draw.

    Raises:
        SdaeError: If ``train_size`` or ``labels`` is not positive, or there are more labels than examples.
    """

    name: str
    n_features: int = 784
    n_classes: int = 10
    value_range: tuple[float, float] = (0.0, 1.0)
    image_shape: tuple[int, int] | None = (28, 28)
    folds: ClassVar[int | None] = None  # number of folds of its cross-validation; None without one
    note: ClassVar[str | None] = None  # note shown with every result

    fold: int | None = None  # the one whose splits are served; None: all folds, the first is served
    provenance: Provenance
    class_names: tuple[str, ...] = ()  # in order; empty if the classes are numbers
    observed: bool = False  # whether value_range is only the range of the data
    scaling: Scaling = Scaling()  # of the inputs, known once they are loaded
    encoding: Encoding | None = None  # of a table's columns as numbers
    fingerprint: str | None = None  # of the user's files, known once they are loaded
    kept: Preprocessing | None = None  # a run's preprocessing, used instead
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
            raise SdaeError("data: Problem is an abstract base class; name a concrete problem")
        if train_size is not None and train_size < 1:
            raise SdaeError(f"data.train_size: at least one example, not {train_size}")
        if labels is not None and labels < 1:
            raise SdaeError(f"data.labels: at least one example, not {labels}")
        self.labels, self.labels_seed = labels, labels_seed
        self.root, self.source, self.seed = data_root(root), source, seed
        self.train_size = train_size or self.sizes.train
        self._require_labels(self.train_size)
        self._arrays: Arrays | None = None
        self._loaded = False

    def __getattr__(self, name: str) -> Never:
        """Say that the splits are not there before :meth:`load`."""
        hint = "; call load() first" if name in (*SPLITS, "splits", "labelled") else ""
        raise AttributeError(f"{type(self).__name__} has no {name}{hint}")

    def prepare_data(self) -> None:
        """Parse or generate the problem, in the data folder's cache.

        Raises:
            SdaeError: If a file is missing, damaged or cannot be written, with what to do about it; or if there are
                fewer training examples than labels.
        """
        if self._arrays is None:
            arrays, self.provenance = self.obtain()
            n = min(self.train_size, len(arrays.train_t))
            self._require_labels(n)
            self._arrays = arrays

    def _require_labels(self, n: int) -> None:
        if self.labels is not None and self.labels > n:
            raise SdaeError(f"data.labels: {self.name} has {n} training examples, not {self.labels}")

    def load(self) -> None:
        """Prepare the problem and hold its splits in memory, once.

        Raises:
            SdaeError: If :meth:`prepare_data` or :meth:`setup` does.
        """
        if not self._loaded:
            self.prepare_data()
            self.setup()
            self._loaded = True

    def load_as(self, kept: Preprocessing) -> None:
        """Load, with a run's preprocessing of the inputs.

        Raises:
            SdaeError: As :meth:`load`.
        """
        self.kept = kept
        self.load()

    def setup(self, stage: str | None = None) -> None:
        """Hold every split in memory as float32.

        Raises:
            SdaeError: If a value is NaN or out of range, or a class is not one of 0 to m − 1.
        """
        if self._arrays is None:
            self.prepare_data()
        arrays = self._arrays
        assert arrays is not None
        if self.provenance in USERS_FILES:
            self.fingerprint = fingerprint(*(getattr(arrays, f"{split}_{part}") for split in SPLITS for part in "xt"))
        n = min(self.train_size, len(arrays.train_t))
        train_x = arrays.train_x[:n]
        self.scaling = self.scaling_by(train_x, arrays.scale) if self.kept is None else self.kept.scaling
        if self.kept is not None:
            self.value_range = self.kept.value_range
        self.train = self._examples("train", train_x, arrays.train_t[:n])
        if self.labels is not None:
            self.train = self.train.with_labels(self.labels, numpy_generator(self.labels_seed, "labels"))
        self.valid = self._examples("valid", arrays.valid_x, arrays.valid_t)
        self.test = self._examples("test", arrays.test_x, arrays.test_t)
        self._arrays = None  # a million images are 784 MB as bytes; they can be read again from the cache
        self._warn_of_missing_classes()

    def scaling_by(self, train_x: np.ndarray, divisor: float) -> Scaling:
        """Return the scaling of the inputs.

        Args:
            train_x: The training examples, (n, d), as they were read.
            divisor: Divisor of grey levels that are stored as bytes.
        """
        return Scaling.by(divisor)

    def _examples(self, split: str, x: np.ndarray, t: np.ndarray) -> Examples:
        beyond = self.kept is not None and self.kept.observed  # changed data, which are reported
        value_range = (-math.inf, math.inf) if beyond else self.value_range
        return checked(x, t, self.scaling, value_range, self.n_classes, split == "train", f"{self.name}: {split}")

    @property
    def labelled(self) -> Examples:
        """The training examples that have a label, which fine-tuning sees."""
        return self.train.labelled

    def _warn_of_missing_classes(self) -> None:
        """Warn of classes without examples in a split."""
        names = dict(SPLIT_NAMES)
        if len(self.labelled.t) < len(self.train.t):
            names["train"] = "labelled training"
        for split, examples in {**self.splits, "train": self.labelled}.items():
            missing = [self.class_name(k) for k in examples.missing(self.n_classes)]
            if missing and len(examples.t):
                listed = ", ".join(missing[:10]) + (", …" if len(missing) > 10 else "")
                what = "class" if len(missing) == 1 else "classes"
                log.warning("%s: no %s example is of %s %s", self.name, names[split], what, listed)

    def class_name(self, k: int) -> str:
        """Return the name of class ``k``, counted from 0."""
        return self.class_names[k] if self.class_names else str(k)

    def class_names_of(self, t: torch.Tensor) -> list[str] | None:
        """Return the name of each example's class (n,), empty without a label; None if the problem has no classes."""
        return [self.class_name(k) if k >= 0 else "" for k in t.tolist()] if self.n_classes else None

    def require_classes(self, purpose: str) -> None:
        """Raise an error if the problem has no classes.

        Raises:
            SdaeError: If it has none; names the purpose.
        """
        if self.n_classes == 0:
            raise SdaeError(f"{self.name}: has no classes, and so no {purpose}")

    def where(self, split: str) -> list[str]:
        """Return which example each row of a split is: its file or split, and its row there, counted from 0."""
        return [f"{split}:{row}" for row in range(len(self.splits[split].t))]

    @property
    def preprocessing(self) -> Preprocessing:
        """The preprocessing of the inputs, once they are loaded."""
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
        """Move the training and validation sets to the training device; the test set, which is read once, stays."""
        self.train, self.valid = self.train.to(device), self.valid.to(device)

    def train_dataloader(self) -> DataLoader:
        """Return a loader of the labelled training examples in order, for a classifier.

        ``fit`` shuffles them by the run's seed instead, and pretrains on all of ``train.x``.
        """
        return in_order(*self.labelled)

    def val_dataloader(self) -> DataLoader:
        """Return a loader of the validation set."""
        return in_order(*self.valid)

    def test_dataloader(self) -> DataLoader:
        """Return a loader of the test set."""
        return in_order(*self.test)
