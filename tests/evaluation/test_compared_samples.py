"""What cannot be drawn of samples is refused before a run is read."""

from pathlib import Path

import pytest

from sdae.errors import SdaeError
from sdae.evaluation.compared_samples import check_samples


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"output": Path("s.jpg")}, "output s.jpg: the name of a .png file"),
        ({"rows": 0}, "rows 0: at least 1"),
        ({"draws": 0}, "draws 0: at least 1"),
        ({"gibbs": 0}, "gibbs 0: at least 1"),
        ({"judged": -1}, "judged -1: at least 0"),
    ],
)
def test_what_cannot_be_drawn_is_refused(changes, message):
    usual = {"output": Path("s.png"), "rows": 1, "draws": 1, "gibbs": None, "judged": 0}
    check_samples(**usual)
    with pytest.raises(SdaeError, match=message):
        check_samples(**{**usual, **changes})
