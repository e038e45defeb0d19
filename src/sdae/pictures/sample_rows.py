"""Samples as a picture to be read row by row, the training example first (Figure 15)."""

import numpy as np
from PIL import Image

from sdae.pictures.tiles import enlarged, tiled

TILE = 56  # least pixels of an example's shorter side
GAP, APART = 2, 7  # pixels between samples, and between them and the example


def sample_rows(examples: np.ndarray, samples: np.ndarray) -> Image.Image:
    """Set each example and, to its right, its samples in a row.

    Args:
        examples: Grey bytes (n, height, width).
        samples: Grey bytes (n, draws, height, width).

    Returns:
        A grey picture; a white line parts the examples from the samples.
    """
    n, draws, *shape = samples.shape
    left = tiled(enlarged(examples, TILE), 1, GAP)
    right = tiled(enlarged(samples.reshape(n * draws, *shape), TILE), draws, GAP)
    line = np.full((len(left), APART - GAP), 255, dtype=np.uint8)
    return Image.fromarray(np.hstack((left, line, right)))
