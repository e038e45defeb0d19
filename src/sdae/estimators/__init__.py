"""The stack as scikit-learn estimators, trained by the very code that ``fit`` trains a run with."""

from sdae.estimators.autoencoder import StackedAutoencoder
from sdae.estimators.classifier import StackedAutoencoderClassifier

__all__ = ["StackedAutoencoder", "StackedAutoencoderClassifier"]
