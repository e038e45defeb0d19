"""What a model's own Trainer may hand it: the compiled loops would read beyond an array of another width."""

import pytest
import torch
from lightning import Trainer
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from sdae.errors import SdaeError
from sdae.models.autoencoder import Autoencoder
from sdae.models.batch import check_inputs
from sdae.models.classifier import Classifier
from sdae.models.rbm import RBM

QUIET = {"logger": False, "enable_checkpointing": False, "enable_progress_bar": False, "enable_model_summary": False}
MODELS = {
    "autoencoder": lambda **options: Autoencoder(784, 8, **options),
    "untied": lambda **options: Autoencoder(784, 8, tied=False, **options),
    "rbm": lambda **options: RBM(784, 8, **options),
    "classifier": lambda **options: Classifier(784, 3, 1, 8, **options),
}
X = torch.rand(40, 784, generator=torch.Generator().manual_seed(0))
BROKEN = X.clone()
BROKEN[7, 5] = torch.nan


def fit(model, *tensors):
    trainer = Trainer(max_epochs=1, accelerator="cpu", **QUIET)  # type: ignore[arg-type]
    trainer.fit(model, DataLoader(TensorDataset(*tensors), batch_size=20))


@pytest.mark.parametrize("batch_size", [1, 20])
@pytest.mark.parametrize(
    ("x", "message"),
    [
        (X[:, :10], r"x: a batch has the shape \(20, 10\), the model takes \(n, 784\)$"),
        (X.repeat(1, 2), r"x: a batch has the shape \(20, 1568\), the model takes \(n, 784\)$"),
        (X.view(40, 28, 28), r"\(20, 28, 28\), the model takes \(n, 784\), flattened by x.flatten\(1\)$"),
        (X.double(), r"x: a batch is of torch.float64, the model computes in torch.float32; convert with x.to\("),
        ((255 * X).byte(), "x: a batch is of torch.uint8"),
        (BROKEN, "x: a batch holds NaN or an infinite value"),
    ],
    ids=["narrow", "wide", "pictures", "float64", "uint8", "nan"],
)
@pytest.mark.parametrize("kind", MODELS)
def test_examples_that_do_not_fit_are_refused_before_anything_is_trained(kind, x, message, batch_size):
    model = MODELS[kind](batch_size=batch_size)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    with pytest.raises(SdaeError, match=message):
        fit(model, x, torch.arange(40) % 3)
    torch.testing.assert_close(dict(model.state_dict()), before, rtol=0, atol=0)


@pytest.mark.parametrize("kind", MODELS)
def test_a_model_of_double_precision_takes_double_precision(kind):
    fit(MODELS[kind]().double(), X.double(), torch.arange(40) % 3)


def test_finite_numbers_whose_sum_is_not_are_taken():
    check_inputs(torch.full((20, 784), 1e38), nn.Linear(784, 8))


@pytest.mark.parametrize(
    ("t", "message"),
    [
        (torch.rand(40), r"classes \(20,\) of torch.float32, not \(20,\) of integers"),
        (torch.eye(3)[torch.arange(40) % 3].long(), r"classes \(20, 3\) of torch.int64"),
        (torch.arange(40) % 4, "t: holds class 3, which is not one of 0 to 2"),
    ],
    ids=["fractions", "one-hot", "too many"],
)
def test_classes_that_are_none_are_refused(t, message):
    with pytest.raises(SdaeError, match=message):
        fit(MODELS["classifier"](), X, t)


@pytest.mark.parametrize("kind", [Autoencoder, RBM])
def test_an_encoder_of_another_size_is_refused(kind):
    with pytest.raises(SdaeError, match="encoder: has 5 inputs and 8 units, the layer 784 and 8"):
        kind(784, 8, encoder=nn.Linear(5, 8))
