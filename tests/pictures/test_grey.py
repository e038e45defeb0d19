"""Grey levels."""

import numpy as np

from sdae.pictures.grey import around_zero, black_and_white, grey_bytes


def test_black_at_one_end_and_white_at_the_other():
    x = np.array([[0.0, 0.5, 1.0, 2.0]], dtype=np.float32)
    assert grey_bytes(x, (2, 2), (0.0, 1.0)).tolist() == [[[0, 128], [255, 255]]]
    assert grey_bytes(x, (2, 2), (0.0, 2.0)).tolist() == [[[0, 64], [128, 255]]]
    assert grey_bytes(x * 0, (2, 2), (0.0, 0.0)).tolist() == [[[0, 0], [0, 0]]]


def test_fractions_have_their_own_range_and_other_data_the_usual_part_of_it():
    x = np.linspace(-100, 100, 1001)
    assert black_and_white(x, (0.0, 1.0)) == (0.0, 1.0)
    low, high = black_and_white(x, (-np.inf, np.inf))
    assert (round(low), round(high)) == (-98, 98)


def test_zero_is_mid_grey_however_small_an_example_is():
    x = np.array([[0.0, 2.0, -1.0], [0.0, 1e-9, 0.0], [0.0, 0.0, 0.0]])
    assert grey_bytes(x, (1, 3), around_zero(x))[:, 0].tolist() == [[128, 255, 64], [128, 255, 128], [128, 128, 128]]
