"""Numbers are scaled and checked in the precision that came, and cast last."""

import math

import numpy as np
import pytest

from sdae.data.scaling import TOLERANCE, Scaling, Unusable, settled

FREE = (-math.inf, math.inf)


def test_precision_is_lost_last():
    """In float32 these are all one number."""
    x = 1.7e9 + np.arange(8.0)[:, None] / 8
    assert len(np.unique(x.astype(np.float32))) == 1
    scaled = Scaling.by_deviation(x)(x, FREE)
    assert scaled.dtype == np.float32
    np.testing.assert_allclose(scaled[:, 0], (np.arange(8) - 3.5) / np.std(np.arange(8)), rtol=1e-6)


def test_numbers_that_float32_cannot_hold_are_scaled_first():
    x = np.array([[1e39], [3e39]])
    np.testing.assert_allclose(Scaling.by_deviation(x)(x, FREE), [[-1], [1]])
    with pytest.raises(Unusable) as refused:
        Scaling()(x, FREE)
    assert refused.value.place == (0, 0, 1e39)


@pytest.mark.parametrize("divisor", [255.0, 256.0, 1.0])
def test_grey_levels_are_divided_as_float32_divides(divisor):
    levels = np.arange(256, dtype=np.uint8).repeat(3).reshape(-1, 8)
    levels = levels[:8] if divisor == 1 else levels
    expected = levels.astype(np.float32) / np.float32(divisor)
    got = Scaling.by(divisor)(levels, (0.0, 255.0))
    assert got.dtype == np.float32
    assert np.array_equal(got, expected)


def test_a_byte_out_of_range_is_named_by_its_place():
    x = np.zeros((300, 4), dtype=np.uint8)
    x[270, 3] = 7
    with pytest.raises(Unusable) as refused:
        Scaling()(x, (0.0, 1.0))
    assert refused.value.place == (270, 3, 7.0)
    x[4, 1], x[5, 0] = 9, 1
    with pytest.raises(Unusable) as refused:
        Scaling()(x, (0.0, 5.0))
    assert refused.value.place == (270, 3, 7.0)  # the least of them


@pytest.mark.parametrize("value", [1 + 2e-7, -3e-8, 1 + 0.9 * TOLERANCE])
def test_a_rounding_away_from_an_end_is_the_end(value):
    scaled = Scaling()(np.array([[0.5, value]]), (0.0, 1.0))
    assert scaled[0, 1] in (0.0, 1.0)
    assert settled(min(0.0, value), max(1.0, value)) == (0.0, 1.0)


@pytest.mark.parametrize("value", [1 + 2 * TOLERANCE, -2 * TOLERANCE, math.nan, math.inf])
def test_more_than_that_is_not(value):
    with pytest.raises(Unusable):
        Scaling()(np.array([[0.5, value]]), (0.0, 1.0))
    if math.isfinite(value):
        assert settled(min(0.0, value), max(1.0, value)) != (0.0, 1.0)


def test_standardised_by_the_training_examples_alone():
    random = np.random.default_rng(0)
    train, valid = random.normal(3, 5, (500, 4)), random.normal(8, 5, (100, 4))
    train[:, 2] = 0.1
    scaling = Scaling.by_deviation(train)
    first, second = scaling(train, FREE), scaling(valid, FREE)
    np.testing.assert_allclose(first.mean(0), 0, atol=1e-6)
    np.testing.assert_allclose(first.std(0), [1, 1, 0, 1], atol=1e-6)
    others = [0, 1, 3]
    np.testing.assert_allclose(second[:, others], ((valid - train.mean(0)) / train.std(0))[:, others], rtol=1e-5)
    np.testing.assert_allclose(second[:, 2], valid[:, 2] - 0.1, rtol=1e-5)


@pytest.mark.parametrize("kind", [np.int32, np.int64, np.uint32, np.float64])
def test_large_whole_numbers_that_differ_are_not_constant(kind):
    """Of int32, as small as float32, times of a quarter of an hour were taken for one."""
    x = np.array([[1_600_000_000, 3], [1_600_000_900, 3]]).astype(kind)
    np.testing.assert_allclose(Scaling.by_deviation(x)(x, FREE), [[-1, 0], [1, 0]])
    rounded = np.array([[0.1], [0.1]], dtype=np.float32) + np.array([[0], [1e-8]], dtype=np.float32)
    assert Scaling.by_deviation(rounded).divisor == 1


def test_least_and_greatest_of_the_training_examples_take_what_is_beyond():
    train = np.array([[0, 5.0], [4, 5.0]])
    scaling = Scaling.by_extremes(train)
    np.testing.assert_array_equal(scaling(np.array([[2, 5], [9, 4], [-1, 6]]), (0.0, 1.0)), [[0.5, 0], [1, 0], [0, 1]])
    with pytest.raises(Unusable):
        scaling(np.array([[math.nan, 5]]), (0.0, 1.0))


def test_what_lies_beyond_the_range_by_more_than_its_width_is_far():
    scaling = Scaling.by_extremes(np.array([[0, 5.0], [4, 5.0]]))
    x = np.array([[8, 5], [9, 5], [-4, 5], [-5, 5], [2, 7], [2, 8]])
    assert scaling.far_beyond(x).tolist() == [False, True, False, True, False, True]


@pytest.mark.parametrize(
    "make", [lambda x: Scaling(), lambda x: Scaling.by(255), Scaling.by_extremes, Scaling.by_deviation]
)
def test_its_inverse_has_the_units_from_before(make):
    x = np.random.default_rng(0).normal(1000, 3, (50, 4)).astype(np.float32)
    scaling = make(x)
    back = scaling.inverse(scaling(x, (0.0, 1.0) if scaling.clips else FREE))
    assert back.dtype == np.float32
    np.testing.assert_allclose(back, x, rtol=1e-6)


@pytest.mark.parametrize(
    "scaling", [Scaling(), Scaling.by(255), Scaling.by_extremes(np.eye(3)), Scaling.by_deviation(np.eye(3) / 7)]
)
def test_it_is_kept_to_the_last_bit(scaling):
    again = Scaling.of(scaling.described())
    assert np.array_equal(again.offset, scaling.offset)
    assert np.array_equal(again.divisor, scaling.divisor)
    assert (again.clips, again.identity) == (scaling.clips, scaling.identity)
