"""An estimator of each kind, fitted once to digits."""

import pytest

from sdae.estimators import StackedAutoencoder, StackedAutoencoderClassifier
from stacks import X, Y, autoencoder, classifier


@pytest.fixture(scope="session")
def fitted_autoencoder() -> StackedAutoencoder:
    """Do not change it."""
    return autoencoder().fit(X)


@pytest.fixture(scope="session")
def fitted_classifier() -> StackedAutoencoderClassifier:
    """Do not change it."""
    return classifier().fit(X, Y)
