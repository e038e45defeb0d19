"""Weights on disk: the same back, and nothing else."""

import os
import pickle

import pytest
import torch

from sdae.errors import SdaeError
from sdae.models.classifier import Classifier
from sdae.runs.weights import load_weights, save_weights


def small(n_units: int = 5, n_layers: int = 2, seed: int = 1) -> Classifier:
    return Classifier(7, 3, n_layers=n_layers, n_units=n_units, seed=seed)


def test_weights_come_back_bit_for_bit(tmp_path):
    one, other = small(seed=1), small(seed=2)
    save_weights(one, tmp_path / "a.ckpt")
    load_weights(other, tmp_path / "a.ckpt")
    for ours, theirs in zip(one.parameters(), other.parameters(), strict=True):
        assert torch.equal(ours, theirs)


def test_lightning_reads_the_checkpoint_too(tmp_path):
    save_weights(small(n_units=4), tmp_path / "a.ckpt")
    loaded = Classifier.load_from_checkpoint(tmp_path / "a.ckpt", weights_only=True)
    assert loaded.n_units == [4, 4]


@pytest.mark.parametrize(("other", "named"), [({"n_units": 6}, "model.n_units"), ({"n_layers": 3}, "model.n_layers")])
def test_a_checkpoint_of_another_shape_is_refused_and_changes_nothing(tmp_path, other, named):
    save_weights(small(**other), tmp_path / "a.ckpt")
    model = small()
    before = [p.clone() for p in model.parameters()]
    with pytest.raises(SdaeError, match=named):
        load_weights(model, tmp_path / "a.ckpt")
    assert all(torch.equal(p, q) for p, q in zip(model.parameters(), before, strict=True))


@pytest.mark.parametrize("kept", [0, 10, 500, 2000])
def test_a_truncated_checkpoint_is_named(tmp_path, kept):
    path = tmp_path / "a.ckpt"
    save_weights(small(), path)
    assert path.stat().st_size > 2000
    os.truncate(path, kept)
    with pytest.raises(SdaeError, match="a.ckpt: is damaged, or not a checkpoint of this package$"):
        load_weights(small(), path)  # it may be the user's own: nobody is advised to remove it


def test_a_missing_checkpoint_is_named(tmp_path):
    with pytest.raises(SdaeError, match="a.ckpt: no such checkpoint"):
        load_weights(small(), tmp_path / "a.ckpt")


class Mischief:
    def __reduce__(self):
        return os.mkdir, ("mischief",)


def test_code_in_a_checkpoint_is_not_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    torch.save({"state_dict": Mischief()}, tmp_path / "a.ckpt")
    with pytest.raises(SdaeError, match="a.ckpt"):
        load_weights(small(), tmp_path / "a.ckpt")
    assert not (tmp_path / "mischief").exists()
    pickle.loads(pickle.dumps(Mischief()))  # which would have made the folder
    assert (tmp_path / "mischief").exists()
