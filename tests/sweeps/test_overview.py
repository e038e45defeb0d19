"""The table that a sweep ends with."""

import pytest

from sdae.sweeps.overview import final, summarise
from stored import store


@pytest.mark.parametrize(("settings", "beside"), [({}, "1.99 ± 0.12 %"), ({"labels": 100}, "prints none")])
def test_the_papers_number_stands_beside_a_study_of_all_labels_alone(settings, beside, tmp_path):
    rows = summarise(store(tmp_path / "search", **settings))
    assert (rows[0]["published"] is None) == (beside == "prints none")
    assert beside in final(rows, [[]])
