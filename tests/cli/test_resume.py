"""Runs that are killed or interrupted, and end as if they had not been."""

import json
import shutil
import signal
import subprocess
import sys

import pytest
import torch

from patience import PATIENT
from sdae.tracking.metrics_file import read_metrics

# Stands still at the end of the fifth epoch of a stage, the last save a given number of epochs before; in production a
# save comes every 20 seconds.
CHILD = """
import sys, threading
from sdae.training.checkpoints import ResumePoint

stage, saved, *args = sys.argv[1:]
save = ResumePoint.on_train_epoch_end

def save_early_then_stand_still(self, trainer, module):
    self.every = 0.0 if trainer.current_epoch < int(saved) else float("inf")
    save(self, trainer, module)
    if self.path.name.startswith(stage) and trainer.current_epoch == 4:
        print("standing still", flush=True)
        threading.Event().wait()

ResumePoint.on_train_epoch_end = save_early_then_stand_still
from sdae.cli import main
main(args)
"""


@pytest.fixture(scope="module")
def stop(environment, small, tmp_path_factory):
    """Start a fit, and stop it in the fifth epoch of a stage."""

    def run(stage, saved, how=signal.SIGKILL, more=()):
        cwd = tmp_path_factory.mktemp("stopped")
        process = subprocess.Popen(
            [sys.executable, "-c", CHILD, stage, str(saved), "fit", *small, *more, "--run", "mine"],
            **{"cwd": cwd, "env": environment, "text": True, "stdin": subprocess.DEVNULL},
            **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE},
            # A suite started in the background has interrupts ignored, and passes that on.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        try:
            assert process.stdout is not None
            assert "standing still\n" in iter(process.stdout.readline, ""), process.communicate()[1]
            process.send_signal(how)
            _, err = process.communicate(timeout=PATIENT)
        finally:
            process.kill()
        return cwd / "mine", process.returncode, err

    return run


@pytest.fixture(scope="module")
def killed_in_layer_2(stop):
    return stop("layer2", 3)[0]


@pytest.fixture
def half_done(killed_in_layer_2, tmp_path):
    shutil.copytree(killed_in_layer_2, tmp_path / "mine")
    return tmp_path / "mine"


def outcome(folder):
    result = json.loads((folder / "result.json").read_text())
    del result["seconds"]
    return result


def logged(folder):
    return [row for row in read_metrics(folder / "metrics.csv") if not row[0].endswith("/seconds")]


def assert_as_if_never_stopped(folder, fitted):
    assert outcome(folder) == outcome(fitted.folder)
    assert logged(folder) == logged(fitted.folder)
    assert not list(folder.glob("*.unfinished.ckpt"))
    assert not list(folder.glob(".*.part"))


def test_killed_in_the_middle_of_a_layer(half_done, fitted, sdae, small, tmp_path):
    before = logged(half_done)
    assert max(epoch for key, epoch, _ in before if key == "pretrain/layer2/loss") > 3  # beyond the last save
    assert (half_done / "layer2.unfinished.ckpt").exists()
    first_layer = (half_done / "layer1.ckpt").stat().st_mtime_ns

    answer = sdae("fit", *small, "--run", "mine", cwd=tmp_path)
    assert answer.returncode == 0, answer.stderr
    assert_as_if_never_stopped(half_done, fitted)
    assert (half_done / "layer1.ckpt").stat().st_mtime_ns == first_layer
    assert "layer 1 of 2" not in answer.stderr


def test_its_folder_alone_says_how_to_go_on(half_done, fitted, door):
    assert door("fit", "--run", "mine").returncode == 0
    assert_as_if_never_stopped(half_done, fitted)


@pytest.mark.parametrize("saved", [3, 0], ids=["after a save", "before the first save"])
def test_killed_in_the_middle_of_fine_tuning(stop, fitted, door, saved):
    folder, status, _ = stop("fine_tuning", saved)
    assert status == -signal.SIGKILL
    assert (folder / "fine_tuning.unfinished.ckpt").exists() == (saved > 0)
    assert max(epoch for key, epoch, _ in logged(folder) if key == "fit/valid_error") > saved
    assert door("fit", "--run", folder).returncode == 0
    assert_as_if_never_stopped(folder, fitted)


