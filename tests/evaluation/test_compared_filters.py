"""What cannot be drawn of filters is refused before a run is read."""

import pytest

from sdae.errors import SdaeError
from sdae.evaluation.compared_filters import Selection


@pytest.mark.parametrize(
    ("selected", "message"),
    [({"n": 0}, "n 0: at least one filter"), ({"layer": 2}, "layer 2: only the first layer's filters are images")],
)
def test_what_cannot_be_drawn_is_refused(selected, message):
    with pytest.raises(SdaeError, match=message):
        Selection(**selected)
