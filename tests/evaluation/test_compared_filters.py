"""What cannot be drawn of filters is refused before a run is read."""

from pathlib import Path

import pytest

from sdae.errors import SdaeError
from sdae.evaluation.compared_filters import check_filters


@pytest.mark.parametrize(
    ("output", "n", "layer", "message"),
    [
        ("f.pdf", 1, 1, "output f.pdf: the name of a .png file"),
        ("f.png", 0, 1, "n 0: at least one filter"),
        ("f.png", 1, 2, "layer 2: only the first layer's filters are images"),
    ],
)
def test_what_cannot_be_drawn_is_refused(output, n, layer, message):
    with pytest.raises(SdaeError, match=message):
        check_filters(Path(output), n, layer)
    check_filters(Path("f.PNG"), 1, 1)
