"""Samples as a picture to be read row by row, the training example first (Figure 15)."""

import math

import numpy as np
from PIL import Image

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
    scale = math.ceil(TILE / min(shape))
    height, width = shape[0] * scale + GAP, shape[1] * scale + GAP
    page = np.zeros((n * height + GAP, (1 + draws) * width + GAP + APART), dtype=np.uint8)
    page[:, width + GAP : width + APART] = 255
    for row in range(n):
        top = row * height + GAP
        for column, tile in enumerate((examples[row], *samples[row])):
            left = column * width + GAP + (APART if column else 0)
            pixels = tile.repeat(scale, axis=0).repeat(scale, axis=1)
            page[top : top + height - GAP, left : left + width - GAP] = pixels
    return Image.fromarray(page)
