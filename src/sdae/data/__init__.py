"""The problems of Table 1, each a LightningDataModule; nothing here knows of models."""

from sdae.data.generated.convex import Convex
from sdae.data.generated.patches import NaturalPatches
from sdae.data.generated.rectangles import Rect, RectImg
from sdae.data.generated.variations import BgImg, BgImgRot, BgRand, Rot
from sdae.data.gtzan.tzanetakis import Tzanetakis
from sdae.data.mnist import MNIST, Basic
from sdae.data.own.image_folder import ImageFolder
from sdae.data.own.local_arrays import LocalArrays
from sdae.data.own.table import LocalTable
from sdae.data.problem import Examples, Problem

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
    "LocalTable",
    "NaturalPatches",
    "Problem",
    "Rect",
    "RectImg",
    "Rot",
    "Tzanetakis",
]
