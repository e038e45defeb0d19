"""Progress and results of studies, for a person."""

import pytest

from sdae.sweeps.overview import final, status, summarise_sweep, without_result
from sdae.sweeps.studies import RESULT
from stored import store


def test_progress_counts_trials_and_says_when_all_is_over(tmp_path):
    studies = store(tmp_path / "mine")
    text = status(studies)
    assert "mine/rect/SDAE-3" in text
    assert "10.00 %" in text
    assert text.endswith("all studies are finished")
    open_ones = store(tmp_path / "open", over=False, done=1)
    assert "0 of 1 studies finished; no worker is at work; start one to continue" in status(open_ones)
    assert without_result(studies) == []


def test_a_study_without_a_test_error_is_named_with_the_reason(tmp_path):
    [study] = store(tmp_path / "mine")
    for changes, reason in (
        ({"run": None, "error": "its test failed: OSError: no data"}, "its test failed: OSError: no data"),
        ({"run": {"test_error": None}}, "the chosen run was not tested"),
        ({"chosen": None, "run": None, "trials": {"pruned": 2}}, "no trial was completed: 2 pruned"),
    ):
        study.study.set_user_attr(RESULT, {**study.result, **changes})
        assert without_result([study]) == [f"mine/rect/SDAE-3: no result: {reason}"]
        study.study.set_user_attr(RESULT, {key: value for key, value in study.result.items() if key != "error"})


def test_a_result_stands_beside_the_papers(tmp_path):
    [row] = summarise_sweep(store(tmp_path / "mine"))
    assert (row["test_error"], row["published"]["table"]) == (0.1, "table3")
    text = final([row], [["lRateSup"]])
    assert "1.99 ± 0.12 %" in text
    assert "lRateSup 0.1" in text
    assert final([{**row, "hyperparameters": [None]}], [[]]).count("none: no trial was completed") == 1


def test_local_data_have_no_number_of_the_papers(tmp_path):
    [row] = summarise_sweep(store(tmp_path / "mine"))
    own = {**row, "provenance": "local", "published": None}
    assert "paper's" not in final([own], [["lRateSup"]])
    assert final([row, own], [["lRateSup"]] * 2).splitlines()[3].split("local")[0].rstrip().endswith("–")


@pytest.mark.parametrize(
    ("settings", "beside"),
    [({}, "1.99 ± 0.12 %"), ({"labels": 100}, "not reported"), ({"train_size": 200}, "not reported")],
)
def test_the_papers_number_stands_beside_a_study_of_all_examples_and_labels_alone(settings, beside, tmp_path):
    rows = summarise_sweep(store(tmp_path / "search", **settings))
    assert (rows[0]["published"] is None) == (beside == "not reported")
    assert beside in final(rows, [[]])
