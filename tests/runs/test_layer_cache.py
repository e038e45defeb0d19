"""Runs that share their layers have the numbers of runs that do not, bit for bit, and train each once."""

import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from filelock import FileLock

from patience import PATIENT
from sdae.errors import Diverged
from sdae.models.classifier import Classifier
from sdae.runs.folder import RunFolder
from sdae.runs.layer_cache import LayerCache
from sdae.runs.layer_store import LayerStore
from sdae.settings.pretraining import Pretraining
from sdae.tracking.tracking import Tracker
from sdae.training.checkpoints import ResumePoint
from sdae.training.stacking import layers, pretrain
from sdae.training.stages import Stages
from sdae.training.trainer import OneDeviceTrainer

stream = torch.Generator().manual_seed(5)
X, VALID_X = torch.rand(90, 12, generator=stream), torch.rand(40, 12, generator=stream)
KINDS = {
    "SAE": Pretraining(noise_level=0.0),
    "SDAE": Pretraining(corruption="salt-and-pepper", emphasis=(1.0, 0.5), tied=False, weight_decay=0.01),
    "SDAE with swap noise": Pretraining(corruption="swap", emphasis=(1.0, 0.5)),
    "swapped noisy inputs": Pretraining(corruption="swap", noisy_inputs=True),
    "DBN": Pretraining("rbm"),
    "DBN with persistent chains": Pretraining("rbm", persistent=True, cd_steps=2),
    "noisy inputs": Pretraining(noisy_inputs=True),
}
KINDS = {name: replace(how, learning_rate=0.05, epochs=4) for name, how in KINDS.items()}


class History:
    """Stands for a W&B run, and keeps what it is told of each key at each epoch."""

    def __init__(self):
        self.told, self.config = {}, {}

    def define_metric(self, *args, **kwargs):
        pass

    def log(self, values, *args, **kwargs):
        values = {key: value for key, value in values.items() if key != "trainer/global_step"}
        [epoch] = [value for key, value in values.items() if key.endswith("/epoch")]
        for key, value in values.items():
            assert self.told.setdefault((key, epoch), value) == value


class Pretrained:
    """A stack that has been pretrained in a folder."""

    def __init__(self, path, how, n_layers=2, cache=None, waiting=lambda waits: None):
        self.folder, self.history, self.saved, self.waits = RunFolder(path), History(), {}, []
        path.mkdir(exist_ok=True)
        store = None if cache is None else LayerStore(cache, 1)

        def wait(seconds):
            self.waits.append(seconds)
            waiting(self.waits)

        shared = None if store is None else LayerCache(store, wait, self.saved.__setitem__)
        trainer, tracker = OneDeviceTrainer("cpu", progress=False), Tracker(self.folder.metrics, self.history)
        stages = Stages(self.folder, trainer, tracker, cache=shared)
        classifier = Classifier(12, 3, n_layers=n_layers, n_units=8)

        def train(layer, x, valid_x):
            stages.pretrain_layer(layer, x, valid_x, how.epochs, n_layers)

        pretrain(layers(how, classifier, (0.0, 1.0)), X, VALID_X, train, raw=how.noisy_inputs)
        self.state = classifier.state_dict()

    @property
    def metrics(self):
        return [line for line in self.folder.metrics.read_text().splitlines() if "/seconds," not in line]

    @property
    def seconds(self):
        return [line for line in self.folder.metrics.read_text().splitlines() if "/seconds," in line]

    @property
    def told(self):
        return {key: value for key, value in self.history.told.items() if not key[0].endswith("/seconds")}

    @property
    def trained(self):
        return [torch.load(path, weights_only=True) for path in sorted(self.folder.path.glob("layer*.ckpt"))]


def assert_same(one, other):
    assert one.metrics == other.metrics
    assert one.told == other.told
    torch.testing.assert_close(one.state, other.state, rtol=0, atol=0)
    for ours, theirs in zip(one.trained, other.trained, strict=True):
        assert ours["hyper_parameters"] == theirs["hyper_parameters"]
        torch.testing.assert_close(ours["state_dict"], theirs["state_dict"], rtol=0, atol=0)


def entries(cache):
    return sorted(cache.glob("*.layer"))


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "cache"


