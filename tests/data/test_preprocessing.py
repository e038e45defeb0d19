"""What is done to examples before a network sees them, kept and read back."""

import json

import numpy as np
import pytest

from sdae.data.preprocessing import Preprocessing, fingerprint
from sdae.data.scaling import Scaling
from sdae.errors import SdaeError

GREY = Preprocessing("digits", "local", 4, 2, ("no", "yes"), (0.0, 1.0), (2, 2), scaling=Scaling.by(255.0))


def test_examples_are_scaled_and_pictures_laid_in_rows():
    x = np.arange(8, dtype=np.uint8).reshape(2, 2, 2) * 30
    assert np.array_equal(GREY(x, "x"), (x.reshape(2, 4) / 255).astype(np.float32))
    assert [GREY.class_name(k) for k in (0, 1, 2)] == ["no", "yes", "2"]


@pytest.mark.parametrize(
    ("x", "message"),
    [
        (np.zeros((2, 3)), "needs .n, 4. or .n, 2, 2."),
        (np.zeros((0, 4)), "n at least 1"),
        (np.array([["a"] * 4]), "not numbers"),
        (np.array([[0, 0, 300, 0]]), "row 0, counted from 0, holds 300 in component 2"),
        (np.array([[0.0, 0, 0, 0], [0, np.nan, 0, 0]]), "row 1, counted from 0, holds nan in component 1"),
    ],
)
def test_what_does_not_fit_is_refused(x, message):
    with pytest.raises(SdaeError, match=f"^mine: .*{message}"):
        GREY(x, "mine")


def test_examples_in_other_units_are_clipped_with_a_warning(caplog):
    train = np.random.default_rng(0).random((50, 3))
    minmax = Preprocessing("mine", "local", 3, 2, (), (0.0, 1.0), scaling=Scaling.by_extremes(train))
    minmax(train * 1.5, "a little beyond")
    assert caplog.text == ""
    x = np.concatenate((train, 1000 * train[:20]))
    assert minmax(x, "new.npy").max() == 1
    assert "new.npy: 20 of 70 examples lie outside the range of the training examples" in caplog.text


def test_a_row_of_counts_is_scaled_alone_as_beside_others():
    counts = Preprocessing("mine", "local", 4, 2, (), (0.0, 1.0), scaling=Scaling.by(255.0))
    rows = np.array([[1.0, 0, 0, 1], [9, 200, 3, 4]])
    assert np.array_equal(counts(rows[:1], "x"), counts(rows, "x")[:1])
    grey = GREY(rows[:1].reshape(1, 2, 2), "x")  # of a picture, these are levels that were divided before
    assert np.array_equal(grey, rows[:1])


def test_it_is_described_in_json_and_read_back():
    for each in (GREY, Preprocessing("mine", "local", 3, 0, (), (-np.inf, np.inf))):
        assert Preprocessing.of(json.loads(json.dumps(each.described()))) == each


def test_a_fingerprint_is_of_types_shapes_and_values():
    x = np.arange(4.0)
    prints = [fingerprint(each) for each in (x, x.astype(np.float32), x.reshape(2, 2), x + 1)]
    assert len(set(prints)) == 4
    assert fingerprint(x.copy()) == prints[0]
