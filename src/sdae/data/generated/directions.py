"""Directions in the plane, uniform and the same to the last bit on every machine."""

import numpy as np


def directions(n: int, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Draw unit vectors (cos θ, sin θ), θ uniform in [0, 2π), without computing a cosine.

    A point that is uniform in the disc lies in a uniform direction. It takes products, a quotient and a square root,
    which every processor rounds alike, where libraries differ in the last bit of a cosine.

    Returns:
        Cosines (n,) and sines (n,), float64.
    """
    points = np.empty((2, n))
    squares = np.empty(n)
    todo = np.arange(n)
    while len(todo):
        points[:, todo] = random.random((2, len(todo))) * 2 - 1
        squares[todo] = points[0, todo] ** 2 + points[1, todo] ** 2
        todo = todo[(squares[todo] > 1) | (squares[todo] < 1e-6)]  # outside, or too near the middle to divide well
    cosines, sines = points / np.sqrt(squares)
    return cosines, sines
