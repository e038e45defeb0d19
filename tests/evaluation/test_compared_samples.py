"""How samples are drawn, checked before a run is read."""

import pytest
import torch

from sdae.errors import SdaeError
from sdae.evaluation.compared_samples import Sampling
from sdae.models.autoencoder import Autoencoder


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        ({"rows": 0}, "rows 0: at least 1"),
        ({"draws": 0}, "draws 0: at least 1"),
        ({"gibbs": 0}, "gibbs 0: at least 1"),
        ({"judged": -1}, "judged -1: at least 0"),
    ],
)
def test_a_number_that_is_too_small_is_refused(numbers, message):
    assert Sampling(judged=0).gibbs is None
    with pytest.raises(SdaeError, match=message):
        Sampling(**numbers)


def test_every_run_has_the_same_draws():
    layers, x = [Autoencoder(4, 6)], torch.rand(3, 4)
    samples = Sampling(seed=2).sample(layers, x, 5, "shown")
    assert samples.shape == (3, 5, 4)
    assert torch.equal(samples, Sampling(seed=2).sample(layers, x, 5, "shown"))
    assert not torch.equal(samples, Sampling(seed=3).sample(layers, x, 5, "shown"))
