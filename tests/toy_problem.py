"""A problem of fifteen examples, whose original is nowhere unless ``found``."""

import numpy as np

from sdae.data.archive import Unreachable
from sdae.data.cache import Arrays
from sdae.data.problem import Problem
from sdae.data.registry import Sizes


class Toy(Problem):
    name = "toy"
    sizes = Sizes(6, 4, 5)
    n_features, n_classes, recipe = 2, 3, 1
    found = False

    def arrays(self, n: int) -> Arrays:
        random = np.random.default_rng(self.seed)
        x = [random.random((size, 2), dtype=np.float32) for size in (n, 4, 5)]
        t = [np.arange(size, dtype=np.uint8) % 3 for size in (n, 4, 5)]
        return Arrays(x[0], t[0], x[1], t[1], x[2], t[2])

    def read_original(self, fetch: bool) -> Arrays:
        if not self.found:
            raise Unreachable("toy.zip is nowhere; look for it")
        return self.arrays(6)

    def generate(self) -> Arrays:
        return self.arrays(self.train_size)


def ready(problem: Problem) -> Problem:
    problem.prepare_data()
    problem.setup()
    return problem
