"""One number and what leads back to it."""

from made import measured


def test_a_measurement_knows_the_commit_that_it_was_made_with():
    assert measured().commit == "abc"
    assert measured(versions={"torch": "2.13.0"}).commit is None
