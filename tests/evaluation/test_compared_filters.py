"""What cannot be drawn of filters is refused before a run is read."""

import json

import pytest

from sdae.errors import SdaeError
from sdae.evaluation import compared_filters
from sdae.evaluation.compared_filters import Selection, measure_filters
from sdae.runs import versions
from small_run import small_run


@pytest.mark.parametrize(
    ("selected", "message"),
    [
        ({"n": 0}, "n 0: at least one filter"),
        ({"layer": 2}, "layer 2: only the first layer's filters are images"),
        ({"units": [3], "n": 4}, "units: the filters to show, in this order; leave out n and order"),
        ({"units": [3], "order": "most-structured"}, "units: the filters to show"),
    ],
)
def test_what_cannot_be_drawn_is_refused(selected, message):
    with pytest.raises(SdaeError, match=message):
        Selection(**selected)


def test_the_commit_is_that_with_which_the_work_began(tmp_path, monkeypatch):
    model = small_run(tmp_path / "run")
    commit = ["abc"]
    monkeypatch.setattr(versions, "commit", lambda: commit[0])
    monkeypatch.setattr(
        compared_filters, "measure_filters", lambda *args: commit.__setitem__(0, "def") or measure_filters(*args)
    )
    compared_filters.compare_filters([model], tmp_path / "picture.png", Selection())
    assert json.loads((tmp_path / "picture.json").read_text())["versions"]["commit"] == "abc"
