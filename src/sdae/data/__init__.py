"""The problems of Table 1, each a LightningDataModule; nothing here knows of models.

Names are imported when they are used: the registry of sizes and names needs neither torch nor Lightning.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sdae.data.examples import Examples
    from sdae.data.generated.convex import Convex
    from sdae.data.generated.patches import NaturalPatches
    from sdae.data.generated.rectangles import Rect, RectImg
    from sdae.data.generated.variations import BgImg, BgImgRot, BgRand, Rot
    from sdae.data.gtzan.tzanetakis import Tzanetakis
    from sdae.data.mnist import MNIST, Basic
    from sdae.data.own.image_folder import ImageFolder
    from sdae.data.own.local_arrays import LocalArrays
    from sdae.data.own.table import LocalTable
    from sdae.data.problem import Problem

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
_HOMES = {
    "sdae.data.generated.convex": ("Convex",),
    "sdae.data.generated.patches": ("NaturalPatches",),
    "sdae.data.generated.rectangles": ("Rect", "RectImg"),
    "sdae.data.generated.variations": ("BgImg", "BgImgRot", "BgRand", "Rot"),
    "sdae.data.gtzan.tzanetakis": ("Tzanetakis",),
    "sdae.data.mnist": ("MNIST", "Basic"),
    "sdae.data.own.image_folder": ("ImageFolder",),
    "sdae.data.own.local_arrays": ("LocalArrays",),
    "sdae.data.own.table": ("LocalTable",),
    "sdae.data.examples": ("Examples",),
    "sdae.data.problem": ("Problem",),
}


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(home), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*__all__, *(name for name in globals() if name.startswith("__"))})


def import_all() -> None:
    """Import every problem, so that a class is found among Problem's subclasses by its bare name."""
    for home in _HOMES:
        import_module(home)
