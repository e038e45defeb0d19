"""Layer after layer, each on the clean representation below it."""

import pytest
import torch
from lightning import Trainer
from torch import Tensor

from sdae.data.minibatches import shuffled
from sdae.functional.corruption import CorruptionName, Masking, Swap
from sdae.models.autoencoder import Autoencoder
from sdae.models.classifier import Classifier
from sdae.models.layer import Diverged, Layer
from sdae.seeds import generator
from sdae.settings.pretraining import Pretraining
from sdae.training.stacking import layers, pretrain

X = torch.rand(100, 12, generator=torch.Generator().manual_seed(4))
QUIET = {"logger": False, "enable_checkpointing": False, "enable_progress_bar": False, "enable_model_summary": False}


def train(layer: Layer, x: Tensor, valid_x: Tensor) -> None:
    loader = shuffled(x, batch_size=layer.batch_size, seed=layer.seed, purpose=("layer", layer.layer))
    Trainer(max_epochs=3, accelerator="cpu", **QUIET).fit(layer, loader)  # type: ignore[arg-type]


def pretrained(n_layers: int = 2, seed: int = 1, **how) -> Classifier:
    classifier = Classifier(12, 3, n_layers=n_layers, n_units=8, seed=seed)
    pretrain(layers(Pretraining(**how), classifier, (0.0, 1.0)), X, X, train)
    return classifier


def test_the_classifier_shares_the_very_parameters_that_are_pretrained():
    classifier = Classifier(12, 3, n_layers=2, n_units=8)
    stack = layers(Pretraining(), classifier, (0.0, 1.0))
    assert [layer.encoder for layer in stack] == classifier.hidden
    before = classifier.hidden[0].weight.clone()
    pretrain(stack, X, X, train)
    assert not torch.equal(before, classifier.hidden[0].weight)


def test_a_layer_is_trained_on_the_clean_representation_of_the_trained_layer_below():
    seen: list[Tensor] = []

    def look(layer: Layer, x: Tensor, valid_x: Tensor) -> None:
        seen.append(x)
        train(layer, x, valid_x)

    classifier = Classifier(12, 3, n_layers=3, n_units=8)
    pretrain(layers(Pretraining(noise_level=0.5), classifier, (0.0, 1.0)), X, X, look)
    expected = X.double()
    for x, encoder in zip(seen, classifier.hidden, strict=True):
        torch.testing.assert_close(x.double(), expected, rtol=1e-4, atol=1e-6)
        expected = torch.sigmoid(expected @ encoder.weight.double().t() + encoder.bias.double()).detach()


@pytest.mark.parametrize("noisy_inputs", [False, True])
def test_a_layer_whose_units_become_constant_is_noticed_by_its_number(noisy_inputs):
    def collapse(layer: Layer, x: Tensor, valid_x: Tensor) -> None:
        if layer.layer == 2:
            torch.nn.init.constant_(layer.encoder.bias, 20.0)

    stack = layers(Pretraining(noisy_inputs=noisy_inputs), Classifier(12, 3, n_layers=3, n_units=8), (0.0, 1.0))
    with pytest.raises(Diverged, match="layer 2: 8 of 8 units are constant"):
        pretrain(stack, X, X, collapse, raw=noisy_inputs)


@pytest.mark.parametrize("tied", [True, False])
def test_without_noise_it_is_the_ordinary_autoencoder_exactly(tied):
    ours = pretrained(1, learning_rate=0.05, noise_level=0.0, tied=tied, batch_size=20)

    start = layers(Pretraining(tied=tied), Classifier(12, 3, n_layers=1, n_units=8), (0.0, 1.0))[0]
    w, b = start.encoder.weight.detach().clone(), start.encoder.bias.detach().clone()
    v = None if start.decoder_weight is None else start.decoder_weight.detach().clone()
    c, rate = torch.zeros(12), torch.tensor(0.05)
    loader = shuffled(X, batch_size=20, seed=1, purpose=("layer", 1))
    for epoch in range(3):
        loader.sampler.set_epoch(epoch)  # type: ignore[attr-defined]
        for (block,) in loader:
            for x in block.split(20):
                y = torch.sigmoid(torch.addmm(b, x, w.t()))
                z = torch.sigmoid(torch.addmm(c, y, w if v is None else v.t()))
                delta = (z - x) * rate
                below = delta.mm(w.t() if v is None else v) * y * (1 - y)
                if v is None:
                    w -= torch.cat((below, y)).t() @ torch.cat((x, delta))
                else:
                    w -= below.t() @ x
                    v -= delta.t() @ y
                b -= below.sum(0)
                c -= delta.sum(0)
    torch.testing.assert_close(ours.hidden[0].weight.detach(), w, rtol=1e-5, atol=1e-6)
    for corruption in ("salt-and-pepper", "gaussian"):
        other = pretrained(1, learning_rate=0.05, noise_level=0.0, tied=tied, corruption=corruption, batch_size=20)
        assert torch.equal(other.hidden[0].weight, ours.hidden[0].weight)


def test_the_same_seed_gives_the_same_numbers_and_another_seed_others():
    one, again, other = pretrained(seed=1), pretrained(seed=1), pretrained(seed=2)
    assert torch.equal(one.hidden[1].weight, again.hidden[1].weight)
    assert not torch.equal(one.hidden[1].weight, other.hidden[1].weight)


def test_a_layer_on_top_does_not_move_those_below():
    two, three = pretrained(2), pretrained(3)
    for k in range(2):
        assert torch.equal(two.hidden[k].weight, three.hidden[k].weight)


