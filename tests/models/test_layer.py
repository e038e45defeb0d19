"""What all layers have in common: their start, and when they have diverged."""

import math

import pytest
import torch
from lightning import Trainer
from torch import nn
from torch.utils.data import DataLoader

from sdae.data.minibatches import in_order
from sdae.errors import Diverged, SdaeError
from sdae.models.autoencoder import Autoencoder
from sdae.models.layer import encode, initialise, new_encoder
from sdae.models.rbm import RBM

QUIET = {"logger": False, "enable_checkpointing": False, "enable_progress_bar": False, "enable_model_summary": False}


def test_weights_start_uniformly_within_the_bound_and_biases_at_zero():
    encoder = new_encoder(100, 50, 1, seed=3)
    bound = 1 / math.sqrt(100)
    assert encoder.weight.abs().max() <= bound
    assert encoder.weight.abs().max() > 0.95 * bound
    assert encoder.bias.abs().max() == 0
    assert torch.equal(encoder.weight, new_encoder(100, 50, 1, seed=3).weight)
    assert not torch.equal(encoder.weight, new_encoder(100, 50, 2, seed=3).weight)


def test_an_encoder_is_a_sigmoid_of_an_affine_map():
    linear, x = initialise(nn.Linear(4, 3), 1, "test"), torch.rand(5, 4)
    torch.testing.assert_close(encode(linear, x), torch.sigmoid(linear(x)))


def test_units_that_do_not_depend_on_their_input_are_noticed():
    layer, x = Autoencoder(4, 10), torch.rand(20, 4)
    layer.check_units(x)
    with torch.no_grad():
        layer.encoder.bias.fill_(-20)
    with pytest.raises(Diverged, match="10 of 10 units are constant .* lower pretraining.learning_rate .now 0.01."):
        layer.check_units(x)
    with torch.no_grad():
        layer.encoder.weight.zero_()
    with pytest.raises(Diverged, match=r"learn from them \(the inputs reach 1680: standardise them first\); lower"):
        layer.check_units(torch.cat([x, torch.full((1, 4), 1680.0)]))


@pytest.mark.parametrize(
    ("layer", "advice"),
    [
        (Autoencoder(4, 1000, learning_rate=0.05), "0.005"),
        (Autoencoder(4, 1000, learning_rate=0.05, batch_size=10), "0.005, or pretraining.batch_size (now 10)"),
        (Autoencoder(4, 1000, learning_rate=0.05, reconstruction="squared"), "0.001"),
        (
            Autoencoder(4, 1000, learning_rate=0.05, reconstruction="squared", batch_size=10),
            "0.0001, or pretraining.batch_size (now 10)",
        ),
        (Autoencoder(4, 1000, learning_rate=0.0003, reconstruction="squared"), "3e-05"),
        (Autoencoder(4, 3, learning_rate=0.05, reconstruction="squared"), "0.005"),
        (RBM(400, 1000, learning_rate=0.05, visible="gaussian"), "0.001"),
        (RBM(400, 1000, learning_rate=0.05), "0.005"),
    ],
)
def test_the_advice_proposes_a_rate_and_smaller_minibatches(layer, advice):
    assert layer.remedy == (
        f"lower pretraining.learning_rate (now {layer.learning_rate.item():g}), for instance to {advice}"
    )


def test_an_error_that_rises_above_the_first_for_five_epochs_is_noticed():
    layer = Autoencoder(4, 3)
    for error in (1.0, 0.5, 0.6, 0.7, 0.8, 0.9):
        layer._watch(error)
    with pytest.raises(Diverged, match="the reconstruction error rose for 5 epochs, from 1 after the first to 1.1"):
        layer._watch(1.1)


@pytest.mark.parametrize("error", [0.7, 1 / 3, 431.123456789])
def test_a_constant_error_does_not_rise(error):
    layer = Autoencoder(4, 3)
    for _ in range(20):
        layer._watch(error)
    assert layer.course.tolist() == [error, error, 0]


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("kind", [Autoencoder, RBM])
def test_a_layer_is_trained_by_lightning_alone_with_classes_or_without(easy, kind):
    def trained(*loaders, **datamodule):
        layer, trainer = kind(16, 8, seed=3), Trainer(max_epochs=2, accelerator="cpu", **QUIET)
        trainer.fit(layer, *loaders, **datamodule)
        return layer, trainer.callback_metrics

    problem = easy()
    problem.load()
    layer, metrics = trained(datamodule=problem)
    assert set(metrics) == ({"loss", "pseudo_likelihood"} if kind is RBM else {"loss"})
    x, valid_x = problem.train.x, problem.valid.x
    for loaders in ((in_order(x), in_order(valid_x)), (DataLoader(x, 1000), DataLoader(valid_x, 1000))):
        torch.testing.assert_close(trained(*loaders)[0].state_dict(), layer.state_dict(), rtol=0, atol=0)
    if kind is RBM:
        _, metrics = trained(in_order(x), [in_order(valid_x), in_order(x[: len(valid_x)])])
        assert set(metrics) == {"loss", "pseudo_likelihood", "free_energy_gap"}


@pytest.mark.parametrize(
    ("layer", "advice"),
    [
        (Autoencoder(20, 8, learning_rate=1e-4), "reconstruction: squared"),
        (RBM(20, 8, learning_rate=1e-4), "visible: gaussian"),
    ],
)
def test_a_cross_entropy_below_zero_is_of_inputs_outside_its_range(layer, advice):
    trainer = Trainer(max_epochs=1, accelerator="cpu", **QUIET)
    with pytest.raises(SdaeError, match=rf"layer 1: inputs lie outside \[0, 1\]; scale them, or {advice}"):
        trainer.fit(layer, in_order(255 * torch.rand(100, 20, generator=torch.Generator().manual_seed(1))))


def test_weight_decay_takes_its_part_of_the_weights():
    assert Autoencoder(4, 3, learning_rate=0.1, weight_decay=0.5).kept(2) == pytest.approx(0.9)
