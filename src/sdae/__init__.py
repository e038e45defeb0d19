"""Stacked Denoising Autoencoders (Vincent et al., JMLR 2010), runnable again.

    import sdae

    model = sdae.fit("rect", method="sdae-3", pretraining={"noise_level": 0.1})
    model.predict(x), model.transform(x, layer=1), model.result["test_error"]
    model = sdae.load("runs/rect-sdae-3-20261125-143000")

Names are imported when they are used: ``import sdae`` alone imports neither torch nor Lightning.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sdae.config.fitting import fit
    from sdae.config.problems import load_problem
    from sdae.config.runs import load
    from sdae.data.own.local_arrays import LocalArrays
    from sdae.data.problem import Problem
    from sdae.errors import Diverged, SdaeError
    from sdae.estimators.autoencoder import StackedAutoencoder
    from sdae.estimators.classifier import StackedAutoencoderClassifier
    from sdae.evaluation.trained import Trained
    from sdae.functional.corruption import Gaussian, Masking, SaltAndPepper, Swap
    from sdae.models.autoencoder import Autoencoder
    from sdae.models.classifier import Classifier
    from sdae.models.rbm import RBM
    from sdae.settings.fine_tuning import FineTuning
    from sdae.settings.pretraining import Pretraining
    from sdae.tracking.options import Tracking
    from sdae.training.experiment import Experiment

__version__ = "0.1.0"
__all__ = [
    "RBM",
    "Autoencoder",
    "Classifier",
    "Diverged",
    "Experiment",
    "FineTuning",
    "Gaussian",
    "LocalArrays",
    "Masking",
    "Pretraining",
    "Problem",
    "SaltAndPepper",
    "SdaeError",
    "StackedAutoencoder",
    "StackedAutoencoderClassifier",
    "Swap",
    "Tracking",
    "Trained",
    "fit",
    "load",
    "load_problem",
]
_HOMES = {
    "sdae.config.fitting": ("fit",),
    "sdae.config.problems": ("load_problem",),
    "sdae.config.runs": ("load",),
    "sdae.data.own.local_arrays": ("LocalArrays",),
    "sdae.data.problem": ("Problem",),
    "sdae.errors": ("Diverged", "SdaeError"),
    "sdae.estimators.autoencoder": ("StackedAutoencoder",),
    "sdae.estimators.classifier": ("StackedAutoencoderClassifier",),
    "sdae.evaluation.trained": ("Trained",),
    "sdae.functional.corruption": ("Gaussian", "Masking", "SaltAndPepper", "Swap"),
    "sdae.models.autoencoder": ("Autoencoder",),
    "sdae.models.classifier": ("Classifier",),
    "sdae.models.rbm": ("RBM",),
    "sdae.settings.fine_tuning": ("FineTuning",),
    "sdae.settings.pretraining": ("Pretraining",),
    "sdae.tracking.options": ("Tracking",),
    "sdae.training.experiment": ("Experiment",),
}


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(home), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*__all__, *(name for name in globals() if name.startswith("__"))})
