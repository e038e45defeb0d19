"""One stream a purpose, the same everywhere."""

import numpy as np
import pytest
import torch

from sdae.seeds import derive, generator, numpy_generator


def test_a_purpose_has_the_same_stream_on_every_machine():
    # Written down once; a change would change every number ever published with a seed.
    assert derive(1, "noise", "layer", 2, "epoch", 7) == 8365406212773301472


def test_a_number_of_numpys_is_the_same_seed_and_a_fraction_is_none():
    assert derive(np.int64(1), "noise", np.int32(2)) == derive(1, "noise", 2)
    assert derive(1, np.str_("noise")) == derive(1, "noise")
    with pytest.raises(TypeError):
        derive(1.0, "noise")


def test_other_seeds_and_other_purposes_have_other_streams():
    purposes = [(1, "noise"), (2, "noise"), (1, "order"), (1, "noise", 1), (1, "noise", "1"), (11, "noise")]
    assert len({derive(*purpose) for purpose in purposes}) == len(purposes)


def test_a_stream_can_be_drawn_again():
    first, second = (torch.rand(5, generator=generator(3, "noise")) for _ in range(2))
    assert torch.equal(first, second)
    assert numpy_generator(3, "x").random() == numpy_generator(3, "x").random()
