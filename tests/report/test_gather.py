"""What is found below folders, and what is refused."""

import json
from pathlib import Path

import pytest
import yaml

from made import RESULT, answer, write_draws, write_run, write_svm, write_sweep
from sdae.errors import SdaeError
from sdae.report.gather import gather
from stored import open_to_all, store, without_rights


def test_runs_sweeps_svms_and_pictures_at_any_depth(tmp_path):
    write_sweep(tmp_path / "search")
    write_run(tmp_path / "deep/er/mine", method="SAE-3")
    stack = tmp_path / "search/rect/sdae-3/trial-0001"
    write_svm(stack, [answer(0, "input", 0.02), answer(2, "pretrained", 0.015), answer(2, "random", 0.03)])
    write_svm(tmp_path / "raw", [answer(0, "input", 0.021)])
    for name in ("figure8.png", "figures5-7.png", "figure15-more.png", "figure.png", "svm.png"):
        (tmp_path / name).touch()
    (tmp_path / "mine/wandb").mkdir(parents=True)
    write_run(tmp_path / "mine/wandb/run-1")  # W&B's own copy is none of ours
    found = gather([tmp_path])
    study, single, *svms = found.measurements
    assert (study.model, study.source, study.trials, study.seconds) == ("SDAE-3", "study", 4, 120.0)
    assert (single.model, single.source, single.trials) == ("SAE-3", "run", 1)
    layer = next(one for one in svms if one.weights == "pretrained")
    assert layer.model == "SVM-rbf on layer 2"
    assert layer.stack == study
    assert {number: len(files) for number, files in found.pictures.items()} == {5: 1, 6: 1, 7: 1, 8: 1, 15: 1}
    assert len(found.measurements) == 6
    assert found.left_aside == []


def test_few_labels_are_means_over_draws_and_no_cells(tmp_path):
    write_draws(tmp_path / "few-labels", {"SDAE-3": {100: [0.1, 0.2], 300: [0.05]}})
    write_run(tmp_path / "mine", method="SAE-3", labels=100)
    write_svm(tmp_path / "raw", [answer(0, "input", 0.02)])
    content = json.loads((tmp_path / "raw/svm.json").read_text())
    (tmp_path / "raw/svm.json").write_text(json.dumps({**content, "labels": 100}))
    found = gather([tmp_path])
    assert found.measurements == []
    [one] = found.few_labels
    assert (one.model, one.labels, one.draws, one.test_error) == ("SDAE-3", 100, 2, pytest.approx(0.15))
    assert sorted(found.left_aside) == [
        f"{tmp_path / 'few-labels'}: rect, SDAE-3, 300 labels: only one draw of them is over",
        f"{tmp_path / 'mine'}: rect, SAE-3: 100 of 1,000 training examples had a label",
        f"{tmp_path / 'raw'}: rect, SVM-rbf: 100 of 1,000 training examples had a label",
    ]


def test_plots_that_were_drawn_are_found_by_their_names(tmp_path):
    names = [f"figure13-{k}.svg" for k in range(1, 12)]
    for name in ("few-labels-1.svg", *names, "logo.svg", "few-labels.svg"):
        (tmp_path / name).touch()
    found = {name: [file.name for file in files] for name, files in gather([tmp_path]).drawings.items()}
    assert found == {"few-labels": ["few-labels-1.svg"], "figure13": names}


def test_other_training_sets_and_studies_without_a_result_are_left_aside(tmp_path):
    write_run(tmp_path / "small", examples={"train": 200, "valid": 200, "test": 50000})
    write_sweep(tmp_path / "diverged", run=None)
    found = gather([tmp_path])
    assert found.measurements == []
    assert "no trial was completed" in found.left_aside[0]
    assert "trained on 200 examples, not the problem's 1,000" in found.left_aside[1]


def test_a_kept_copy_is_the_same_measurement(tmp_path):
    write_run(tmp_path / "runs/a")
    write_run(tmp_path / "results/a")
    assert len(gather([tmp_path / "runs", tmp_path / "results"]).measurements) == 1
    write_run(tmp_path / "runs/b", seed=2)
    assert len(gather([tmp_path / "runs", tmp_path / "results"]).measurements) == 2


