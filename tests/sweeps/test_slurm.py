"""``sweeps/cluster/slurm.sbatch`` on a real Slurm: an array of workers, and workers that are preempted or killed."""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
import yaml
from optuna.trial import TrialState

from one_node_slurm import missing, one_node_slurm
from patience import PATIENT
from sdae.sweeps.outcomes import RETRIES
from sdae.tracking.tracking import read_metrics
from small_sweep import changed, study_of

ROOT = Path(__file__).parents[2]
WITHOUT_GPUS = ("--gres=none", "--cpus-per-task=1", "--mem-per-cpu=1")

pytestmark = [pytest.mark.slow, pytest.mark.skipif(missing() is not None, reason=str(missing()))]


@pytest.fixture(scope="module")
def slurm() -> Iterator[dict[str, str]]:
    with one_node_slurm() as environment:
        yield environment


class Cluster:
    """What a user of the cluster has: Slurm's commands, and the storage in the environment."""

    def __init__(self, environment: dict[str, str], logs: Path) -> None:
        self.environment, self.logs = environment, logs

    def run(self, *words: str) -> str:
        done = subprocess.run(words, cwd=ROOT, env=self.environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def submit(self, tasks: int, name: str) -> str:
        """Submit an array of workers for a sweep, and return its number."""
        options = (*WITHOUT_GPUS, f"--array=1-{tasks}", f"--output={self.logs}/worker%a.log")
        return self.run("sbatch", "--parsable", *options, "sweeps/cluster/slurm.sbatch", "--name", name)

    def said(self) -> str:
        return "".join(path.read_text() for path in sorted(self.logs.glob("worker*.log")))

    def ended(self) -> bool:
        return not self.run("squeue", "--noheader")

    def until(self, condition: Callable[[], object]) -> None:
        """Wait until something is so."""
        end = time.monotonic() + PATIENT
        while not condition():
            assert time.monotonic() < end, self.run("squeue") + self.said()
            time.sleep(0.1)

    def worker(self, task: int) -> psutil.Process:
        """Return the process that srun has started in a task of the array."""
        sought = {"SLURM_CONF": self.environment["SLURM_CONF"], "SLURM_ARRAY_TASK_ID": str(task)}
        ours = [p for p in psutil.process_iter(["cmdline"]) if "--join" in (p.info["cmdline"] or [])]
        [worker] = [p for p in ours if p.name() != "srun" and sought.items() <= p.environ().items()]
        return worker


@pytest.fixture
def cluster(slurm, postgres, door, environment, tmp_path, monkeypatch) -> Iterator[Cluster]:
    monkeypatch.setenv("SDAE_STORAGE", postgres.get_uri())
    path = os.pathsep.join([str(Path(sys.executable).parent), slurm["PATH"]])
    cluster = Cluster({**environment, **slurm, "PATH": path, "SDAE_STORAGE": postgres.get_uri()}, tmp_path)
    yield cluster
    cluster.run("scancel", "--me")
    cluster.until(cluster.ended)


def test_an_array_of_workers_on_the_quick_sweep(cluster, door, sweep_file, tmp_path):
    quick = yaml.safe_load((ROOT / "sweeps/quick.yaml").read_text())
    quick["trials"] = 2
    quick["settings"]["data"]["train_size"] = 200
    quick["settings"]["fine_tuning"]["max_epochs"] = 10
    quick["studies"] = [{"problems": ["rect"], "methods": ["sdae-3", "dbn-3", "mlp-3"]}]
    set_up = ("sweep", "--config", sweep_file(quick, "quick"), "--workers", "0")
    said = door(*set_up).stdout
    assert "3 studies, 6 trials" in said
    assert "sweep --join --name quick" in said
    assert not (tmp_path / "runs/quick/results.json").exists()

    cluster.submit(2, "quick")
    cluster.until(cluster.ended)
    lines = [line for line in cluster.said().splitlines() if line.startswith("quick/")]
    assert len(lines) == len({line.partition(": ")[0] for line in lines}) == 6, cluster.said()
    assert all("quick/rect" in path.read_text() for path in tmp_path.glob("worker*.log"))  # both have worked

    table = door(*set_up).stdout
    rows = json.loads((tmp_path / "runs/quick/results.json").read_text())
    assert [row["method"] for row in rows] == ["SDAE-3", "DBN-3", "MLP-3"]
    assert all(sum(row["trials"].values()) == 2 and row["test_error"] is not None for row in rows)
    assert all(f"{100 * row['test_error']:.2f}" in table for row in rows)


def begun(folder: Path) -> list[Path]:
    """Return the metrics of the trials that have trained some epochs."""
    files = sorted(folder.glob("runs/small/rect/sdae-1/trial-*/metrics.csv"))
    return [file for file in files if len(read_metrics(file)) > 10]


def pretrained(metrics: Path) -> list[int]:
    return [epoch for key, epoch, _ in read_metrics(metrics) if key == "pretrain/layer1/loss"]


def test_a_worker_preempted_one_out_of_time_and_one_killed(cluster, door, sweep_file, tmp_path):
    # Trials that share no layer, and so do not wait for one another.
    space = {"nHUnit": [300], "lRate": [0.005, 0.006, 0.007], "lRateSup": [0.1], "nEpoq": [400], "ν": [0.25]}
    door("sweep", "--config", sweep_file(changed(space=space)), "--workers", "0")
    job = cluster.submit(3, "small")
    cluster.until(lambda: len(begun(tmp_path)) == 3)
    cluster.run("scontrol", "requeue", f"{job}_1")  # as a preemption does
    cluster.run("scancel", "--signal=TERM", f"{job}_2")  # as --signal does ahead of the time limit
    cluster.worker(3).kill()
    cluster.until(lambda: cluster.said().count(": requeued") == 2)
    before = {file: pretrained(file) for file in begun(tmp_path)}
    cluster.until(lambda: "FAILED" in cluster.run("scontrol", "show", "job", f"{job}_3"))
    cluster.run("scontrol", "requeue", f"{job}_3")  # as Slurm does itself where a node dies

    cluster.until(cluster.ended)
    assert cluster.run("scontrol", "show", "job", job).count("Restarts=1") == 3
    study = study_of(cluster.environment["SDAE_STORAGE"])
    assert Counter(trial.state for trial in study.trials()) == {TrialState.COMPLETE: 3, TrialState.FAIL: 1}
    [again] = [trial for trial in study.trials() if RETRIES in trial.system_attrs]  # a lost one alone is run anew
    assert again.state is TrialState.COMPLETE
    assert study.result is not None
    for file, epochs in before.items():
        assert 0 < len(epochs) < 400
        assert pretrained(file) == list(range(1, 401))
