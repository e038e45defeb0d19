"""The key of a layer: other weights, another key; the same weights, the same key wherever it can be known."""

from dataclasses import fields, replace

import pytest
import torch

from sdae.models.classifier import Classifier
from sdae.runs import layer_key as keys
from sdae.runs.layer_cache import LayerCache
from sdae.runs.layer_store import LayerStore
from sdae.settings.pretraining import Pretraining
from sdae.training.stacking import layers

X = torch.rand(60, 12, generator=torch.Generator().manual_seed(3))
DENOISING, MACHINE = Pretraining(), Pretraining("rbm")
# For every setting, a method that has it, and another value. One that is added to Pretraining is to be added here.
OTHERWISE = {
    "layer": (DENOISING, "rbm"),
    "epochs": (DENOISING, 51),
    "learning_rate": (DENOISING, 0.02),
    "corruption": (DENOISING, "salt-and-pepper"),
    "noise_level": (DENOISING, 0.1),
    "emphasis": (DENOISING, (1.0, 0.5)),
    "noisy_inputs": (DENOISING, True),
    "tied": (DENOISING, False),
    "reconstruction": (DENOISING, "squared"),
    "visible": (MACHINE, "gaussian"),
    "cd_steps": (MACHINE, 2),
    "persistent": (MACHINE, True),
    "sampled_inputs": (MACHINE, True),
    "weight_decay": (DENOISING, 0.1),
    "batch_size": (DENOISING, 10),
}


def chain(how=DENOISING, n_layers=2, x=X, valid_x=X, value_range=(0.0, 1.0), **network):
    """Return the names under which the layers of a stack are kept."""
    classifier = Classifier(x.shape[1], 3, n_layers=n_layers, **{"n_units": 8, **network})
    cache = LayerCache(LayerStore(None, 1), lambda s: None, lambda k, s: None)  # type: ignore[arg-type]
    places = [cache.entry_for(layer, x, valid_x, how.epochs) for layer in layers(how, classifier, value_range)]
    return [(place.key, place.epochs) for place in places]


def all_other(one, two):
    return not set(one) & set(two)


def test_every_setting_of_pretraining_is_thought_of():
    assert OTHERWISE.keys() == {field.name for field in fields(Pretraining)}


@pytest.mark.parametrize("name", OTHERWISE)
def test_another_setting_is_another_layer(name):
    how, value = OTHERWISE[name]
    assert getattr(how, name) != value
    assert all_other(chain(how), chain(replace(how, **{name: value})))


def test_the_noise_on_the_raw_input_is_among_the_settings():
    noisy = Pretraining(noisy_inputs=True)
    for other in (replace(noisy, noise_level=0.1), replace(noisy, corruption="salt-and-pepper")):
        assert all_other(chain(noisy), chain(other))


def test_the_value_range_and_the_seed_are_too():
    how = Pretraining(corruption="salt-and-pepper", reconstruction="squared")
    assert all_other(chain(how), chain(how, seed=2))
    assert all_other(chain(how), chain(how, value_range=(0.0, 2.0)))


def test_other_data_are_other_layers():
    for other in (X + 1e-7, X[:-1], X.double(), X.reshape(72, 10)):
        assert all_other(chain(), chain(x=other))
    assert all_other(chain(), chain(valid_x=X[:-1]))
    assert chain() == chain(x=X.clone())


def test_the_number_of_epochs_is_apart_for_a_layer_and_counts_for_those_above():
    five, ten = chain(Pretraining(epochs=5)), chain(Pretraining(epochs=10))
    assert five[0][0] == ten[0][0]
    assert five[1][0] != ten[1][0]


def test_layers_above_and_fine_tuning_do_not_count():
    assert chain(n_layers=3)[:2] == chain(n_layers=2)
    assert chain(learning_rate=0.2) == chain(learning_rate=0.1)
    assert chain(Pretraining(learning_rate=[0.1, 0.1])) == chain(Pretraining(learning_rate=0.1))


def test_another_layer_below_is_another_layer():
    rates = [chain(Pretraining(learning_rate=[rate, 0.1]))[1] for rate in (0.1, 0.2)]
    assert rates[0] != rates[1]
    assert chain(n_units=9)[0] != chain()[0]


@pytest.mark.parametrize("package", ["python", "torch", "lightning", "sdae", "source"])
def test_other_versions_are_other_layers(package, monkeypatch):
    before, versions = chain(), keys.numeric_versions()
    assert package in versions
    monkeypatch.setattr(keys, "numeric_versions", lambda: versions | {package: "0.0"})
    assert all_other(before, chain())


def test_another_processor_or_number_of_threads_is_another_layer(monkeypatch):
    before = chain()
    with monkeypatch.context() as other:
        other.setattr(torch.backends.cpu, "get_cpu_capability", lambda: "NO AVX")
        assert all_other(before, chain())
    with monkeypatch.context() as other:
        other.setattr(keys, "processor", lambda: "abacus")
        assert all_other(before, chain())
    try:
        torch.set_num_threads(2)
        assert all_other(before, chain())
    finally:
        torch.set_num_threads(1)
    assert chain() == before


def test_on_a_gpu_its_name_and_its_precision_count(monkeypatch):
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda device: "a GPU")
    exact = keys.numeric_environment(torch.device("cuda"))
    monkeypatch.setattr(torch, "get_float32_matmul_precision", lambda: "high")
    assert keys.numeric_environment(torch.device("cuda")) != exact
    monkeypatch.undo()
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda device: "another")
    assert keys.numeric_environment(torch.device("cuda")) != exact