@pytest.mark.parametrize("how", KINDS.values(), ids=KINDS)
def test_one_to_three_layers_are_those_of_runs_that_share_none(how, cache, tmp_path):
    for n_layers in (1, 3, 2, 3):
        path = tmp_path / f"shared{n_layers}{len(list(tmp_path.iterdir()))}"
        shared = Pretrained(path, how, n_layers, cache)
        alone = Pretrained(tmp_path / f"alone-{path.name}", how, n_layers)
        assert_same(shared, alone)
        assert not list(path.glob("*.unfinished.ckpt"))
    assert list(shared.saved) == [1, 2, 3]
    assert len(entries(cache)) == 3


def test_the_seconds_are_those_that_training_took(cache, tmp_path):
    first = Pretrained(tmp_path / "first", KINDS["SDAE"], 2, cache)
    second = Pretrained(tmp_path / "second", KINDS["SDAE"], 2, cache)
    assert first.saved == {}
    assert second.seconds == first.seconds
    assert sum(second.saved.values()) == pytest.approx(sum(float(line.split(",")[2]) for line in first.seconds))


def test_the_seconds_of_waiting_for_a_layer_that_another_trains_are_reported(cache, tmp_path):
    first = Pretrained(tmp_path / "first", KINDS["SDAE"], 1, cache)
    assert first.waits == []
    [layer] = entries(cache)
    lock = FileLock(cache / f".{layer.name}.lock", thread_local=False)  # as another process holds it
    lock.acquire()

    def release(waits):
        if len(waits) == 2:
            lock.release(force=True)

    began = time.monotonic()
    second = Pretrained(tmp_path / "second", KINDS["SDAE"], 1, cache, release)
    assert len(second.waits) == 2  # while it waits, not only at the end
    assert 0.9 < sum(second.waits) <= time.monotonic() - began


@pytest.mark.parametrize("how", KINDS.values(), ids=KINDS)
def test_longer_pretraining_goes_on_from_a_shorter_one(how, cache, tmp_path, monkeypatch):
    for epochs in (2, 5):
        Pretrained(tmp_path / f"short{epochs}", replace(how, epochs=epochs), 1, cache)
    starts = []
    monkeypatch.setattr(ResumePoint, "on_train_start", lambda self, trainer, _: starts.append(trainer.current_epoch))
    longer = Pretrained(tmp_path / "longer", replace(how, epochs=9), 2, cache)
    assert starts == [5, 0]
    assert list(longer.saved) == [1]
    alone = Pretrained(tmp_path / "alone", replace(how, epochs=9), 2)
    assert_same(longer, alone)
    again = Pretrained(tmp_path / "again", replace(how, epochs=9), 2, cache)
    assert_same(again, alone)


@pytest.fixture
def interrupted(monkeypatch):
    """Interrupt a run at a hook of the fifth epoch of its first layer, which it saved, or the fourth."""

    class Interrupted(Exception):
        pass

    def run(hook, *args):
        with monkeypatch.context() as patch:

            def stop(trainer):
                if trainer.current_epoch == 4:
                    raise Interrupted

            save = ResumePoint.on_train_epoch_end

            def save_every_epoch(self, trainer, module):
                self.hurry()
                save(self, trainer, module)
                if hook == "end":
                    stop(trainer)

            patch.setattr(ResumePoint, "on_train_epoch_end", save_every_epoch)
            if hook == "start":
                patch.setattr(ResumePoint, "on_train_epoch_start", lambda self, trainer, module: stop(trainer))
            with pytest.raises(Interrupted):
                Pretrained(*args)

    return run


def test_a_run_goes_on_from_its_own_checkpoint_and_not_from_a_shorter_layer(cache, tmp_path, interrupted):
    how = replace(KINDS["SDAE"], epochs=6)
    Pretrained(tmp_path / "short", replace(how, epochs=2), 1, cache)
    interrupted("start", tmp_path / "mine", how, 1, cache)
    mine = Pretrained(tmp_path / "mine", how, 1, cache)
    assert mine.saved == {}
    assert mine.metrics == Pretrained(tmp_path / "alone", how, 1).metrics
    assert len(entries(cache)) == 2


def test_a_run_that_was_killed_before_a_row_was_written_does_not_pass_that_on(cache, tmp_path, interrupted):
    how = replace(KINDS["SDAE"], epochs=6)
    interrupted("end", tmp_path / "mine", how, 1, cache)
    Pretrained(tmp_path / "mine", how, 1, cache)
    assert entries(cache) == []


