"""Filters as a picture."""

import numpy as np
import torch

from sdae.filter_grid import filter_grid


def test_each_filter_lies_in_its_place_scaled_on_its_own_around_grey():
    weight = torch.zeros(5, 6)
    weight[0, 0], weight[3] = 2.0, -0.001
    image = filter_grid(weight, (2, 3))
    assert image.shape == (3 * 3 + 1, 3 * 4 + 1)  # five filters in a square of three by three, a pixel between
    assert image.dtype == np.uint8
    first, second, fourth = image[1:3, 1:4], image[1:3, 5:8], image[4:6, 1:4]
    assert first[0, 0] == 255
    assert set(first.flatten()[1:]) <= {127, 128}
    assert set(second.flatten()) <= {127, 128}
    assert set(fourth.flatten()) == {0}


def test_no_more_than_asked_for():
    assert filter_grid(torch.ones(200, 4), (2, 2), most=100).shape == (31, 31)