FOLD = {"train": 7992, "valid": 999, "test": 999}


def test_folds_alone_are_no_cell(tmp_path):
    whole = {**RESULT, "problem": "tzanetakis", "folds": [{}] * 10, "examples": FOLD}
    write_run(tmp_path / "run", **whole)
    for k in range(10):
        write_run(tmp_path / f"run/fold{k:02d}", problem="tzanetakis", fold=k)
    [one] = gather([tmp_path]).measurements
    assert one.folds == 10
    write_run(tmp_path / "fewer", **{**whole, "examples": {**FOLD, "train": 200}})
    [line] = gather([tmp_path / "fewer"]).left_aside
    assert "trained on 200 examples, not the problem's 8,000" in line


def test_what_cannot_be_read_is_refused_with_its_name(tmp_path):
    with pytest.raises(SdaeError, match="nowhere: no such folder"):
        gather([tmp_path / "nowhere"])
    folder = write_run(tmp_path / "run")
    whole = (folder / "result.json").read_text()
    (folder / "result.json").write_text(whole[: len(whole) // 2])
    with pytest.raises(SdaeError, match="result.json: cannot be read"):
        gather([tmp_path])
    (folder / "result.json").write_text(json.dumps({"test_error": 0.1}))
    with pytest.raises(SdaeError, match="result.json: is not a result of a run"):
        gather([tmp_path])


def test_findings_are_of_cells(tmp_path):
    file = tmp_path / "findings.yaml"
    file.write_text(yaml.safe_dump({"table3/rect/DBN-1": "a\nreason", "figure10": "coarser"}))
    assert gather([tmp_path]).findings == {"table3/rect/DBN-1": "a reason", "figure10": "coarser"}
    file.write_text(yaml.safe_dump({"table3/rect/DBN-7": "a reason"}))
    with pytest.raises(SdaeError, match=r"findings.yaml: table3/rect/DBN-7: unknown table cell or figure"):
        gather([tmp_path])
    file.write_text(yaml.safe_dump([{"table3/rect/DBN-1": "a reason"}]))
    with pytest.raises(SdaeError, match=r"findings.yaml: holds no keys and values"):
        gather([tmp_path])


def test_a_sweep_that_is_being_set_up_leaves_the_report_whole(tmp_path):
    write_sweep(tmp_path / "search")
    (tmp_path / "begun").mkdir()
    (tmp_path / "begun/study.db").touch()
    found = gather([tmp_path])
    assert [one.model for one in found.measurements] == ["SDAE-3"]
    assert found.left_aside == [f"{tmp_path / 'begun/study.db'}: holds no sweep yet"]


def test_a_sweep_in_a_folder_that_cannot_be_written_is_reported():
    with open_to_all() as folder:
        store(folder / "search")
        (folder / "search/study.db").chmod(0o444)
        (folder / "search").chmod(0o555)
        said = without_rights(lambda: [(one.model, one.test_error) for one in gather([folder]).measurements])
        (folder / "search").chmod(0o755)
    assert said == "[('SDAE-3', 0.1)]"


def test_a_sweep_that_was_moved_is_where_it_lies(tmp_path):
    store(tmp_path / "runs/search")
    (tmp_path / "runs").rename(tmp_path / "elsewhere")
    [one] = gather([tmp_path / "elsewhere"]).measurements
    assert one.folder == str(tmp_path / "elsewhere/search/rect/sdae-3/trial-0000")


def test_stand_ins_are_beside_the_papers_numbers_and_own_data_are_not(tmp_path):
    whole = {**RESULT, "problem": "tzanetakis", "folds": [{}] * 10, "examples": FOLD}
    write_run(tmp_path / "a", **{**whole, "provenance": "stand-in"})
    write_run(tmp_path / "b", **{**whole, "provenance": "local"})
    found = gather([tmp_path])
    [one] = found.measurements
    assert (one.provenance, Path(one.folder).name) == ("stand-in", "a")
    [line] = found.left_aside
    assert line == f"{tmp_path / 'b'}: tzanetakis, SDAE-3 masking: local data"
