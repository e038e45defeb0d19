"""The settings of a scaled-down version are checked one by one."""

import pytest

from sdae.errors import SdaeError
from sdae.reproduce.scale import Scale


@pytest.mark.parametrize("name", ["trials", "heartbeat"])
def test_a_scaled_down_version_of_nothing_is_refused(name):
    with pytest.raises(SdaeError, match=f"{name}: at least 1, not 0"):
        Scale(**{name: 0})
