"""Directions in the plane."""

import numpy as np

from sdae.data.generated.directions import directions


def test_directions_are_unit_vectors_all_round_and_repeatable():
    cosines, sines = directions(4000, np.random.default_rng(1))
    np.testing.assert_allclose(np.square(cosines) + np.square(sines), 1, rtol=1e-12)
    counts, _ = np.histogram(np.arctan2(sines, cosines), bins=8, range=(-np.pi, np.pi))
    assert counts.min() > 400
    again = directions(4000, np.random.default_rng(1))
    assert np.array_equal(cosines, again[0])
    assert np.array_equal(sines, again[1])
