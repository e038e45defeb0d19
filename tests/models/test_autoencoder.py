"""The denoising autoencoder of section 3.1."""

import math

import numpy as np
import pytest
import torch

from sdae.functional.corruption import Masking
from sdae.models.autoencoder import Autoencoder
from sdae.seeds import generator

X = torch.rand(6, 10, generator=torch.Generator().manual_seed(1))


def sigmoid(a: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-a))


@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("reconstruction", ["cross-entropy", "squared"])
def test_encoder_and_decoder_are_the_papers(tied, reconstruction):
    layer = Autoencoder(10, 4, tied=tied, reconstruction=reconstruction)
    torch.nn.init.normal_(layer.encoder.bias)
    torch.nn.init.normal_(layer.decoder_bias)
    w, b = (p.detach().numpy() for p in (layer.encoder.weight, layer.encoder.bias))
    w_prime = w.T if layer.decoder_weight is None else layer.decoder_weight.detach().numpy()
    assert (layer.decoder_weight is None) == tied
    y = sigmoid(X.numpy() @ w.T + b)
    a = y @ w_prime.T + layer.decoder_bias.detach().numpy()
    np.testing.assert_allclose(layer.encode(X).detach().numpy(), y, rtol=1e-5)
    z = a if reconstruction == "squared" else sigmoid(a)
    np.testing.assert_allclose(layer.decode(layer.encode(X)).detach().numpy(), z, rtol=1e-4, atol=1e-6)


def test_weights_start_uniform_in_one_over_root_fan_in_and_biases_at_zero():
    layer = Autoencoder(400, 300, tied=False)
    assert layer.decoder_weight is not None
    for weight, fan_in in ((layer.encoder.weight, 400), (layer.decoder_weight, 300)):
        bound = 1 / math.sqrt(fan_in)
        assert weight.abs().max() <= bound
        assert weight.std().item() == pytest.approx(bound / math.sqrt(3), rel=0.01)
    assert not layer.encoder.bias.any()
    assert not layer.decoder_bias.any()


def test_emphasis_weighs_the_corrupted_components():
    x_tilde, corrupted = Masking(0.5)(X, generator(1))
    full = Autoencoder(10, 4, emphasis=(1.0, 0.0)).loss(X, x_tilde, corrupted)
    rest = Autoencoder(10, 4, emphasis=(0.0, 1.0)).loss(X, x_tilde, corrupted)
    both = Autoencoder(10, 4).loss(X, x_tilde, corrupted)
    assert full > 0
    assert rest > 0
    torch.testing.assert_close(full + rest, both)
