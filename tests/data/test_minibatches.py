"""Every example once per epoch, in an order that depends on the seed, the purpose and the epoch alone."""

import pytest
import torch

from sdae.data.minibatches import in_order, shuffled
from sdae.functional.corruption import Masking

X = torch.arange(2503.0)[:, None]


def order(epoch: int = 0, seed: int = 1, purpose: tuple[str, ...] = ("layer",), batch_size: int = 20) -> list[int]:
    loader = shuffled(X, batch_size=batch_size, seed=seed, purpose=purpose)
    loader.sampler.set_epoch(epoch)  # type: ignore[attr-defined]
    return torch.cat([block for (block,) in loader]).flatten().int().tolist()


def test_every_example_comes_once_an_epoch():
    assert sorted(order()) == list(range(2503))
    assert order() != list(range(2503))


def test_the_order_depends_on_seed_purpose_and_epoch_alone():
    assert order() == order()
    assert len({tuple(o) for o in (order(), order(epoch=1), order(seed=2), order(purpose=("fine-tuning",)))}) == 4


def test_the_epoch_may_be_set_after_the_loader_was_opened():
    loader = shuffled(X, batch_size=20, seed=1, purpose=("layer",))
    opened = iter(loader)
    loader.sampler.set_epoch(3)  # type: ignore[attr-defined]
    assert next(opened)[0].flatten().int().tolist() == order(epoch=3)[:1000]


@pytest.mark.parametrize("batch_size", [1, 20, 30, 999, 1000, 1001, 5000])
def test_a_block_holds_whole_minibatches(batch_size):
    sizes = [len(block) for (block,) in shuffled(X, batch_size=batch_size, seed=1, purpose=())]
    assert all(size % batch_size == 0 for size in sizes[:-1])
    assert sum(sizes) == 2503


def test_examples_stay_with_their_classes():
    loader = shuffled(X, X.flatten().int(), batch_size=20, seed=1, purpose=())
    assert all(torch.equal(x.flatten().int(), t) for x, t in loader)


def test_evaluation_goes_in_order():
    assert torch.equal(torch.cat([block for (block,) in in_order(X)]), X)


def noisy(epoch: int, **otherwise: int) -> tuple[torch.Tensor, torch.Tensor]:
    settings = {"batch_size": 20, "seed": 1, **otherwise}
    loader = shuffled(1 + X, X[:, 0], purpose=("fine-tuning",), corrupt=Masking(0.5), **settings)
    loader.sampler.set_epoch(epoch)  # type: ignore[attr-defined]
    x, t = zip(*loader, strict=True)
    return torch.cat(x)[:, 0], torch.cat(t)


def test_noise_falls_on_the_examples_alone_and_afresh_in_every_epoch():
    x, t = noisy(0)
    assert 0.4 < (x == 0).float().mean() < 0.6
    assert torch.equal(x[x != 0], 1 + t[x != 0])
    assert sorted(t.tolist()) == list(range(2503))
    again, _ = noisy(1)
    assert not torch.equal(sorted_by(t, x == 0), sorted_by(noisy(1)[1], again == 0))


def sorted_by(t: torch.Tensor, lost: torch.Tensor) -> torch.Tensor:
    return lost[t.argsort()]


def test_noise_depends_on_the_seed_and_the_epoch_alone_and_leaves_the_order():
    assert torch.equal(noisy(3)[0], noisy(3)[0])
    assert not torch.equal(noisy(3)[0], noisy(3, seed=2)[0])
    clean = shuffled(X, batch_size=20, seed=1, purpose=("fine-tuning",))
    assert noisy(0)[1].tolist() == torch.cat([block for (block,) in clean]).flatten().tolist()
