"""A logger that is silenced for a while."""

import logging

import pytest

from sdae.loggers import warnings_only


def test_warnings_remain_and_the_logger_is_left_as_it_was(caplog):
    logger = logging.getLogger("sdae.a_test")
    logger.setLevel(logging.INFO)
    with pytest.raises(KeyError), warnings_only(logger):
        logger.info("unheard")
        logger.warning("heard")
        raise KeyError
    logger.info("heard again")
    assert caplog.messages == ["heard", "heard again"]
