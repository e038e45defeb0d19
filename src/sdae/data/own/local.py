"""Your own data: what their kinds have in common, and whose each example is."""

import re
from abc import abstractmethod
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from sdae.data.cache import Arrays
from sdae.data.examples import SPLITS
from sdae.data.folds import deal_fractions
from sdae.data.problem import Problem
from sdae.data.registry import Sizes
from sdae.errors import SdaeError
from sdae.seeds import numpy_generator

UNLABELLED = "unlabelled"  # beside the splits, among the files


class Local(Problem):
    """A problem of the user's own: what its kinds have in common."""

    _files: Mapping[str, Path]  # those with examples, by split
    _rows: "Dealt"

    def __init__(self, name: str | None, file: str, sizes: Sizes, train_size: int | None, seed: int) -> None:
        """Name the problem, after its file where no name is given; its sizes are those of its files."""
        if name is not None and name != word(name):
            raise SdaeError(f"data.name: a word without spaces and slashes, not {name!r}")
        self.name, self.sizes = name or word(file), sizes
        name = self.name
        super().__init__(train_size=train_size, seed=seed)
        if self.train_size > sizes.train:
            raise SdaeError(f"data.train_size: {name} has {sizes.train} training examples, not {train_size}")

    @abstractmethod
    def read(self) -> Arrays:
        """Return the splits."""

    def on_disk(self) -> list[str]:
        """Say that it is there: without it there would be no problem."""
        return ["local"]

    def prepare_data(self) -> None:
        """Have the splits in memory.

        Raises:
            SdaeError: If a file cannot be used; names it.
        """
        self.provenance = "local"
        if self._arrays is None:
            self._arrays = self.read()

    def where(self, split: str) -> list[str]:
        """Return the file and the row there, counted from 0, of each row of a split."""
        file, rows = self._rows[split]
        n = len(self.splits[split].t)
        more = range(n - len(rows))  # of the training examples
        return [
            *(f"{self._files[file].name}:{row}" for row in rows[:n]),
            *(f"{self._files[UNLABELLED].name}:{row}" for row in more),
        ]


def word(name: str) -> str:
    """Return the name of a file as one word: with - for spaces and slashes."""
    return re.sub(r"[\s/\\]+", "-", name) or "data"


Dealt = Mapping[str, tuple[str, np.ndarray]]  # of each split, the file and its rows


def deal(t: Mapping[str, np.ndarray], valid: float, test: float, what: Path, seed: int) -> Dealt:
    """Say where each split's examples are: in a file of its own, else a fraction of the main one's, by a seed.

    Every class gets its share of each split where it has examples enough, and training examples first of all.

    Args:
        t: Classes of the examples in the file ``train``, and in ``valid`` and ``test`` where they have files.
        valid: Fraction for validation where it has no file.
        test: Fraction for the test where it has no file.
        what: The main file, for an error.
        seed: Of the draw.

    Returns:
        For each split the file and its rows.

    Raises:
        SdaeError: If a fraction is none, or leaves a split without examples.
    """
    fractions = {split: 0.0 if split in t else part for split, part in {"valid": valid, "test": test}.items()}
    for split, part in fractions.items():
        if split not in t and not 0 < part < 1:
            raise SdaeError(f"data.{split}_fraction: between 0 and 1, not {part:g}")
    if sum(fractions.values()) >= 1:
        said = " + ".join(f"data.{split}_fraction {part:g}" for split, part in fractions.items())
        raise SdaeError(f"{said}: leaves nothing to train on; together less than 1")
    rows = deal_fractions(t["train"], fractions["valid"], fractions["test"], numpy_generator(seed, "splits"))
    dealt = {}
    for split, part_rows in rows._asdict().items():
        dealt[split] = (split, np.arange(len(t[split]))) if split in t and split != "train" else ("train", part_rows)
        if len(dealt[split][1]) == 0:
            raise SdaeError(f"{what}: {len(t['train'])} examples are too few to give some to {split}")
    return dealt


def sizes_of(rows: Dealt, unlabelled: int) -> Sizes:
    """Return how many examples each split has; the unlabelled ones are training examples, after those with a class."""
    train, valid, test = (len(rows[split][1]) for split in SPLITS)
    return Sizes(train + unlabelled, valid, test)


def with_unlabelled(train: tuple[np.ndarray, np.ndarray], more: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """Return training examples (n, d) and their classes (n,), and after them those without, whose class is −1."""
    x, t = train
    return train if more is None else (np.concatenate((x, more)), np.concatenate((t, np.full(len(more), -1, t.dtype))))


def arrays_of(splits: Mapping[str, tuple[np.ndarray, np.ndarray]], scale: float = 1.0) -> Arrays:
    """Return the splits' examples and classes in one."""
    (train_x, train_t), (valid_x, valid_t), (test_x, test_t) = (splits[split] for split in SPLITS)
    return Arrays(train_x, train_t, valid_x, valid_t, test_x, test_t, scale)
