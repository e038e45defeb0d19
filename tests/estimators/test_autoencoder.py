"""The unsupervised estimator: reconstructions, their error, and every kind of noise."""

import numpy as np
import pytest
import torch
from sklearn.base import clone

from stacks import VALID, WINE, X, Y, autoencoder


@pytest.mark.parametrize("pretraining", ["denoising", "autoencoder", "rbm"])
def test_reconstructions_are_nearer_than_the_mean(pretraining):
    model = autoencoder(pretraining=pretraining, hidden_layer_sizes=(40,)).fit(X)
    z = model.inverse_transform(model.transform(VALID))
    assert z.shape == VALID.shape
    assert np.square(z - VALID).mean() < 0.65 * np.square(X.mean(0) - VALID).mean()


def test_reconstructions_are_in_the_units_of_the_input():
    model = autoencoder(hidden_layer_sizes=(60, 40), pretraining_learning_rate="auto", pretraining_epochs=150).fit(WINE)
    z = model.inverse_transform(model.transform(WINE))
    np.testing.assert_allclose(z.mean(0), WINE.mean(0), rtol=0.3)
    assert (np.square(z - WINE).mean(0) < 0.7 * WINE.var(0)).mean() > 0.8


@pytest.mark.parametrize("scale", ["standardise", "minmax"])
def test_the_layer_0_is_the_scaled_input_and_decodes_to_the_input(scale):
    model = autoencoder(scale=scale, layer=0, pretraining_learning_rate="auto").fit(WINE)
    y = model.transform(WINE)
    assert y.shape == WINE.shape
    if scale == "standardise":
        np.testing.assert_allclose(y.std(0), 1, rtol=1e-4)
    else:
        assert y.min() == pytest.approx(0, abs=1e-6)
        assert y.max() == pytest.approx(1, abs=1e-6)
    np.testing.assert_allclose(model.inverse_transform(y), WINE, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("data", [X, WINE], ids=["cross-entropy", "squared"])
def test_the_score_is_minus_the_error_that_is_trained_on(data):
    """Equations of section 2.2, of what goes to the top and comes down again, written out."""
    model = autoencoder(pretraining_learning_rate="auto").fit(data)
    x = data if model.preprocessing_.scaling.identity else (data - data.mean(0)) / data.std(0)
    (w1, b1, c1), (w2, b2, c2) = (
        [p.detach().double().numpy() for p in (layer.encoder.weight, layer.encoder.bias, layer.decoder_bias)]
        for layer in model.layers_
    )

    def s(a):
        return 1 / (1 + np.exp(-a))

    a = s(s(s(x @ w1.T + b1) @ w2.T + b2) @ w2 + c2) @ w1 + c1
    if model.preprocessing_.scaling.identity:
        error = -(x * np.log(s(a)) + (1 - x) * np.log(1 - s(a))).sum(1)
    else:
        error = np.square(x - a).sum(1)
    assert model.score(data) == pytest.approx(-error.mean(), rel=1e-4)


@pytest.mark.parametrize(("pretraining", "advice"), [("denoising", "squared"), ("rbm", "visible: gaussian")])
def test_examples_outside_the_range_of_cross_entropy_have_no_score(pretraining, advice):
    model = autoencoder(pretraining=pretraining).fit(X)
    model.score(X + 1e-6 * (X == 1))
    for outside in (1.5 * X, X - 0.5, 255 * X):
        with pytest.raises(ValueError, match=rf"X: inputs lie outside \[0, 1\]; scale them, or .*{advice}"):
            model.score(outside)


def test_a_better_stack_has_a_higher_score(fitted_autoencoder):
    assert fitted_autoencoder.score(VALID) > autoencoder(pretraining_epochs=1).fit(X).score(VALID)


def test_the_same_seed_is_the_same_stack_and_labels_are_ignored(fitted_autoencoder):
    again = autoencoder().fit(X, Y)
    np.testing.assert_array_equal(again.transform(VALID), fitted_autoencoder.transform(VALID))
    assert again.n_iter_ == [20, 20]


@pytest.mark.parametrize("corruption", ["masking", "salt-and-pepper", "gaussian", "swap"])
def test_every_noise_serves_a_table(corruption):
    model = autoencoder(corruption=corruption, noise_level=0.3, pretraining_learning_rate="auto", pretraining_epochs=40)
    losses = model.fit(WINE).history_["pretrain/layer1/loss"]
    assert losses[-1] < 0.8 * losses[0]


def test_emphasis_reaches_the_loss():
    settings = {"corruption": "swap", "pretraining_epochs": 1}
    plain, full = (autoencoder(**settings, emphasis=emphasis).fit(X) for emphasis in ((1, 1), (1, 0)))
    assert full.history_["pretrain/layer1/loss"][0] < 0.5 * plain.history_["pretrain/layer1/loss"][0]
    assert not torch.equal(plain.network_.hidden[0].weight, full.network_.hidden[0].weight)


def test_what_cannot_be_is_refused(fitted_autoencoder):
    with pytest.raises(ValueError, match="pretraining: denoising, autoencoder or rbm; without it"):
        autoencoder(pretraining=None).fit(X)
    with pytest.raises(ValueError, match="X: has 64 columns, and layer 2 has 30 units"):
        fitted_autoencoder.inverse_transform(X)
    with pytest.raises(ValueError, match="layer: the input itself, 0, has no reconstruction error"):
        clone(fitted_autoencoder).set_params(layer=0, pretraining_epochs=1).fit(X).score(X)
