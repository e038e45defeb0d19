"""Filters as a picture."""

import numpy as np
import torch

from sdae.pictures.filter_grid import filter_grid, filter_tiles, panels, zoom


def test_each_filter_lies_in_its_place_scaled_on_its_own_around_grey():
    weight = torch.zeros(5, 6)
    weight[0, 0], weight[3] = 2.0, -0.001
    image = filter_grid(weight, (2, 3))
    assert image.shape == (2 * 3 + 1, 3 * 4 + 1)  # five filters in two rows of three, a pixel between
    assert image.dtype == np.uint8
    first, second, fourth = image[1:3, 1:4], image[1:3, 5:8], image[4:6, 1:4]
    assert first[0, 0] == 255
    assert set(first.flatten()[1:]) <= {127, 128}
    assert set(second.flatten()) <= {127, 128}
    assert set(fourth.flatten()) == {0}


def test_no_more_than_asked_for():
    assert filter_grid(torch.ones(200, 4), (2, 2), most=100).shape == (31, 31)


CAPTIONS = [["one", "of two lines"], ["another", "of two lines"], ["a third", "of two lines"]]


def dark(pixels):
    return (pixels < 200).any()


def test_panels_lie_side_by_side_with_the_same_units_in_the_same_places():
    weights = [torch.randn(9, 144, generator=torch.Generator().manual_seed(k)) for k in range(3)]
    page = np.asarray(panels(weights, (12, 12), CAPTIONS))
    grid = 3 * (4 * 12 + 2) + 2  # nine tiles of 48 pixels, 2 between
    assert page.shape == (16 + grid + 8 + 2 * 20 + 16, 3 * (grid + 16) + 16)
    for k, weight in enumerate(weights):
        left = 16 + k * (grid + 16)
        tiles = filter_grid(weight, (12, 12), 9, 44, 2)
        assert (page[16 : 16 + grid, left : left + grid] == tiles).all()
        assert dark(page[16 + grid + 8 :, left : left + grid])  # its caption
        assert (page[:, left - 16 : left] == 255).all()


def test_panels_that_are_too_many_for_a_page_begin_another_row():
    weights = [torch.ones(100, 144)] * 7
    page = np.asarray(panels(weights, (12, 12), [["caption"]] * 7))
    grid = 10 * 50 + 2
    assert page.shape == (3 * (grid + 8 + 20 + 16) + 16, 3 * (grid + 16) + 16)
    assert page.shape[1] <= 1800


def test_letters_stand_before_the_captions_of_several_panels_alone():
    weight = torch.ones(4, 144)
    one = np.asarray(panels([weight], (12, 12), [["filters of a run"]]))
    grid = 2 * 50 + 2
    lettered = np.asarray(panels([weight] * 2, (12, 12), [["filters of a run"]] * 2))
    assert one.shape[1] < lettered.shape[1] / 2 + 16  # the caption is longer with a letter
    assert dark(one[16 + grid :])


def test_units_that_are_looked_at_closely_have_a_row_each_and_runs_a_column():
    weights = [torch.randn(2, 144, generator=torch.Generator().manual_seed(k)) for k in range(3)]
    page = np.asarray(zoom(weights, (12, 12), ["unit 3", "unit 30"], CAPTIONS))
    side = 10 * 12
    head, tall = 16 + 2 * 20 + 8, side + 8
    wide = side + 16
    assert page.shape[0] == head + 2 * tall + 8
    edge = page.shape[1] - 3 * wide
    for k, weight in enumerate(weights):
        for row, tile in enumerate(filter_tiles(weight, (12, 12)).repeat(10, axis=1).repeat(10, axis=2)):
            top, left = head + row * tall, edge + k * wide
            assert (page[top : top + side, left : left + side] == tile).all()
        assert dark(page[16 : 16 + 40, edge + k * wide : edge + k * wide + side])
    for row in range(2):
        assert dark(page[head + row * tall : head + row * tall + side, :edge])
