"""Loggers of this process, ours and those of libraries."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def warnings_only(logger: logging.Logger) -> Iterator[None]:
    """Silence what is less than a warning, and leave the logger as it was: it is the whole process's."""
    level = logger.level
    logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        logger.setLevel(level)
