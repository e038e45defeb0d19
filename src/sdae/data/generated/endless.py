"""Base class of recipes for any number of examples, made block by block."""

from abc import abstractmethod
from typing import ClassVar

import numpy as np
from tqdm import tqdm

from sdae.data.cache import Arrays
from sdae.data.icml2007.benchmark import Benchmark
from sdae.seeds import numpy_generator


class Endless(Benchmark):
    """A problem of the 2007 benchmark whose recipe draws any number of examples.

    A block has a stream of its own, from (seed, problem, split, number), and is always drawn whole. So a larger
    training set begins with the smaller one, and making it takes the memory of its bytes and of one block.
    """

    block_size: ClassVar[int] = 1_000
    scale: ClassVar[float] = 1.0  # what bytes are divided by

    def generate(self) -> Arrays:
        """Draw every split from streams of its own."""
        train_x, train_t = self.draw(self.train_size, "train")
        valid_x, valid_t = self.draw(self.sizes.valid, "valid")
        test_x, test_t = self.draw(self.sizes.test, "test")
        return Arrays(train_x, train_t, valid_x, valid_t, test_x, test_t, self.scale)

    def draw(self, n: int, split: str) -> tuple[np.ndarray, np.ndarray]:
        """Draw a split: x (n, d) and t (n,), bytes."""
        x = np.empty((n, self.n_features), dtype=np.uint8)
        t = np.empty(n, dtype=np.uint8)
        bar = tqdm(total=n, desc=f"{self.name}: {split}", unit=" examples", delay=1, leave=False, disable=None)
        with bar:
            for number, start in enumerate(range(0, n, self.block_size)):
                block_x, block_t = self.block(split, number, numpy_generator(self.seed, self.name, split, number))
                x[start : start + self.block_size] = block_x[: n - start]
                t[start : start + self.block_size] = block_t[: n - start]
                bar.update(min(self.block_size, n - start))
        return x, t

    @abstractmethod
    def block(self, split: str, number: int, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Draw a block of a split: x (block_size, d) and t (block_size,), bytes.

        Args:
            split: train, valid or test.
            number: Number of the block in its split.
            random: The block's own stream.
        """
