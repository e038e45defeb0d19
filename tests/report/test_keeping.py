"""What is kept of a report, so that it can be made again."""

import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml

from made import answer, write_draws, write_folds, write_run, write_svm, write_sweep
from sdae.errors import SdaeError
from sdae.report.assembly import assemble
from sdae.report.gather import gather
from sdae.report.keeping import keep
from sdae.report.rows import as_csv


def numbers(path):
    text = as_csv(assemble(gather([path]), [path], date(2026, 11, 25)))
    return text.replace(str(path), "HERE")


def test_the_report_is_made_again_of_what_was_kept(tmp_path):
    runs, kept = tmp_path / "runs", tmp_path / "results"
    write_sweep(runs / "search")
    write_svm(runs / "search/rect/sdae-3/trial-0001", [answer(k, "pretrained", 0.02 - k / 1000) for k in (1, 2)])
    write_run(runs / "mine", method="SAE-3")
    (runs / "figure8.png").write_bytes(b"picture")
    (runs / "figure8.json").write_text('{"runs": []}')
    keep(gather([runs]), [runs], kept)
    assert numbers(kept) == numbers(runs)
    files = {str(path.relative_to(kept)) for path in kept.rglob("*") if path.is_file()}
    assert files == {
        "search/studies.json",
        "search/rect/sdae-3/trial-0001/config.yaml",
        "search/rect/sdae-3/trial-0001/result.json",
        "search/rect/sdae-3/trial-0001/svm.json",
        "mine/config.yaml",
        "mine/result.json",
        "figure8.png",
        "figure8.json",
    }
    keep(gather([kept, runs]), [kept, runs], kept)  # and once more, which changes nothing
    assert {str(path.relative_to(kept)) for path in kept.rglob("*") if path.is_file()} == files
    assert numbers(kept) == numbers(runs)


def test_svms_of_all_folds_go_with_the_run_of_one(tmp_path):
    runs, again, kept = tmp_path / "runs", tmp_path / "again", tmp_path / "results"
    for folder in (runs, again):
        write_sweep(folder / "search")
        write_folds(folder / "search", range(10))
    svms = "search/tzanetakis/sdae-3/svm.json"
    write_svm((runs / svms).parent, [answer(1, "pretrained", 0.1)], problem="tzanetakis", folds=10)
    keep(gather([runs]), [runs], kept)
    keep(gather([again]), [again], kept)  # with the same results
    assert (kept / svms).is_file()
    studies = json.loads((again / "search/studies.json").read_text())
    studies[4]["result"]["run"]["test_error"] = 0.3
    (again / "search/studies.json").write_text(json.dumps(studies))
    changed = again / "search" / studies[4]["result"]["chosen"]["folder"] / "result.json"
    changed.write_text(json.dumps(studies[4]["result"]["run"]))
    keep(gather([again]), [again], kept)
    assert not (kept / svms).exists()
    keep(gather([runs]), [runs], kept)
    assert (kept / svms).is_file()
    other = "tzanetakis/sdae-3/fold04/trial-0007"
    shutil.move(changed.parent, again / "search" / other)
    studies[4]["result"]["chosen"]["folder"] = other
    (again / "search/studies.json").write_text(json.dumps(studies))
    keep(gather([again]), [again], kept)
    assert not (kept / svms).exists()


def test_explanations_are_kept_with_those_that_were_kept_before(tmp_path):
    runs, kept = tmp_path / "runs", tmp_path / "results"
    write_run(runs / "mine")
    for number, path in enumerate((runs / "a", runs / "b", kept)):
        path.mkdir(parents=True)
        texts = {"table3/rect/SDAE-3": f"text {number}: ν", ("table3/rect/DBN-1", "table3/rect/DBN-3")[number > 1]: "x"}
        (path / "findings.yaml").write_text(yaml.safe_dump(texts, allow_unicode=True), encoding="utf-8")
    keep(gather([runs]), [runs], kept)
    assert gather([kept]).findings == {
        "table3/rect/SDAE-3": "text 1: ν",
        "table3/rect/DBN-1": "x",
        "table3/rect/DBN-3": "x",
    }
    (kept / "findings.yaml").write_text("table3/rect/SDAE-3: >-\n  written\n  by hand\n")
    shutil.rmtree(runs)
    write_run(runs / "mine")
    keep(gather([runs, kept]), [runs, kept], kept)  # nothing new
    assert (kept / "findings.yaml").read_text() == "table3/rect/SDAE-3: >-\n  written\n  by hand\n"


def test_of_few_labels_the_record_alone_is_kept(tmp_path):
    """One small file for a hundred studies of a trial."""
    runs, kept = tmp_path / "runs", tmp_path / "results"
    write_draws(runs / "few-labels", {"SDAE-3": {100: [0.1, 0.2, 0.3]}})
    keep(gather([runs]), [runs], kept)
    assert [str(path.relative_to(kept)) for path in kept.rglob("*") if path.is_file()] == ["few-labels/studies.json"]
    [ours], [theirs] = gather([runs]).few_labels, gather([kept]).few_labels
    assert replace(ours, folder=theirs.folder) == theirs


def test_where_nothing_is_over_the_folder_is_empty(tmp_path):
    write_sweep(tmp_path / "open", run=None)
    keep(gather([tmp_path / "open"]), [tmp_path / "open"], tmp_path / "results")
    assert numbers(tmp_path / "results").count("study") == 0


def test_two_files_are_not_kept_as_one(tmp_path):
    for where, seed in (("a", 1), ("b", 2)):
        write_run(tmp_path / where / "mine", seed=seed)
    paths = [tmp_path / "a", tmp_path / "b"]
    with pytest.raises(SdaeError, match="would both be kept there"):
        keep(gather(paths), paths, tmp_path / "results")
    assert not (tmp_path / "results").exists()


def test_large_pictures_are_refused(tmp_path):
    (tmp_path / "figure8.png").write_bytes(b"x" * 200_001)
    with pytest.raises(SdaeError, match=r"figure8.png: 200,001 bytes"):
        keep(gather([tmp_path]), [tmp_path], Path(tmp_path / "results"))


def test_the_svms_and_pictures_of_an_earlier_run_go_with_its_result(tmp_path):
    runs, kept = tmp_path / "runs", tmp_path / "results"
    for seed, name in enumerate(("mine", "other")):
        write_run(runs / name, seed=seed)
        write_svm(runs / name, [answer(1, "pretrained", 0.1)])
        (runs / name / "figure8.png").write_bytes(b"old")
    numbers = {"runs": [{"run": str(runs / "mine"), "seed": 1}]}
    (runs / "figure6.png").write_bytes(b"old")
    (runs / "figure6.json").write_text(json.dumps(numbers))
    keep(gather([runs]), [runs], kept)
    shutil.rmtree(runs / "mine")
    (runs / "figure6.png").unlink()
    write_run(runs / "mine", seed=2)
    keep(gather([kept, runs]), [kept, runs], kept)
    assert {str(path.relative_to(kept)) for path in kept.rglob("*") if path.is_file()} == {
        "mine/config.yaml",
        "mine/result.json",
        "other/config.yaml",
        "other/result.json",
        "other/svm.json",
        "other/figure8.png",
    }
    assert json.loads((kept / "mine/result.json").read_text())["seed"] == 2
    write_svm(runs / "mine", [answer(1, "pretrained", 0.2)])
    write_run(runs / "more", seed=3)
    keep(gather([kept, runs]), [kept, runs], kept)
    assert (kept / "mine/svm.json").read_bytes() == (runs / "mine/svm.json").read_bytes()
