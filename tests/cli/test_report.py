"""The report command: from real runs to files, kept and made again, and refused in one line."""

import csv
import json

import pytest

FULL = {
    "sampler": "grid",
    "pruner": "none",
    "space": {"nHUnit": [10], "lRate": [0.05], "lRateSup": [0.1], "nEpoq": [1], "ν": [0.1, 0.25]},
    "settings": {
        "data": {"source": "generated"},
        "fine_tuning": {"max_epochs": 2},
        "tracking": {"wandb": "off"},
    },
    "studies": [{"problems": ["rect"], "methods": ["sdae-3"]}],
}


@pytest.fixture
def measured(door, sweep_file):
    """A sweep of two trials and a single fit, on a whole rect, with tiny networks; and SVMs on the sweep's stack."""
    assert door("sweep", "--config", sweep_file(FULL), "--workers", "1").returncode == 0
    fit = ("fit", "--data", "rect", "--data.source", "generated", "--method", "sae-3", "--model.n_units", "10")
    short = ("--pretraining.epochs", "1", "--fine_tuning.max_epochs", "1", "--tracking.wandb", "off")
    assert door(*fit, *short, "--run", "runs/by-hand").returncode == 0
    assert door("svm", "--run", "runs/by-hand", "--kernels", "linear", "--layers", "0", "--C", "1").returncode == 0


def table(path):
    with path.open(encoding="utf-8") as file:
        return {(row["table"], row["problem"], row["model"]): row for row in csv.DictReader(file)}


def test_from_runs_to_files_and_again_from_what_was_kept(door, measured, tmp_path):
    answer = door("report")
    assert answer.returncode == 0, answer.stderr
    assert "index.html" in answer.stdout
    rows = table(tmp_path / "report/tables.csv")
    sdae = rows["table3", "rect", "SDAE-3"]
    [result] = (tmp_path / "runs/small").rglob("result.json")
    error = json.loads(result.read_text())["test_error"]
    assert sdae["test_error_percent"] == f"{100 * error:.2f}"
    assert (sdae["trials"], sdae["data"], sdae["run"]) == ("2", "generated", str(result.parent.relative_to(tmp_path)))
    assert rows["table3", "rect", "SAE-3"]["trials"] == "1"
    assert rows["table5", "rect", "SVM-linear on layer 0"]["test_error_percent"]
    assert rows["table3", "basic", "SDAE-3"]["test_error_percent"] == ""
    assert rows["table3", "basic", "SDAE-3"]["paper_percent"] == "2.84"

    kept = door("report", "runs", "--keep", "results", "--markdown", "RESULTS.md", "--output", "first")
    assert kept.returncode == 0, kept.stderr
    door("report", "results", "--output", "second")
    assert table(tmp_path / "second/tables.csv") == table(tmp_path / "first/tables.csv")
    assert f"{100 * error:.2f}" in (tmp_path / "RESULTS.md").read_text(encoding="utf-8")
    assert not list((tmp_path / "results").rglob("*.ckpt"))

    # The command of a cell does it again: the same error.
    command = table(tmp_path / "second/tables.csv")["table3", "rect", "SDAE-3"]["command"].split()
    again = door(*command[2:], "--run", "again", "--tracking.wandb", "off")
    assert again.returncode == 0, again.stderr
    assert json.loads((tmp_path / "again/result.json").read_text())["test_error"] == error


def test_refused_in_one_line(door, refused, tmp_path):
    assert "neither results nor runs" in refused("report")
    assert "nowhere: no such folder" in refused("report", "nowhere")
    (tmp_path / "runs").mkdir()
    (tmp_path / "report").touch()
    assert "--output report: report is not a folder" in refused("report", "runs")
    assert door("report", "runs", "--output", "elsewhere").returncode == 0  # of nothing: all cells are missing


def test_what_is_excluded_is_said(door, tmp_path, caplog):
    (tmp_path / "runs").mkdir()
    assert door("report", "runs", "--storage", f"sqlite:///{tmp_path / 'none.db'}").returncode == 0
    [said] = [message for message in caplog.messages if message.startswith("excluded")]
    assert said == f"excluded results: 1; the first: {tmp_path / 'none.db'}: no such storage"
