"""The kept folder of a sweep: its record is merged, and its runs are those that its studies chose."""

import json
import shutil
from pathlib import Path

import pytest

from made import answer, write_folds, write_run, write_svm, write_sweep
from sdae.errors import SdaeError
from sdae.report.gather import gather
from sdae.report.keeping import keep
from sdae.report.kept_sweeps import whole_rows
from sdae.results.scan import scan

RUN = "rect/sdae-3/trial-0001"


def records(folder):
    return json.loads((folder / "studies.json").read_text())


def write_records(folder, kept):
    (folder / "studies.json").write_text(json.dumps(kept))


def kept(runs, into):
    keep(gather([runs]), [runs], into)
    return {str(path.relative_to(into)) for path in into.rglob("*") if path.is_file()}


def other_study(folder, method="SAE-3"):
    """Return the record of a study of another method, and its run."""
    write_sweep(folder.with_name("aside") / folder.name, method=method)
    [record] = records(folder.with_name("aside") / folder.name)
    chosen = record["result"]["chosen"]["folder"]
    write_run(folder / chosen, method=method)
    return record


def test_studies_that_are_not_over_again_remain(tmp_path):
    search, into = tmp_path / "runs/search", tmp_path / "results"
    write_sweep(search)
    both = [*records(search), other_study(search)]
    write_records(search, both)
    kept(tmp_path / "runs", into)
    assert [record["method"] for record in records(into / "search")] == ["SDAE-3", "SAE-3"]
    again = [{**both[0], "budget": 9}, {**both[1], "result": None}]
    write_records(search, again)
    files = kept(tmp_path / "runs", into)
    assert [(record["method"], record["budget"]) for record in records(into / "search")] == [
        ("SAE-3", 4),
        ("SDAE-3", 9),
    ]
    assert {f"search/{RUN}/result.json", "search/rect/sae-3/trial-0001/result.json"} <= files


def test_a_kept_run_that_is_no_longer_chosen_is_deleted(tmp_path):
    search, into = tmp_path / "runs/search", tmp_path / "results"
    write_sweep(search)
    write_svm(search / RUN, [answer(1, "pretrained", 0.1)])
    write_run(into / "search/mine")  # of fit, and of no sweep
    kept(tmp_path / "runs", into)
    [record] = records(search)
    record["result"]["chosen"]["folder"] = "rect/sdae-3/trial-0002"
    write_records(search, [record])
    write_run(search / "rect/sdae-3/trial-0002")
    assert kept(tmp_path / "runs", into) == {
        "search/studies.json",
        "search/mine/config.yaml",
        "search/mine/result.json",
        "search/mine/best.ckpt",
        "search/rect/sdae-3/trial-0002/config.yaml",
        "search/rect/sdae-3/trial-0002/result.json",
    }
    assert not (into / "search" / RUN).exists()


def test_a_kept_run_of_another_result_is_deleted_where_the_new_one_is_elsewhere(tmp_path):
    search, into = tmp_path / "runs/search", tmp_path / "results"
    write_sweep(search)
    kept(tmp_path / "runs", into)
    shutil.rmtree(search / "rect")  # on the machine that ran it
    assert f"search/{RUN}/result.json" in kept(tmp_path / "runs", into)
    [record] = records(search)
    record["result"]["run"]["seed"] = 2
    write_records(search, [record])
    assert kept(tmp_path / "runs", into) == {"search/studies.json"}


def test_a_kept_trial_of_a_study_without_a_record_is_known_by_its_configuration(tmp_path):
    into = tmp_path / "results"
    write_sweep(tmp_path / "runs/search")
    lost = write_run(into / "search/basic/sae-1/trial-0000")
    (lost / "config.yaml").write_text("tracking: {job_type: trial, group: search/basic/SAE-1}")
    other = write_run(into / "search/basic/sae-2/trial-0000")
    (other / "config.yaml").write_text("tracking: {job_type: trial, group: another/basic/SAE-2}")
    kept(tmp_path / "runs", into)
    assert not (lost / "result.json").exists()
    assert (other / "result.json").exists()


def test_a_sweep_in_the_kept_folder_of_another_is_left_alone(tmp_path):
    into = tmp_path / "results"
    write_sweep(into / "search")
    write_sweep(tmp_path / "runs/search", method="SAE-3")
    keep(gather([tmp_path / "runs/search"]), [tmp_path / "runs/search"], into)
    assert (into / "search" / RUN / "result.json").is_file()
    assert [record["method"] for record in records(into)] == ["SAE-3"]


def test_a_tested_trial_of_a_study_that_is_not_over_is_not_kept(tmp_path):
    search = tmp_path / "runs/search"
    write_sweep(search)
    write_records(search, [{**records(search)[0], "result": None}])
    assert kept(tmp_path / "runs", tmp_path / "results") == set()


@pytest.mark.parametrize(("numbers", "over"), [(range(10), 3), (range(9), 10)])
def test_a_cross_validation_is_kept_whole_or_not_at_all(tmp_path, numbers, over):
    write_sweep(tmp_path / "runs/search")
    write_folds(tmp_path / "runs/search", numbers, over)
    files = kept(tmp_path / "runs", tmp_path / "results")
    assert not [file for file in files if "tzanetakis" in file]
    assert [record["problem"] for record in records(tmp_path / "results/search")] == ["rect"]


def test_a_whole_cross_validation_is_kept(tmp_path):
    write_sweep(tmp_path / "runs/search")
    write_folds(tmp_path / "runs/search", range(10))
    files = kept(tmp_path / "runs", tmp_path / "results")
    assert len([file for file in files if "tzanetakis" in file]) == 20
    assert len(whole_rows(scan([tmp_path / "results"]).studies)) == 11


def test_two_sweeps_of_one_place_are_kept_together_only_if_they_agree(tmp_path):
    for place, method in (("a", "SDAE-3"), ("b", "SAE-3")):
        write_sweep(tmp_path / place / "search", method=method)
    paths = [tmp_path / "a", tmp_path / "b"]
    keep(gather(paths), paths, tmp_path / "results")
    assert {record["method"] for record in records(tmp_path / "results/search")} == {"SDAE-3", "SAE-3"}
    write_sweep(tmp_path / "c/search", n=9)
    paths = [tmp_path / "a", tmp_path / "c"]
    with pytest.raises(SdaeError, match="would both be kept there"):
        keep(gather(paths), paths, Path(tmp_path / "results"))