def test_an_interrupted_run_takes_what_another_has_trained_meanwhile(cache, tmp_path):
    how = KINDS["SDAE"]
    path = tmp_path / "mine"
    Pretrained(path, how, 1)
    (path / "layer1.ckpt").unlink()  # as if killed before it was kept, its rows on disk
    other = Pretrained(tmp_path / "other", how, 1, cache)
    mine = Pretrained(path, how, 1, cache)
    assert mine.seconds == other.seconds
    assert_same(mine, other)


def test_divergence_is_found_too(cache, tmp_path, monkeypatch):
    how = replace(KINDS["SAE"], reconstruction="squared", learning_rate=0.6, epochs=6, batch_size=20)
    said = []
    for name in ("first", "second", "longer"):
        with pytest.raises(Diverged) as diverged:
            Pretrained(tmp_path / name, replace(how, epochs=60) if name == "longer" else how, 1, cache)
        said.append(str(diverged.value))
        monkeypatch.setattr(Stages, "_train", None)  # nothing is trained any more
    with pytest.raises(Diverged) as diverged:
        monkeypatch.undo()
        Pretrained(tmp_path / "alone", how, 1)
    assert said == [str(diverged.value)] * 3


@pytest.mark.parametrize("left", [0.0, 0.5, 0.999])
def test_a_truncated_layer_is_trained_again(cache, tmp_path, left):
    how = KINDS["DBN with persistent chains"]
    first = Pretrained(tmp_path / "first", how, 2, cache)
    for path in entries(cache):
        content = path.read_bytes()
        path.write_bytes(content[: int(left * len(content))])
    second = Pretrained(tmp_path / "second", how, 2, cache)
    assert second.saved == {}
    assert_same(second, first)
    assert list(Pretrained(tmp_path / "third", how, 2, cache).saved) == [1, 2]


# -- real processes ---------------------------------------------------------------------------------------------------

# Pretrains one layer in folder NAME; in the third epoch it may wait until it is killed, or until all are there.
CHILD = """
import sys, threading, time
from pathlib import Path
sys.path[:0] = {folders!r}
import torch
torch.set_num_threads(1)
from test_layer_cache import KINDS, Pretrained
from sdae.training.checkpoints import ResumePoint

name, stands = sys.argv[1:]
def wait(self, trainer, module):
    Path(name + ".training").touch()
    if trainer.current_epoch == 2 and stands == "still":
        threading.Event().wait()
    time.sleep(float(stands) if stands != "still" else 0)
ResumePoint.on_train_epoch_start = wait
print("ready", flush=True)
sys.stdin.readline()
run = Pretrained(Path(name), KINDS["SDAE"], 1, Path("cache"))
print(sorted(run.saved), flush=True)
"""


@pytest.fixture
def child(tmp_path):
    """Start a process that pretrains when it is told to."""
    started = []

    def start(name, stands):
        process = subprocess.Popen(
            [
                sys.executable,
                "-W",
                "ignore",
                "-c",
                CHILD.format(folders=[str(folder) for folder in Path(__file__).parents[:2]]),
                name,
                str(stands),
            ],
            **{"cwd": tmp_path, "text": True, "stdin": subprocess.PIPE, "stdout": subprocess.PIPE},
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def ready(*processes):
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("\n")
        process.stdin.flush()


def until(path):
    end = time.monotonic() + PATIENT
    while not path.exists():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_two_that_want_a_layer_at_once_train_it_once(child, tmp_path):
    processes = [child(name, 0.3) for name in ("one", "two")]
    ready(*processes)
    assert sorted(process.stdout.readline() for process in processes) == ["[1]\n", "[]\n"]
    assert len(list(tmp_path.glob("*.training"))) == 1
    one, two = (torch.load(tmp_path / name / "layer1.ckpt", weights_only=True)["state_dict"] for name in ("one", "two"))
    torch.testing.assert_close(one, two, rtol=0, atol=0)


def test_a_killed_process_lets_the_next_train(child, tmp_path):
    holder, waiting = child("holder", "still"), child("waiting", 0)
    ready(holder)
    until(tmp_path / "holder.training")
    ready(waiting)
    time.sleep(1)
    assert not (tmp_path / "waiting.training").exists()
    holder.send_signal(signal.SIGKILL)
    assert waiting.stdout.readline() == "[]\n"
    shutil.copytree(tmp_path / "holder", tmp_path / "resumed")
    resumed = Pretrained(tmp_path / "resumed", KINDS["SDAE"], 1, tmp_path / "cache")
    assert list(resumed.saved) == [1]
    assert resumed.metrics == Pretrained(tmp_path / "alone", KINDS["SDAE"], 1).metrics
