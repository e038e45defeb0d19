"""A small sweep, with some of its keys otherwise."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sdae.sweeps.plan import StudyPlan
from small_sweep import SMALL, planned


@pytest.fixture
def of(sweep_file: Callable[..., Path]) -> Callable[..., list[StudyPlan]]:
    """Plan the small sweep with some of its keys otherwise."""
    return lambda **changes: planned(sweep_file({**SMALL, **changes}))
