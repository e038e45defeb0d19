"""The unsupervised estimator: features, reconstructions, and their error."""

import pickle

import numpy as np
import pytest
import torch
from sklearn.base import clone
from sklearn.datasets import load_digits, load_wine
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from sdae.estimators import StackedAutoencoder

DIGITS, T = load_digits(return_X_y=True)
X, TEST = DIGITS[:400] / 16, DIGITS[400:600] / 16
WINE, _ = load_wine(return_X_y=True)


def small(**params):
    base = {
        "hidden_layer_sizes": (40, 30),
        "pretraining_epochs": 20,
        "pretraining_learning_rate": 0.05,
        "random_state": 3,
        "device": "cpu",
    }
    return StackedAutoencoder(**{**base, **params})


@pytest.fixture(scope="module")
def fitted():
    return small().fit(X)


@pytest.mark.parametrize("pretraining", ["denoising", "autoencoder", "rbm"])
def test_reconstructions_are_nearer_than_the_mean(pretraining):
    model = small(pretraining=pretraining, hidden_layer_sizes=(40,)).fit(X)
    z = model.inverse_transform(model.transform(TEST))
    assert z.shape == TEST.shape
    assert np.square(z - TEST).mean() < 0.65 * np.square(X.mean(0) - TEST).mean()


def test_reconstructions_are_in_the_units_of_the_input():
    model = small(hidden_layer_sizes=(60, 40), pretraining_learning_rate="auto", pretraining_epochs=150).fit(WINE)
    z = model.inverse_transform(model.transform(WINE))
    np.testing.assert_allclose(z.mean(0), WINE.mean(0), rtol=0.3)
    assert (np.square(z - WINE).mean(0) < 0.7 * WINE.var(0)).mean() > 0.8


@pytest.mark.parametrize("scale", ["standardise", "minmax"])
def test_the_layer_0_is_the_scaled_input_and_decodes_to_the_input(scale):
    model = small(scale=scale, layer=0, pretraining_learning_rate="auto").fit(WINE)
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
    model = small(pretraining_learning_rate="auto").fit(data)
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


def test_a_better_stack_has_a_higher_score(fitted):
    assert fitted.score(TEST) > small(pretraining_epochs=1).fit(X).score(TEST)


def test_the_same_seed_is_the_same_stack_and_labels_are_ignored(fitted):
    again = small().fit(X, T[:400])
    np.testing.assert_array_equal(again.transform(TEST), fitted.transform(TEST))
    assert again.n_iter_ == [20, 20]


def test_it_is_cloned_and_pickled(fitted):
    assert clone(fitted).get_params() == fitted.get_params()
    copy = pickle.loads(pickle.dumps(fitted))
    expected = fitted.inverse_transform(fitted.transform(TEST))
    np.testing.assert_array_equal(copy.inverse_transform(copy.transform(TEST)), expected)
    assert copy.layers_[0].encoder is copy.network_.hidden[0]  # one array, not two


def test_its_features_serve_a_pipeline_and_have_names(fitted):
    model = make_pipeline(small(), LogisticRegression(max_iter=1000)).fit(X, T[:400])
    assert model.score(TEST, T[400:600]) > 0.7  # chance is 0.1
    assert list(fitted.get_feature_names_out()) == [f"stackedautoencoder{k}" for k in range(30)]


def test_pandas_in_and_out():
    pandas = pytest.importorskip("pandas", reason="pip install -e '.[dev]'")
    frame = pandas.DataFrame(WINE, index=[f"bottle {k}" for k in range(len(WINE))])
    frame.columns = [f"measure {k}" for k in range(WINE.shape[1])]
    model = small(pretraining_learning_rate="auto").set_output(transform="pandas")
    features = model.fit_transform(frame)
    assert list(features.index) == list(frame.index)
    assert list(features.columns) == list(model.get_feature_names_out())
    np.testing.assert_array_equal(features.to_numpy(), model.set_output(transform="default").transform(frame))


@pytest.mark.parametrize("corruption", ["masking", "salt-and-pepper", "gaussian", "swap"])
def test_every_noise_serves_a_table(corruption):
    model = small(corruption=corruption, noise_level=0.3, pretraining_learning_rate="auto", pretraining_epochs=40)
    losses = model.fit(WINE).history_["pretrain/layer1/loss"]
    assert losses[-1] < 0.8 * losses[0]


def test_emphasis_reaches_the_loss():
    how = {"corruption": "swap", "pretraining_epochs": 1}
    plain, full = (small(**how, emphasis=emphasis).fit(X) for emphasis in ((1, 1), (1, 0)))
    assert full.history_["pretrain/layer1/loss"][0] < 0.5 * plain.history_["pretrain/layer1/loss"][0]
    assert not torch.equal(plain.network_.hidden[0].weight, full.network_.hidden[0].weight)


def test_what_cannot_be_is_refused(fitted):
    with pytest.raises(ValueError, match="pretraining: denoising, autoencoder or rbm; without it"):
        small(pretraining=None).fit(X)
    with pytest.raises(ValueError, match="X: has 64 columns, and layer 2 has 30 units"):
        fitted.inverse_transform(X)
    with pytest.raises(ValueError, match="layer: the input itself, 0, has no reconstruction error"):
        clone(fitted).set_params(layer=0, pretraining_epochs=1).fit(X).score(X)
    with pytest.raises(ValueError, match="layer: 5 is not there"):
        clone(fitted).set_params(layer=5, pretraining_epochs=1).fit(X).transform(X)
