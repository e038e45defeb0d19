"""The sweep command: from a file to a table, tracked, and refused in one line."""

import json
import logging
import re
import signal

import pytest
import yaml

from sdae.cli import run_sweep
from sdae.runs.folder import RunFolder
from sdae.sweeps.storage import open_storage
from sdae.sweeps.studies import find
from small_sweep import TINY


@pytest.fixture
def swept(door, sweep_file, tmp_path):
    """A sweep of two studies of two trials, by one worker in this process, and what it said."""
    answer = door("sweep", "--config", sweep_file(TINY), "--workers", "1")
    assert answer.returncode == 0, answer.stderr
    return answer, tmp_path / "runs/small"


@pytest.mark.slow
def test_a_sweep_from_its_file_to_its_table(swept, door, refused, sweep_file, tmp_path):
    answer, folder = swept
    rows = json.loads((folder / "results.json").read_text())
    assert [(row["problem"], row["method"]) for row in rows] == [("rect", "SDAE-1"), ("rect", "MLP-1")]
    assert [row["trials"] for row in rows] == [{"complete": 2, "pruned": 0, "failed": 0}] * 2
    for row in rows:
        [run] = row["runs"]
        result = json.loads((folder / run / "result.json").read_text())
        assert result["test_error"] == row["test_error"]
        assert f"{100 * row['test_error']:.2f} ± {100 * row['test_interval']:.2f} %" in answer.stdout
    assert len(list(folder.rglob("result.json"))) == 2  # the chosen alone are tested
    assert {path.parent for path in folder.rglob("best.ckpt")} == {folder / row["runs"][0] for row in rows}

    assert logging.getLogger("sdae.tracking.tracking").level == logging.NOTSET  # of this process, as it was

    # As many W&B runs as trials; the two that were tested later are resumed under their own id.
    ids = {(folder / path).read_text().strip() for path in folder.rglob("wandb_id")}
    assert len(ids) == 4
    # Of the record, not of its folder: W&B appends -1 to a folder's name if it resumes the run in the same second.
    assert {path.stem.removeprefix("run-") for path in folder.rglob("offline-run-*/run-*.wandb")} == ids

    # A trial is a fit: its configuration repeats it.
    run = folder / rows[0]["runs"][0]
    config = yaml.safe_load((run / "config.yaml").read_text())
    assert config["tracking"]["group"] == "small/rect/SDAE-1"
    assert config["tracking"]["job_type"] == "trial"
    door("fit", "--config", run / "config.yaml", "--run", "again", "--tracking.wandb", "off")
    again = json.loads((tmp_path / "again/result.json").read_text())
    kept = json.loads((run / "result.json").read_text())
    assert again["test_error"] == kept["test_error"]
    assert again["hyperparameters"] == kept["hyperparameters"]

    shown = door("sweep", "--status", "--folder", folder).stdout
    assert re.search(r"small/rect/SDAE-1 +2 ", shown)
    assert "no sweep" not in shown
    assert "no such sweep" in refused("sweep", "--status", "--folder", folder, "--name", "other")
    assert not RunFolder(folder).started

    # Nor are its runs resumed by a sweep of other settings.
    other = sweep_file({**TINY, "settings": {**TINY["settings"], "fine_tuning": {"max_epochs": 3}}}, "other")
    said = refused("sweep", "--config", other, "--folder", folder, "--workers", "1")
    assert "holds a run with another fine_tuning.max_epochs; give this sweep another folder" in said


def test_every_study_records_the_source_of_its_data(door, sweep_file, tmp_path):
    settings = {**TINY["settings"], "data": {"source": "auto", "train_size": 200}}
    answer = door("sweep", "--config", sweep_file({**TINY, "settings": settings}), "--workers", "0")
    assert answer.returncode == 0, answer.stderr
    _, studies = find(open_storage(f"sqlite:///{tmp_path / 'runs/small/study.db'}", 60), None)
    assert [study.plan.config["data"]["init_args"]["source"] for study in studies] == ["generated"] * 2


def test_what_is_missing_is_said_in_one_line(refused, sweep_file, tmp_path):
    assert "specify a sweep file with --config" in refused("sweep")
    assert "specify the storage" in refused("sweep", "--join")
    assert "no such storage" in refused("sweep", "--join", "--storage", f"sqlite:///{tmp_path / 'none.db'}")
    assert "--config none.yaml: no such file" in refused("sweep", "--config", "none.yaml")
    file = sweep_file(TINY)
    assert "cannot be used" in refused("sweep", "--config", file, "--storage", "postgresql://nobody@127.0.0.1:1/none")
    assert "--workers -1: at least 0" in refused("sweep", "--config", file, "--workers=-1")
    assert "--workers_per_gpu: --workers is" in refused("sweep", "--join", "--workers", "2", "--workers_per_gpu", "2")
    assert "--workers 0: at least 1" in refused("sweep", "--join", "--workers", "0")
    assert "--status: starts no worker" in refused("sweep", "--status", "--join")
    assert "--status: starts no worker" in refused("sweep", "--status", "--name", "small", "--workers", "2")
    assert not (tmp_path / "runs").exists()


def test_a_sweep_is_set_up_without_working(door, sweep_file, tmp_path):
    answer = door("sweep", "--config", sweep_file(TINY), "--workers", "0")
    assert answer.returncode == 0, answer.stderr
    assert "2 studies, 4 trials" in answer.stdout
    assert answer.stdout.endswith("workers: python src/cli.py sweep --join --name small\n")
    assert {path.name for path in (tmp_path / "runs/small").rglob("*") if path.suffix in (".csv", ".json")} == set()
    assert re.search(r"small/rect/MLP-1 +– +– +2 ", door("sweep", "--status", "--name", "small").stdout)


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 1), (signal.SIGTERM, 143)])
def test_a_stopped_sweep_says_how_to_resume_it_and_its_own_workers_do_not(
    door, sweep_file, monkeypatch, tmp_path, number, status
):
    monkeypatch.setattr(run_sweep, "work", lambda *args: signal.raise_signal(number))
    before = signal.getsignal(signal.SIGINT)
    try:
        answer = door("sweep", "--config", sweep_file(TINY), "--workers", "1")
        monkeypatch.setenv("SDAE_STORAGE", f"sqlite:///{tmp_path / 'runs/small/study.db'}")
        worker = door("sweep", "--join", "--storage", "$SDAE_STORAGE", "--workers", "1")
    finally:
        signal.signal(signal.SIGINT, before)
    said = answer.stderr.splitlines()[-1:]
    assert (answer.returncode, said) == (status, ["interrupted; the same command resumes it"])
    assert (worker.returncode, worker.stderr) == (status, "")
