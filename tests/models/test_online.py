"""An epoch of online learning in compiled loops against the same epoch in torch, for every kind of model."""

from itertools import product

import pytest
import torch

from sdae.functional import online
from sdae.functional.corruption import Gaussian, Masking
from sdae.models.autoencoder import Autoencoder
from sdae.models.classifier import Classifier
from sdae.models.rbm import RBM
from sdae.seeds import generator

X = torch.rand(70, 13, generator=torch.Generator().manual_seed(1))
T = torch.arange(70) % 3
NOISES = [("masking", (1.0, 1.0)), ("masking", (1.0, 0.5)), ("salt-and-pepper", (1.0, 0.0)), ("gaussian", (1.0, 1.0))]


def epoch(module, *tensors):
    module.noise = generator(1, "noise")
    for rows in torch.arange(70).split(30):  # an odd last block
        module.training_step(tuple(tensor[rows] for tensor in tensors), 0)
    return [*(p.detach() for p in module.parameters()), module.summed_loss]


def assert_agree(make, monkeypatch, *tensors):
    compiled = epoch(make(), *tensors)
    with monkeypatch.context() as patch:
        for name in ("autoencoder_block", "machine_block", "classifier_block"):
            patch.setattr(online, name, lambda *args: None)
        in_torch = epoch(make(), *tensors)
    assert not torch.equal(compiled[0], next(make().parameters()))
    for ours, theirs in zip(compiled, in_torch, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(("noise", "tied"), list(product(NOISES, [True, False])))
@pytest.mark.parametrize(("reconstruction", "decay"), list(product(["cross-entropy", "squared"], [0.0, 0.1])))
def test_autoencoders(monkeypatch, noise, tied, reconstruction, decay):
    corruption, emphasis = noise
    settings = {"reconstruction": reconstruction, "weight_decay": decay, "tied": tied, "emphasis": emphasis}
    assert_agree(lambda: Autoencoder(13, 7, corruption=corruption, **settings), monkeypatch, X)


@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("corrupt", [Masking(0.3), Gaussian(0.1)])
def test_autoencoders_on_noisy_inputs(monkeypatch, tied, corrupt):
    assert_agree(lambda: Autoencoder(13, 7, tied=tied, noisy_input=lambda x, g: corrupt(x, g)[0]), monkeypatch, X)


@pytest.mark.parametrize(("visible", "k", "persistent"), list(product(["binary", "gaussian"], [1, 3], [False, True])))
def test_machines(monkeypatch, visible, k, persistent):
    settings = {"visible": visible, "cd_steps": k, "persistent": persistent, "weight_decay": 0.01}
    assert_agree(lambda: RBM(13, 7, **settings), monkeypatch, X)


@pytest.mark.parametrize("n_layers", [1, 2, 3])
def test_classifiers(monkeypatch, n_layers):
    assert_agree(lambda: Classifier(13, 3, n_layers=n_layers, n_units=9), monkeypatch, X, T)
