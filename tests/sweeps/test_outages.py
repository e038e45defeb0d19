"""Which errors of a storage are waited for, and what is said of them."""

import pytest
from sqlalchemy.exc import OperationalError

from sdae.errors import SdaeError
from sdae.sweeps.outages import patiently, reason


def test_the_innermost_reason_is_given_in_one_line():
    try:
        try:
            raise ValueError("disk is full.\nmore")
        except ValueError as inner:
            raise RuntimeError("outer") from inner
    except RuntimeError as error:
        assert reason(error) == "disk is full"


def test_other_errors_are_not_waited_for():
    calls = []

    def fails():
        calls.append(1)
        raise KeyError("no study")

    with pytest.raises(KeyError):
        patiently(fails)
    assert calls == [1]


def locked() -> OperationalError:
    return OperationalError("SELECT 1", None, Exception("database is locked"))


def test_an_outage_is_waited_for():
    errors = [locked()]

    def answers_at_last():
        if errors:
            raise errors.pop()
        return 7

    assert patiently(answers_at_last) == 7


def test_a_storage_that_stays_away_is_an_error():
    def fails():
        raise locked()

    with pytest.raises(SdaeError, match=r"storage: unreachable for 0 s .*database is locked"):
        patiently(fails, patience=0.0)
