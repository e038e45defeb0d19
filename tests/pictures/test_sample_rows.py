"""Rows of samples, the example first."""

import numpy as np

from sdae.pictures.sample_rows import APART, GAP, sample_rows


def test_every_picture_is_where_it_belongs():
    random = np.random.default_rng(0)
    examples = random.integers(1, 255, (3, 4, 5), dtype=np.uint8)
    samples = random.integers(1, 255, (3, 2, 4, 5), dtype=np.uint8)
    scale = 14  # the shorter side, 4, becomes 56 pixels
    page = np.asarray(sample_rows(examples, samples))
    assert page.shape == (3 * (4 * scale + GAP) + GAP, 3 * (5 * scale + GAP) + GAP + APART)
    for row in range(3):
        for column, tile in enumerate((examples[row], *samples[row])):
            top = GAP + row * (4 * scale + GAP)
            left = GAP + column * (5 * scale + GAP) + (APART if column else 0)
            shown = page[top : top + 4 * scale, left : left + 5 * scale]
            np.testing.assert_array_equal(shown[scale // 2 :: scale, scale // 2 :: scale], tile)
    white = (page == 255).all(0)
    assert white.sum() == APART - GAP  # one line from top to bottom parts the examples from the samples
