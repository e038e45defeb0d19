"""The problems of Table 1, each a LightningDataModule; nothing here knows of models."""

from sdae.data.convex import Convex
from sdae.data.image_folder import ImageFolder
from sdae.data.local import LocalArrays
from sdae.data.mnist import MNIST, Basic
from sdae.data.patches import NaturalPatches
from sdae.data.problem import Examples, Problem
from sdae.data.rectangles import Rect, RectImg
from sdae.data.tzanetakis import Tzanetakis
from sdae.data.variations import BgImg, BgImgRot, BgRand, Rot

__all__ = [
    "MNIST",
    "Basic",
    "BgImg",
    "BgImgRot",
    "BgRand",
    "Convex",
    "Examples",
    "ImageFolder",
    "LocalArrays",
    "NaturalPatches",
    "Problem",
    "Rect",
    "RectImg",
    "Rot",
    "Tzanetakis",
]
