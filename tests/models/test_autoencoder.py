"""The denoising autoencoder of section 3.1."""

import math

import numpy as np
import pytest
import torch

from sdae.errors import Diverged, SdaeError
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


# -- divergence that stays finite --------------------------------------------------------------------------------------


def epoch_ends_with(layer: Autoencoder, error: float) -> None:
    layer.summed_loss, layer.presented = torch.tensor(error, dtype=torch.float64), 1
    layer.log = lambda *args, **kwargs: None  # type: ignore[method-assign]
    layer.on_train_epoch_end()


def test_an_error_that_rises_for_epochs_above_the_first_stops_and_names_the_layer():
    """What bg-rand does at a rate of 0.05."""
    layer = Autoencoder(6, 4, layer=2, learning_rate=0.05)
    for error in (526.96, 519.19, 519.49, 522.46, 524.70, 526.14):
        epoch_ends_with(layer, error)
    resumed = Autoencoder(6, 4, layer=2, learning_rate=0.05)
    resumed.load_state_dict(layer.state_dict())  # an interruption forgets nothing
    for one in (layer, resumed):
        with pytest.raises(Diverged, match=r"^layer 2: the reconstruction error rose for 5 epochs, from 527 after"):
            epoch_ends_with(one, 527.04)


def test_an_error_that_rises_after_it_fell_far_goes_on():
    layer = Autoencoder(6, 4)
    for error in (100, 50, 51, 52, 53, 54, 55, 56, 57):
        epoch_ends_with(layer, error)


def test_a_layer_of_constant_units_stops_and_says_what_to_lower():
    x = torch.rand(50, 6)
    layer = Autoencoder(6, 10, learning_rate=0.05)
    layer.check_units(x)
    with torch.no_grad():
        layer.encoder.bias[:9].fill_(-20)
    layer.check_units(x)  # nine in ten
    with torch.no_grad():
        layer.encoder.bias[9] = 20
    line = r"^layer 1: 10 of 10 units are constant .* lower pretraining\.learning_rate \(now 0\.05\), .* to 0\.005$"
    with pytest.raises(Diverged, match=line):
        layer.check_units(x)
    layer.check_units(x[:1])  # one example says nothing


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"reconstruction": "mse"}, "reconstruction: cross-entropy or squared, not 'mse'"),
        ({"corruption": "dropout"}, "corruption: masking, salt-and-pepper, gaussian or swap, not 'dropout'"),
    ],
    ids=str,
)
def test_a_name_that_is_unknown_is_refused_with_those_there_are(wrong, said):
    with pytest.raises(SdaeError, match=f"^{said}$"):
        Autoencoder(4, 3, **wrong)
