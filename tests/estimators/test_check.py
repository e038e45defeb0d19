"""scikit-learn's own checks of an estimator, every one of them: none is excused. About 20 seconds of a core."""

from typing import Any

import pytest
from sklearn.utils.estimator_checks import parametrize_with_checks

from sdae.estimators import StackedAutoencoder, StackedAutoencoderClassifier

SMALL: dict[str, Any] = {"hidden_layer_sizes": (10,), "pretraining_epochs": 2, "random_state": 0, "device": "cpu"}

pytestmark = pytest.mark.slow


@parametrize_with_checks(
    [
        StackedAutoencoderClassifier(**SMALL, learning_rate=0.05, max_epochs=30),
        StackedAutoencoder(**SMALL),
    ]
)
def test_it_is_an_estimator(estimator, check):
    check(estimator)
