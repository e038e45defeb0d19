"""The stacked network of Figure 4."""

import numpy as np
import pytest
import torch
from lightning import Trainer

from sdae.data.minibatches import in_order, shuffled
from sdae.errors import Diverged, SdaeError
from sdae.functional.corruption import Masking
from sdae.models.classifier import Classifier

QUIET = {"logger": False, "enable_checkpointing": False, "enable_progress_bar": False, "enable_model_summary": False}


def test_it_is_sigmoid_layers_and_logistic_regression():
    model = Classifier(10, 3, n_layers=2, n_units=[6, 4])
    torch.nn.init.normal_(model.output.weight)
    x = torch.rand(5, 10)
    y = x.numpy()
    for k, linear in enumerate(model.hidden, start=1):
        y = 1 / (1 + np.exp(-(y @ linear.weight.detach().numpy().T + linear.bias.detach().numpy())))
        np.testing.assert_allclose(model.representation(x, k).detach().numpy(), y, rtol=1e-5)
    scores = y @ model.output.weight.detach().numpy().T + model.output.bias.detach().numpy()
    np.testing.assert_allclose(model(x).detach().numpy(), scores, rtol=1e-4, atol=1e-6)
    assert torch.equal(model.representation(x, 0), x)


def test_at_first_every_class_is_equally_probable():
    assert not Classifier(10, 3, n_units=4)(torch.rand(5, 10)).any()


@pytest.mark.parametrize("layer", [-1, 3])
def test_a_layer_that_is_not_there_is_refused(layer):
    with pytest.raises(SdaeError, match="layers 1 to 2"):
        Classifier(10, 3, n_layers=2, n_units=4).representation(torch.rand(5, 10), layer)


def blobs() -> tuple[torch.Tensor, torch.Tensor]:
    random = torch.Generator().manual_seed(0)
    t = torch.randint(3, (300,), generator=random)
    return torch.eye(3)[t] + 0.1 * torch.randn(300, 3, generator=random), t


def test_fine_tuning_learns_to_tell_blobs_apart():
    x, t = blobs()
    model = Classifier(3, 3, n_layers=1, n_units=10, learning_rate=0.1)
    trainer = Trainer(max_epochs=10, accelerator="cpu", **QUIET)  # type: ignore[arg-type]
    loader = shuffled(x, t, batch_size=20, seed=1, purpose=("fine-tuning",))
    trainer.fit(model, loader, in_order(x, t))
    assert float(trainer.callback_metrics["valid_error"]) < 0.05


@pytest.mark.parametrize("batch_size", [1, 20])
def test_classes_may_be_of_any_integer_type_and_lie_apart_in_memory(batch_size):
    x, t = blobs()
    apart = torch.stack([t, 2 - t], 1)[:, 0]
    assert not apart.is_contiguous()
    trained = []
    for classes in (t, t.to(torch.int32), apart):
        model = Classifier(3, 3, n_layers=1, n_units=10, batch_size=batch_size)
        model.training_step((x, classes), 0)
        trained.append(dict(model.state_dict()))
    for other in trained[1:]:
        torch.testing.assert_close(other, trained[0], rtol=0, atol=0)


def test_a_loss_that_is_no_number_any_more_stops_with_the_key_to_lower():
    x, t = blobs()
    model = Classifier(3, 3, n_layers=1, n_units=10, learning_rate=1e30)
    trainer = Trainer(max_epochs=3, accelerator="cpu", **QUIET)  # type: ignore[arg-type]
    with pytest.raises(Diverged, match="lower fine_tuning.learning_rate"):
        trainer.fit(model, shuffled(x * 1e30, t, batch_size=20, seed=1, purpose=()), in_order(x, t))


def test_noise_in_fine_tuning_falls_on_the_training_inputs_alone_and_afresh(monkeypatch):
    """SAE(2) of section 6.4: validation and test stay clean."""
    x, t = blobs()
    seen: list[torch.Tensor] = []
    monkeypatch.setattr(
        "sdae.models.classifier.classifier_step", lambda x, *rest: seen.append(x.clone()) or torch.zeros(())
    )
    model = Classifier(3, 3, n_layers=1, n_units=10, learning_rate=0.1, batch_size=20)
    clean = model(x).argmax(1)
    trainer = Trainer(max_epochs=2, accelerator="cpu", **QUIET)  # type: ignore[arg-type]
    loader = shuffled(x, t, batch_size=20, seed=1, purpose=("fine-tuning",), corrupt=Masking(0.5))
    trainer.fit(model, loader, in_order(x, t))
    first, second = torch.cat(seen[: len(seen) // 2]), torch.cat(seen[len(seen) // 2 :])
    for presented in (first, second):
        assert 0.4 < (presented == 0).float().mean() < 0.6
        assert torch.isin(presented[presented != 0], x).all()
    assert not torch.equal(first, second)
    assert float(trainer.callback_metrics["valid_error"]) == (clean != t).double().mean()


@pytest.mark.parametrize("batch_size", [1, 20])
@pytest.mark.parametrize("bad", [-1, 3])
def test_a_class_that_is_no_output_is_refused_before_anything_is_trained(batch_size, bad):
    x, t = blobs()
    t[-1] = bad
    model = Classifier(3, 3, n_layers=1, n_units=10, batch_size=batch_size)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    with pytest.raises(SdaeError, match=f"t: holds class {bad}, which is not one of 0 to 2; leave unlabelled"):
        model.training_step((x, t), 0)
    torch.testing.assert_close(dict(model.state_dict()), before, rtol=0, atol=0)
