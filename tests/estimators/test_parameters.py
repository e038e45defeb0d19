"""Flat parameters become the settings of a run, and errors name them as the estimators do."""

import numpy as np
import pytest

from sdae.errors import Diverged, SdaeError
from sdae.estimators import StackedAutoencoderClassifier
from sdae.estimators.parameters import fine_tuning_of, flat_names, layer_sizes, pretraining_of
from sdae.models.classifier import Classifier
from sdae.settings.fine_tuning import FineTuning
from sdae.settings.pretraining import Pretraining
from stacks import DIGITS, X, Y, classifier

FREE = (-np.inf, np.inf)


def test_its_defaults_are_the_packages():
    params = StackedAutoencoderClassifier().get_params()
    settings, tuning = Pretraining(), FineTuning()
    for name in (
        *("corruption", "noise_level", "emphasis", "tied", "reconstruction", "visible"),
        *("cd_steps", "persistent", "sampled_inputs", "weight_decay", "batch_size"),
    ):
        assert params[name] == getattr(settings, name), name
    assert params["pretraining_epochs"] == settings.epochs
    for name in ("learning_rate", "max_epochs", "patience", "batch_size"):
        assert params[name] == getattr(tuning, name), name
    assert params["hidden_layer_sizes"] == (Classifier(2, 2).n_units[0],) * Classifier(2, 2).n_layers


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"pretraining": "gan"}, "^pretraining: denoising, autoencoder, rbm or None, not 'gan'"),
        ({"noise_level": 1.5}, "^noise_level: a fraction"),
        ({"noise_level": [0.1]}, "^noise_level: 1 values for 2 layers"),
        ({"corruption": "dropout"}, "^corruption: masking, salt-and-pepper, gaussian or swap"),
        ({"pretraining_epochs": 0}, "^pretraining_epochs: at least 1"),
        ({"pretraining_learning_rate": "fast"}, "^pretraining_learning_rate: auto, or a positive"),
        ({"pretraining_learning_rate": -1.0}, "^pretraining_learning_rate: a positive"),
        ({"learning_rate": 0}, "^learning_rate: a positive"),
        ({"max_epochs": 0}, "^max_epochs: at least 1"),
        ({"patience": 0}, "^patience: at least 1"),
        ({"hidden_layer_sizes": ()}, "^hidden_layer_sizes: positive whole numbers"),
        ({"hidden_layer_sizes": (10, 0)}, "^hidden_layer_sizes: positive whole numbers"),
        ({"validation_fraction": 1.0}, "^validation_fraction: above 0 and below 1"),
        ({"scale": "log"}, "^scale: auto, none, standardise or minmax"),
        ({"device": "tpu"}, "^device: auto, cpu or gpu"),
        ({"emphasis": (0.0, 0.0)}, "^emphasis: weights"),
        ({"emphasis": 1.0}, "^emphasis: 2 finite numbers, not 1.0"),
        ({"emphasis": (1, 1, 5)}, "^emphasis: 2 finite numbers"),
        ({"reconstruction": "mse"}, "^reconstruction: auto, cross-entropy or squared, not 'mse'"),
        ({"visible": "real", "pretraining": "rbm"}, "^visible: auto, binary or gaussian, not 'real'"),
        ({"pretraining_epochs": 2.5}, "^pretraining_epochs: a whole number, not 2.5"),
        ({"batch_size": 1.5}, "^batch_size: a whole number, not 1.5"),
        ({"noise_level": None}, "^noise_level: a finite number, or a list"),
        ({"noise_level": "high"}, "^noise_level: a finite number, or a list .*, not 'high'"),
        ({"noise_level": ()}, "^noise_level: a finite number, or a list"),
        ({"max_epochs": "15"}, "^max_epochs: a whole number"),
        ({"learning_rate": float("nan")}, "^learning_rate: a finite number"),
        ({"validation_fraction": "half"}, "^validation_fraction: a finite number"),
    ],
)
def test_a_parameter_out_of_range_is_named_as_the_estimator_names_it(params, message):
    with pytest.raises(ValueError, match=message):
        classifier(**params).fit(X, Y)


def test_sizes_are_a_number_or_a_sequence():
    assert [layer_sizes(value) for value in (5, (5, 4), np.array([5, 4]))] == [[5], [5, 4], [5, 4]]
    with pytest.raises(SdaeError, match="hidden_layer_sizes: positive whole numbers"):
        layer_sizes([5.5])


def test_settings_are_those_of_a_run():
    params = classifier(noise_level=(0.1, 0.2), emphasis=(1, 0.5), corruption="swap").get_params()
    assert pretraining_of(params, (0, 1)) == Pretraining(
        epochs=5, learning_rate=0.05, corruption="swap", noise_level=[0.1, 0.2], emphasis=(1, 0.5)
    )
    for name, layer in (("autoencoder", "autoencoder"), ("rbm", "rbm"), (None, "none")):
        settings = pretraining_of({**params, "pretraining": name}, (0, 1))
        assert (settings.layer, settings.emphasis) == (layer, (1, 1))
    assert fine_tuning_of(params) == FineTuning(max_epochs=15)


def test_the_automatic_rate_of_a_first_layer_with_linear_units_depends_on_its_size():
    params = {**classifier().get_params(), "hidden_layer_sizes": (1000, 20), "pretraining_learning_rate": "auto"}
    assert pretraining_of(params, (0, 1)).learning_rate == 0.01
    assert pretraining_of(params, FREE).learning_rate == [0.001, 0.01]
    assert pretraining_of({**params, "pretraining": "rbm"}, FREE).learning_rate == [0.001, 0.01]
    assert pretraining_of({**params, "hidden_layer_sizes": 20}, FREE).learning_rate == [0.01]


def test_the_automatic_rate_of_a_minibatch_is_that_of_its_sum():
    params = {**classifier().get_params(), "hidden_layer_sizes": (100, 20), "pretraining_learning_rate": "auto"}
    assert pretraining_of({**params, "batch_size": 10}, FREE).learning_rate == [0.001, 0.01]
    assert pretraining_of({**params, "batch_size": 10}, (0, 1)).learning_rate == 0.01


def test_errors_name_flat_parameters():
    for name, flat in {
        "pretraining.learning_rate": "pretraining_learning_rate",
        "pretraining.noise_level": "noise_level",
        "fine_tuning.patience": "patience",
        "model.n_units": "hidden_layer_sizes",
        "trainer.accelerator": "device",
    }.items():
        with pytest.raises(Diverged, match=f"^{flat}: x$"), flat_names():
            raise Diverged(f"{name}: x")


def test_divergence_names_the_rate():
    with pytest.raises(Diverged, match="lower pretraining_learning_rate"):
        classifier(scale="standardise", pretraining_learning_rate=1.0).fit(DIGITS[:400], Y)


@pytest.mark.parametrize(("hidden", "batch_size"), [(10, 1), (1000, 1), (100, 60)])
def test_the_automatic_rate_is_stable_on_columns_of_any_scale(hidden, batch_size):
    random = np.random.default_rng(0)
    table = random.normal(size=(60, 3)) * [1e-3, 1, 1e4] + [5, 0, 1e5]
    settings = {"hidden_layer_sizes": (hidden,), "pretraining_learning_rate": "auto", "pretraining_epochs": 20}
    model = classifier(**settings, batch_size=batch_size, max_epochs=1)
    losses = model.fit(table, np.arange(60) % 2).history_["pretrain/layer1/loss"]
    assert losses[-1] < 3  # the error of reconstructing the mean