def test_two_noise_levels_start_from_the_same_weights():
    starts = []
    for level in (0.1, 0.5):
        classifier = Classifier(12, 3, n_layers=1, n_units=8)
        layers(Pretraining(noise_level=level), classifier, (0.0, 1.0))
        starts.append(classifier.hidden[0].weight.clone())
    assert torch.equal(*starts)


def test_layers_are_of_the_kind_that_suits_the_data():
    kinds = [
        layer.hparams["reconstruction"]
        for layer in layers(Pretraining(), Classifier(12, 3, n_layers=2, n_units=8), (-float("inf"), float("inf")))
    ]
    assert kinds == ["squared", "cross-entropy"]
    units = [
        layer.hparams["visible"]
        for layer in layers(
            Pretraining(layer="rbm"), Classifier(12, 3, n_layers=2, n_units=8), (-float("inf"), float("inf"))
        )
    ]
    assert units == ["gaussian", "binary"]


def test_the_inputs_of_every_machine_are_sampled_or_none():
    for sampled in (False, True):
        how = Pretraining(layer="rbm", sampled_inputs=sampled)
        stack = layers(how, Classifier(12, 3, n_layers=2, n_units=8), (0.0, 1.0))
        assert [layer.hparams["sampled_inputs"] for layer in stack] == [sampled, sampled]


def noisy(level: float, corruption: CorruptionName = "masking", n_layers: int = 2) -> Classifier:
    how = Pretraining(noise_level=level, corruption=corruption, noisy_inputs=True, learning_rate=0.05)
    classifier = Classifier(12, 3, n_layers=n_layers, n_units=8)
    pretrain(layers(how, classifier, (0.0, 1.0)), X, X, train, raw=True)
    return classifier


def test_noisy_inputs_fall_on_the_raw_input_and_what_comes_of_them_is_the_target(monkeypatch):
    """Section 6.4: an ordinary autoencoder on the encoding of x̃, not a denoising one."""
    seen = []

    def look(x, x_tilde, *args, **kwargs):
        seen.append((x.clone(), x_tilde.clone()))
        return torch.zeros(())

    classifier = Classifier(12, 3, n_layers=2, n_units=8)
    how = Pretraining(noise_level=0.5, noisy_inputs=True, batch_size=20)
    first, second = layers(how, classifier, (0.0, 1.0))
    monkeypatch.setattr("sdae.models.autoencoder.autoencoder_step", look)
    for layer in (first, second):
        layer.noise = generator(1, "any")
        layer.training_step((X,), 0)
    rows = len(seen) // 2
    assert all(torch.equal(x, x_tilde) for x, x_tilde in seen)
    raw, above = (torch.cat([x for x, _ in part]) for part in (seen[:rows], seen[rows:]))
    hidden = (raw == 0) & (X != 0)
    assert torch.equal(raw[~hidden], X[~hidden])
    assert 0.4 < hidden.float().mean() < 0.6
    corrupted, _ = Masking(0.5)(X, generator(1, "any"))  # the second layer's own draw, from the stream it was given
    torch.testing.assert_close(above, classifier.representation(corrupted, 1).detach())


def test_noisy_inputs_without_noise_are_the_ordinary_autoencoders_exactly():
    ordinary = pretrained(2, learning_rate=0.05, noise_level=0.0)
    for ours, theirs in zip(noisy(0.0).hidden, ordinary.hidden, strict=True):
        assert torch.equal(ours.weight, theirs.weight)
    assert not torch.equal(noisy(0.25).hidden[0].weight, ordinary.hidden[0].weight)


def test_noise_is_drawn_afresh_at_every_presentation():
    how = Pretraining(noise_level=0.5, noisy_inputs=True)
    first, _ = layers(how, Classifier(12, 3, n_layers=2, n_units=8), (0.0, 1.0))
    assert isinstance(first, Autoencoder)
    assert first.noisy_input is not None
    stream = generator(1, "any")
    assert not torch.equal(first.noisy_input(X, stream), first.noisy_input(X, stream))


@pytest.mark.parametrize("raw", [False, True], ids=["denoising", "noisy inputs"])
def test_swap_noise_draws_from_the_training_inputs_of_its_layer_and_then_lets_them_go(raw):
    how = Pretraining(corruption="swap", noise_level=1.0, noisy_inputs=raw)
    classifier = Classifier(12, 3, n_layers=2, n_units=8)
    stack = layers(how, classifier, (0.0, 1.0))

    def swap(layer: Layer) -> Swap:
        corrupt = layer.noisy_input.corrupt if raw else layer.corrupt  # type: ignore[union-attr]
        assert isinstance(corrupt, Swap)
        return corrupt

    def look(layer: Layer, x: Tensor, valid_x: Tensor) -> None:
        examples = swap(layer).examples
        assert examples is x
        assert (x is X) == (raw or layer is stack[0])
        train(layer, x, valid_x)

    pretrain(stack, X, X, look, raw=raw)
    assert [swap(layer).examples for layer in stack] == [None, None]


def test_swap_noise_is_the_seeds():
    one, again, other = (pretrained(seed=seed, corruption="swap") for seed in (1, 1, 2))
    assert torch.equal(one.hidden[1].weight, again.hidden[1].weight)
    assert not torch.equal(one.hidden[1].weight, other.hidden[1].weight)
    assert not torch.equal(one.hidden[1].weight, pretrained(corruption="masking").hidden[1].weight)
