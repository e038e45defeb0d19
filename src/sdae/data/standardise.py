"""Each component to mean 0 and standard deviation 1, by what the training examples say."""

import numpy as np


def standardised(train: np.ndarray, *others: np.ndarray) -> list[np.ndarray]:
    """Subtract the training examples' mean from every split, and divide by their standard deviation.

    Nothing of a validation or test example enters either. A component that is the same in all training examples is
    only moved.

    Args:
        train: Training examples, (n, d).
        others: The other splits, (·, d).

    Returns:
        The splits in the same order, float32.
    """
    mean, deviation = train.mean(0, dtype=np.float64), train.std(0, dtype=np.float64)
    deviation[deviation <= 1e-6 * np.abs(mean)] = 1  # the same everywhere, but for rounding
    return [((x - mean) / deviation).astype(np.float32) for x in (train, *others)]
