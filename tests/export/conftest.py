"""Trained stacks of digits and of a table."""

import numpy as np
import pytest

import sdae
from exported import DIGITS, NAMES, SMALL, WINE, T
from sdae.estimators import StackedAutoencoderClassifier


@pytest.fixture(scope="session", params=["as they are", "standardise", "minmax"])
def trained(request, tmp_path_factory):
    """Pixels in [0, 1], and a table whose columns have means up to 750: an estimator, its run, a thousand examples."""
    if request.param == "as they are":
        x, t = DIGITS[:1000] / 16, T[:1000]
    else:
        x, t = np.tile(WINE, (6, 1))[:1000], np.tile(NAMES, 6)[:1000]
    scale = "auto" if request.param == "as they are" else request.param
    estimator = StackedAutoencoderClassifier(**SMALL, scale=scale, max_epochs=5).fit(x, t)
    return estimator, sdae.load(estimator.save(tmp_path_factory.mktemp("saved") / "run")), x
