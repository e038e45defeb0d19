"""Base class of the user's own problems, and the split of their examples."""

import re
from abc import abstractmethod
from collections.abc import Mapping
from itertools import combinations
from pathlib import Path

import numpy as np

from sdae.data.cache import Arrays
from sdae.data.examples import SPLIT_NAMES, SPLITS, UNKNOWN
from sdae.data.folds import deal_fractions
from sdae.data.problem import Problem
from sdae.data.registry import Sizes
from sdae.errors import SdaeError
from sdae.seeds import numpy_generator

UNLABELLED = "unlabelled"  # the key of their file, beside those of the splits

Dealt = Mapping[str, tuple[str, np.ndarray]]  # by split: the key of its file, and its rows there


def refuse_twice(files: Mapping[str, Path]) -> None:
    """Refuse files and folders that two splits share: the same examples would be trained on and tested on.

    Raises:
        SdaeError: If one is named twice, or lies within another; names both.
    """
    places = {split: file.expanduser().resolve() for split, file in files.items()}
    for (split, first), (other, second) in combinations(places.items(), 2):
        if first == second:
            raise SdaeError(
                f"{files[other]}: is named twice, as data.{split} and data.{other}; they need different examples"
            )
        if first in second.parents or second in first.parents:
            raise SdaeError(
                f"{files[other]}: data.{split} and data.{other} lie within each other; they need different examples"
            )


class Local(Problem):
    """Base class of the user's own problems."""

    _files: Mapping[str, Path]  # files with examples, by split
    _rows: Dealt

    def __init__(self, name: str | None, default_name: str, sizes: Sizes, train_size: int | None, seed: int) -> None:
        """Check the name and the number of training examples."""
        if name is not None and name != word(name):
            raise SdaeError(f"data.name: a word without spaces and slashes, not {name!r}")
        self.name, self.sizes = name or word(default_name), sizes
        super().__init__(train_size=train_size, seed=seed)
        if self.train_size > sizes.train:
            raise SdaeError(f"data.train_size: {self.name} has {sizes.train} training examples, not {train_size}")

    @abstractmethod
    def read(self) -> Arrays:
        """Return the splits."""

    def on_disk(self) -> list[str]:
        """Return the provenance: the files were there when the problem was built."""
        return ["local"]

    def prepare_data(self) -> None:
        """Read the files into memory.

        Raises:
            SdaeError: If a file cannot be used; names it.
        """
        self.provenance = "local"
        if self._arrays is None:
            self._arrays = self.read()

    def where(self, split: str) -> list[str]:
        """Return the file of each row of a split, and the row there, counted from 0."""
        file, rows = self._rows[split]
        n = len(self.splits[split].t)
        return [
            *(f"{self._files[file].name}:{row}" for row in rows[:n]),
            *(f"{self._files[UNLABELLED].name}:{row}" for row in range(n - len(rows))),
        ]


def word(name: str) -> str:
    """Return the name of a file as one word: with - for spaces and slashes."""
    return re.sub(r"[\s/\\]+", "-", name) or "data"


def deal(t: Mapping[str, np.ndarray], valid: float, test: float, main: Path, seed: int) -> Dealt:
    """Choose the examples of each split: those of its own file, or a random fraction of the main file.

    Splits are stratified; if a class has too few examples for all splits, training gets its examples first.

    Args:
        t: Classes of the examples in the file ``train``, and in ``valid`` and ``test`` if they have files.
        valid: Fraction for validation if it has no file.
        test: Fraction for the test if it has no file.
        main: The main file, for errors.
        seed: Seed of the draw.

    Returns:
        For each split its file's key in ``t``, and its rows there.

    Raises:
        SdaeError: If a fraction is out of range, or leaves a split without examples.
    """
    fractions = {split: 0.0 if split in t else part for split, part in {"valid": valid, "test": test}.items()}
    for split, part in fractions.items():
        if split not in t and not 0 < part < 1:
            raise SdaeError(f"data.{split}_fraction: above 0 and below 1, not {part:g}")
    if sum(fractions.values()) >= 1:
        total = " + ".join(f"data.{split}_fraction {part:g}" for split, part in fractions.items())
        raise SdaeError(f"{total}: leaves nothing to train on; the sum must be less than 1")
    rows = deal_fractions(t["train"], fractions["valid"], fractions["test"], numpy_generator(seed, "splits"))
    dealt = {}
    for split, part_rows in rows._asdict().items():
        dealt[split] = (split, np.arange(len(t[split]))) if split in t and split != "train" else ("train", part_rows)
        if len(dealt[split][1]) == 0:
            raise SdaeError(f"{main}: {len(t['train'])} examples are too few for the {SPLIT_NAMES[split]} split")
    return dealt


def sizes_of(rows: Dealt, unlabelled: int) -> Sizes:
    """Return the number of examples in each split; the unlabelled ones are the last of the training examples."""
    train, valid, test = (len(rows[split][1]) for split in SPLITS)
    return Sizes(train + unlabelled, valid, test)


def split_arrays(rows: Dealt, x: Mapping[str, np.ndarray], t: Mapping[str, np.ndarray]) -> Arrays:
    """Return the examples and classes of all splits.

    Args:
        rows: The rows of each split.
        x: Examples of each file, (·, d), those of ``UNLABELLED`` to be appended to the training examples.
        t: Classes of each file, (·,).
    """
    splits = {split: (x[file][part], t[file][part]) for split, (file, part) in rows.items()}
    if (more := x.get(UNLABELLED)) is not None:
        train_x, train_t = splits["train"]
        unlabelled = np.full(len(more), UNKNOWN, train_t.dtype)
        splits["train"] = np.concatenate((train_x, more)), np.concatenate((train_t, unlabelled))
    return Arrays(*splits["train"], *splits["valid"], *splits["test"])
