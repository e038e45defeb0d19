"""The problems of Table 1, each a LightningDataModule; nothing here knows of models."""

from sdae.data.mnist import MNIST, Basic
from sdae.data.problem import Examples, Problem
from sdae.data.rectangles import Rect

__all__ = ["MNIST", "Basic", "Examples", "Problem", "Rect"]