@pytest.fixture
def killed_and_whole(stop, door, small, tmp_path):
    """Kill a run in the middle of its second layer, resume it, and run the same without a kill."""

    def run(*more):
        folder, status, _ = stop("layer2", 3, more=more)
        assert status == -signal.SIGKILL
        assert (folder / "layer2.unfinished.ckpt").exists()
        assert door("fit", "--run", folder).returncode == 0
        assert door("fit", *small, *more, "--run", "whole").returncode == 0
        return folder, tmp_path / "whole"

    return run


def test_killed_in_the_middle_of_a_machine_with_persistent_chains(killed_and_whole):
    dbn = ("--method", "dbn-2", "--pretraining.persistent", "true", "--fine_tuning.max_epochs", "2")
    killed, whole = killed_and_whole(*dbn)
    assert outcome(killed) == outcome(whole)
    assert logged(killed) == logged(whole)
    chains = [torch.load(run / "layer2.ckpt", weights_only=True)["state_dict"]["chains"] for run in (killed, whole)]
    assert torch.equal(*chains)


def test_killed_in_the_middle_of_a_layer_with_swap_noise(killed_and_whole):
    killed, whole = killed_and_whole("--pretraining.corruption", "swap", "--fine_tuning.max_epochs", "2")
    assert outcome(killed) == outcome(whole)
    assert logged(killed) == logged(whole)


def test_a_row_cut_short_by_the_kill_is_forgotten(half_done, fitted, door):
    with (half_done / "metrics.csv").open("a") as file:
        file.write("pretrain/layer2/loss,5,1")
    assert door("fit", "--run", "mine").returncode == 0
    assert_as_if_never_stopped(half_done, fitted)


def test_what_was_being_written_at_the_kill_is_removed(half_done, fitted, door):
    (half_done / ".layer2.unfinished.ckpt.x1y2.part").write_bytes(b"half")
    assert door("fit", "--run", "mine").returncode == 0
    assert_as_if_never_stopped(half_done, fitted)


@pytest.mark.parametrize("left", [0.0, 0.01, 0.5, 0.99])
def test_a_truncated_checkpoint_is_named(half_done, refused, left):
    path = half_done / "layer2.unfinished.ckpt"
    content = path.read_bytes()
    path.write_bytes(content[: int(left * len(content))])
    line = refused("fit", "--run", "mine")
    assert "mine/layer2.unfinished.ckpt: is damaged" in line
    assert "remove it" in line


def test_without_the_damaged_checkpoint_the_stage_begins_again(half_done, fitted, door):
    (half_done / "layer2.unfinished.ckpt").unlink()
    assert door("fit", "--run", "mine").returncode == 0
    assert_as_if_never_stopped(half_done, fitted)


def test_an_interrupt_says_how_to_go_on(stop, fitted, door):
    folder, status, err = stop("layer2", 3, signal.SIGINT)
    assert status == 1
    assert "Traceback" not in err
    assert "interrupted" in err.splitlines()[-1]
    assert "to resume: sdae fit --run mine" in err.splitlines()[-1]
    assert door("fit", "--run", folder).returncode == 0
    assert_as_if_never_stopped(folder, fitted)


def test_an_unfinished_run_cannot_be_tested(half_done, refused):
    assert "best.ckpt: no such checkpoint: the run is not fine-tuned, or its weights were removed; fit with" in refused(
        "test", "--run", "mine"
    )


def test_overwrite_forgets_an_unfinished_run(half_done, fitted, door, small):
    answer = door("fit", *small, "--run", "mine", "--overwrite")
    assert answer.returncode == 0
    assert "layer 1 of 2" in answer.stderr
    assert_as_if_never_stopped(half_done, fitted)
