"""One stream of random numbers for each purpose.

Every random choice comes from a generator seeded by ``(seed, what it is for)``. Streams are not shared, so adding a
layer does not move the noise of another, two noise levels can start from the same weights (Figure 8), and an epoch
can be drawn again by a run that was killed in the middle of it.
"""

import hashlib
import operator

import numpy as np
import torch


def derive(seed: int, *purpose: str | int) -> int:
    """Hash a seed and a purpose to 63 bits, the same on every machine and in every Python version.

    Raises:
        TypeError: If the seed, or a part of the purpose, is neither a whole number, Python's or NumPy's, nor text.
    """
    # Python's own, since NumPy's 1 is represented otherwise.
    parts = tuple(str(part) if isinstance(part, str) else int(operator.index(part)) for part in (seed, *purpose))
    digest = hashlib.sha256(repr(parts).encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1


def generator(seed: int, *purpose: str | int, device: torch.device | str = "cpu") -> torch.Generator:
    """Return a fresh torch generator for one purpose, e.g. ``generator(1, "noise", "layer", 2, "epoch", 7)``."""
    return torch.Generator(device).manual_seed(derive(seed, *purpose))


def numpy_generator(seed: int, *purpose: str | int) -> np.random.Generator:
    """Return a fresh NumPy generator for one purpose; the recipes of the generated problems draw from these."""
    return np.random.Generator(np.random.PCG64(derive(seed, *purpose)))
