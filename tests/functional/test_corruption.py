"""The corruptions of section 3.3: how much, where, independently, and with which values."""

import math

import pytest
import torch

from sdae.errors import SdaeError
from sdae.functional.corruption import Gaussian, Masking, SaltAndPepper, Swap, drawing_from, make_corruption
from sdae.seeds import generator

X = torch.rand(2000, 300, generator=torch.Generator().manual_seed(5)).clamp_(0.01, 0.99)
BOTH = [Masking(0.25), SaltAndPepper(0.25), Swap(0.25, X)]


def spread(p: float, n: int) -> float:
    """Return five standard deviations of a mean of n draws of probability p."""
    return 5 * math.sqrt(p * (1 - p) / n)


@pytest.mark.parametrize("corrupt", BOTH, ids=lambda c: type(c).__name__)
def test_a_fraction_nu_of_the_components_is_corrupted(corrupt):
    _, mask = corrupt(X, generator(1))
    assert mask.float().mean() == pytest.approx(0.25, abs=spread(0.25, mask.numel()))


@pytest.mark.parametrize("corrupt", BOTH, ids=lambda c: type(c).__name__)
def test_examples_and_components_are_corrupted_independently(corrupt):
    mask = corrupt(X, generator(1))[1].float()
    for joint in (mask[1:] * mask[:-1], mask[:, 1:] * mask[:, :-1]):
        assert joint.mean() == pytest.approx(0.0625, abs=spread(0.0625, joint.numel()))
    # A fixed number of corrupted components in each example would have no spread at all.
    assert mask.sum(1).var() == pytest.approx(300 * 0.25 * 0.75, rel=0.2)


@pytest.mark.parametrize("corrupt", [*BOTH, Gaussian(0.3)], ids=lambda c: type(c).__name__)
def test_noise_is_drawn_afresh_and_leaves_the_clean_examples_alone(corrupt):
    before, stream = X.clone(), generator(1)
    first, second = corrupt(X, stream)[0], corrupt(X, stream)[0]
    assert not torch.equal(first, second)
    assert torch.equal(first, corrupt(X, generator(1))[0])
    assert torch.equal(X, before)


def test_masking_sets_to_zero_and_rescales_nothing():
    x_tilde, mask = Masking(0.4)(X, generator(1))
    assert (x_tilde[mask] == 0).all()
    assert torch.equal(x_tilde[~mask], X[~mask])


def test_salt_and_pepper_is_a_fair_coin_between_the_extremes():
    x_tilde, mask = SaltAndPepper(0.4, low=-2.0, high=3.0)(X, generator(1))
    values = x_tilde[mask]
    assert set(values.unique().tolist()) == {-2.0, 3.0}
    assert (values == 3.0).float().mean() == pytest.approx(0.5, abs=spread(0.5, len(values)))
    assert torch.equal(x_tilde[~mask], X[~mask])


def test_gaussian_noise_has_its_standard_deviation_and_touches_everything():
    x_tilde, mask = Gaussian(0.3)(X, generator(1))
    noise = x_tilde - X
    assert mask.shape == X.shape
    assert mask.all()
    assert noise.mean() == pytest.approx(0, abs=5 * 0.3 / math.sqrt(noise.numel()))
    assert noise.std() == pytest.approx(0.3, rel=0.01)


@pytest.mark.parametrize("name", ["masking", "salt-and-pepper", "gaussian", "swap"])
def test_no_noise_is_no_change(name):
    assert torch.equal(drawing_from(make_corruption(name, 0.0), X)(X, generator(1))[0], X)


def test_a_swapped_component_is_the_same_one_of_an_example_drawn_for_it_alone():
    n, d = 50, 4
    examples = torch.arange(n * d, dtype=torch.float32).reshape(n, d)  # its value says where a component is from
    x = torch.full((2000, d), -1.0)
    x_tilde, mask = Swap(0.4, examples)(x, generator(1))
    assert torch.equal(x_tilde[~mask], x[~mask])
    assert torch.equal((x_tilde % d)[mask], torch.arange(d).expand_as(x)[mask].float())
    rows = x_tilde.div(d, rounding_mode="floor")
    both = mask[:, 0] & mask[:, 1]
    assert (rows[both, 0] == rows[both, 1]).float().mean() == pytest.approx(1 / n, abs=spread(1 / n, int(both.sum())))
    counts = torch.bincount(rows[mask].long(), minlength=n) / mask.sum()
    assert torch.allclose(counts, torch.full((n,), 1 / n), atol=spread(1 / n, int(mask.sum())))


def test_swap_needs_examples_and_other_noise_takes_none():
    with pytest.raises(SdaeError, match="swap draws from training examples"):
        make_corruption("swap", 0.1)(X, generator(1))
    bound = drawing_from(Swap(0.1), X)
    assert bound == Swap(0.1)  # which examples is no part of what it is, nor of a layer's key
    assert repr(bound) == "Swap(level=0.1)"
    assert drawing_from(bound, None).examples is None  # type: ignore[attr-defined]
    masking = Masking(0.1)
    assert drawing_from(masking, X) is masking


@pytest.mark.parametrize("name", ["masking", "salt-and-pepper"])
def test_full_noise_corrupts_everything(name):
    x_tilde, mask = make_corruption(name, 1.0)(X, generator(1))
    assert mask.all()
    assert ((x_tilde == 0) | (x_tilde == 1)).all()


@pytest.mark.parametrize(
    ("name", "level"), [("masking", 1.1), ("salt-and-pepper", -0.1), ("gaussian", -1.0), ("swap", 1.1)]
)
@pytest.mark.parametrize("nan", [False, True])
def test_a_level_out_of_range_is_refused(name, level, nan):
    with pytest.raises(SdaeError, match="noise_level"):
        make_corruption(name, float("nan") if nan else level)


def test_a_corruption_that_is_not_in_the_paper_is_refused():
    with pytest.raises(SdaeError, match="masking, salt-and-pepper, gaussian or swap"):
        make_corruption("dropout", 0.5)  # type: ignore[arg-type]
