"""The stack as scikit-learn estimators, trained by the same code as a run of ``fit``."""

from sdae.estimators.autoencoder import StackedAutoencoder
from sdae.estimators.classifier import StackedAutoencoderClassifier

__all__ = ["StackedAutoencoder", "StackedAutoencoderClassifier"]
