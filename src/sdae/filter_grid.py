"""First-layer filters as one picture (section 5, Figures 5 to 8)."""

import math

import numpy as np
import torch
from torch import Tensor


def filter_grid(weight: Tensor, shape: tuple[int, int], most: int = 100) -> np.ndarray:
    """Tile the first filters into a square grey image, in the order of the units.

    Args:
        weight: W, (d', d); row j is the filter of unit j.
        shape: Height and width of an input image, whose product is d.
        most: Greatest number of filters shown.

    Returns:
        Bytes (height, width). Each filter has a range of its own around zero, which is mid-grey; a dark pixel lies
        between two filters.
    """
    filters = weight.detach()[:most].float().cpu()
    largest = filters.abs().amax(1, keepdim=True).clamp_min(torch.finfo(torch.float32).tiny)
    tiles = ((filters / largest + 1) * 127.5).round().to(torch.uint8).view(-1, *shape).numpy()
    side = math.ceil(math.sqrt(len(tiles)))
    height, width = shape[0] + 1, shape[1] + 1
    image = np.zeros((side * height + 1, side * width + 1), dtype=np.uint8)
    for number, tile in enumerate(tiles):
        top, left = number // side * height + 1, number % side * width + 1
        image[top : top + shape[0], left : left + shape[1]] = tile
    return image
