"""The reproduce command: what is missing is run, what is there is not, killed or not; and what it refuses."""

import json
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
import yaml
from optuna.trial import TrialState

from patience import PATIENT
from sdae.cli import run_reproduce as command
from sdae.reproduce.speed import Speed
from sdae.sweeps.storage import open_storage
from sdae.sweeps.studies import find

CLI = Path(__file__).parents[2] / "src" / "cli.py"
# Two methods of two trials, a second each.
SCALE = {
    "space": {"nHUnit": [10, 20], "lRate": [0.05], "lRateSup": [0.1], "nEpoq": [2], "ν": [0.1]},
    "settings": {
        "data": {"source": "generated", "train_size": 200},
        "fine_tuning": {"max_epochs": 4},
        "tracking": {"wandb": "off"},
    },
    "trials": 2,
    "heartbeat": 2,
    "C": [1.0],
    "gamma": [0.1],
    "fine": False,
}
TINY = ("--problems", "rect", "--methods", "sdae-3", "mlp-3", "--workers", "1", "--settings", "tiny.yaml")


@pytest.fixture(autouse=True)
def quickly(monkeypatch):
    """Do not measure how fast this machine is."""
    monkeypatch.setattr(command, "measure_speed", lambda threads: Speed(5e-5, 5e-5, 1.5e-4))


@pytest.fixture
def scale(tmp_path):
    """Write the file of a scaled-down version."""

    def write(**changes):
        text = yaml.safe_dump({**SCALE, **changes}, allow_unicode=True)
        (tmp_path / "tiny.yaml").write_text(text, encoding="utf-8")

    write()
    return write


def states(answer):
    """Return the state of every job, by its name on screen: of the table that comes first."""
    rows = [line.split("  ") for line in answer.stdout.partition("\n\n")[0].splitlines()[2:]]
    return {next(filter(None, row[1:])).strip(): row[-1].strip() for row in rows}


def files(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_dry_run_shows_the_plan_and_writes_nothing(door, tmp_path):
    answer = door("reproduce", "table3", "--budget", "2h", "--dry_run", "--folder", "none")
    assert answer.returncode == 0, answer.stderr
    assert "python src/cli.py sweep --config none/reproduce-rect.yaml --folder none/reproduce-rect" in answer.stdout
    assert "python src/cli.py svm --data rect --kernels rbf --output none/reproduce-rect-svm" in answer.stdout
    assert "the whole would take about" in answer.stdout
    assert "tzanetakis" in answer.stdout.splitlines()[-1]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["table6"], "table6: no such target; choose one of table3, table4"),
        (["table3", "--problems", "rectt"], "--problems rectt: no such problem"),
        (["table3", "--methods", "svn"], "--methods svn: not one of table3's; choose among dbn-1"),
        (["table3", "--budget", "long"], "--budget long: a number and s, m, h or d, as 90m, 2h or 1d"),
        (["table3", "--workers=-1"], "--workers -1: not negative"),
        (["table3", "--settings", "none.yaml"], "--settings none.yaml: cannot be read"),
        (["table3", "--settings", "tiny.yaml"], "--settings tiny.yaml: trails: no such key"),
        (["table3", "--storage", "mysql://x/y"], "give postgresql://USER@HOST/DATABASE"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(refused, scale, tmp_path, args, said):
    scale(trails=3)
    assert said in refused("reproduce", *args)
    assert {path.name for path in tmp_path.iterdir()} == {"tiny.yaml"}


def test_what_is_there_is_not_run_again_and_what_is_missing_is(door, scale, tmp_path):
    first = door("reproduce", "table3", *TINY, "--budget", "0.01s")
    assert first.returncode == 0, first.stderr
    assert set(states(first).values()) == {"left out"}
    assert not (tmp_path / "runs").exists()

    answer = door("reproduce", "table3", *TINY)
    assert answer.returncode == 0, answer.stderr
    assert list(states(answer).values())[:2] == ["now", "now"]
    results = json.loads((tmp_path / "runs/reproduce-rect/results.json").read_text())
    assert [(row["method"], row["trials"]["complete"]) for row in results] == [("SDAE-3", 2), ("MLP-3", 2)]
    before = files(tmp_path / "runs")

    again = door("reproduce", "table3", *TINY)
    assert set(states(again).values()) == {"done"}
    assert "python src/cli.py" not in again.stdout
    dry = door("reproduce", "table3", *TINY, "--dry_run", "--budget", "1d")
    assert set(states(dry).values()) == {"done"}
    assert files(tmp_path / "runs") == before

    # Wherever it lies; but what was trained on other data does not count.
    (tmp_path / "runs").rename(tmp_path / "elsewhere")
    deeper = door("reproduce", "table3", *TINY, "--dry_run", "--folder", ".")
    assert set(states(deeper).values()) == {"done"}
    whole = door("reproduce", "table3", *TINY[:-2], "--dry_run", "--folder", "elsewhere")
    assert set(states(whole).values()) == {"now"}


def test_a_study_of_another_sweep_counts(door, scale, sweep_file, tmp_path):
    space = {axis: SCALE["space"][axis] for axis in ("nHUnit", "lRateSup") if axis in SCALE["space"]}
    own = {"settings": SCALE["settings"], "space": space, "sampler": "grid"}
    file = sweep_file({**own, "studies": [{"problems": ["rect"], "methods": ["mlp-3"]}]}, "mine")
    assert door("sweep", "--config", file, "--workers", "1").returncode == 0
    answer = door("reproduce", "table3", *TINY, "--dry_run")
    assert states(answer) == {"SDAE-3": "now", "MLP-3": "done"}


def test_more_trials_in_the_settings_are_added_to_a_study(door, scale, tmp_path):
    scale(trials=2, space={**SCALE["space"], "nHUnit": [10, 20, 30]})
    only = ("--problems", "rect", "--methods", "mlp-3", "--workers", "1", "--settings", "tiny.yaml")
    assert door("reproduce", "table3", *only).returncode == 0
    file = tmp_path / "runs/reproduce-rect.yaml"
    [part] = yaml.safe_load(file.read_text())["studies"]
    assert part["trials"] == 2
    scale(trials=3, space={**SCALE["space"], "nHUnit": [10, 20, 30]})
    answer = door("reproduce", "table3", *only)
    assert answer.returncode == 0, answer.stderr
    assert "3 of 3, 2 over" in answer.stdout
    [part] = yaml.safe_load(file.read_text())["studies"]
    assert part["trials"] == 3
    [row] = json.loads((tmp_path / "runs/reproduce-rect/results.json").read_text())
    assert row["trials"]["complete"] == 3


def test_table_5_asks_the_chosen_stack(door, scale, tmp_path):
    only = ("--problems", "rect", "--workers", "1", "--settings", "tiny.yaml")
    scale(space={**SCALE["space"], "nHUnit": [10]}, trials=1)
    answer = door("reproduce", "table5", *only)
    assert answer.returncode == 0, answer.stderr
    [svm] = (tmp_path / "runs").rglob("svm.json")
    content = json.loads(svm.read_text())
    assert {(a["layer"], a["kernel"]) for a in content["answers"]} == {
        (k, kernel) for k in range(4) for kernel in ("linear", "rbf")
    }
    assert {a["weights"] for a in content["answers"] if a["layer"]} == {"pretrained"}
    again = door("reproduce", "table5", *only)
    assert set(states(again).values()) == {"done"}


def test_a_figure_is_fitted_and_drawn_once(door, scale, tmp_path):
    scale(settings={"data": {"train_size": 1000}, "tracking": {"wandb": "off"}})
    answer = door("reproduce", "figure6", "--settings", "tiny.yaml")
    assert answer.returncode == 0, answer.stderr
    runs = tmp_path / "runs"
    assert (runs / "figure6.png").is_file()
    assert len(json.loads((runs / "figure6.json").read_text())["runs"]) == 2
    before = files(runs)
    assert set(states(door("reproduce", "figure6", "--settings", "tiny.yaml")).values()) == {"done"}
    (runs / "figure6.png").unlink()
    again = door("reproduce", "figure6", "--settings", "tiny.yaml")
    assert list(states(again).values()) == ["done", "done", "now"]
    assert files(runs).keys() == before.keys()


def test_studies_are_set_up_for_others_who_join(door, scale, postgres, tmp_path):
    url = postgres.get_uri()
    only = ("--problems", "rect", "--settings", "tiny.yaml", "--storage", url)
    methods = ("--methods", "mlp-3", "svm")
    answer = door("reproduce", "table3", *only, *methods, "--workers", "0")
    assert answer.returncode == 0, answer.stderr
    assert "workers: python src/cli.py sweep --join --name reproduce-rect" in answer.stdout
    assert "figures and SVMs are skipped with --workers 0" in answer.stdout
    assert not list((tmp_path / "runs").rglob("result.json"))
    joined = door("sweep", "--join", "--storage", url, "--name", "reproduce-rect", "--workers", "1")
    assert joined.returncode == 0, joined.stderr
    assert states(door("reproduce", "table3", *only, *methods, "--dry_run")) == {"SVM-rbf": "now", "MLP-3": "done"}


def test_a_problem_that_cannot_be_had_leaves_the_others(door, scale, tmp_path):
    scale(settings={"tracking": {"wandb": "off"}, "fine_tuning": {"max_epochs": 2}})
    only = ("--problems", "tzanetakis", "--methods", "mlp-3", "--workers", "1", "--settings", "tiny.yaml")
    answer = door("reproduce", "table3", *only)
    assert answer.returncode == 2
    assert "tzanetakis/MLP-3: not done, see above; the same command resumes it" in answer.stderr


def test_a_study_without_a_result_is_an_error_every_time(door, scale):
    """Of one that failed, the same command has nothing to resume."""
    scale(trials=1, space={**SCALE["space"], "lRate": [1e30]})
    only = ("--problems", "rect", "--methods", "dbn-1", "mlp-3", "--workers", "1", "--settings", "tiny.yaml")
    for state in ("now", "failed"):
        answer = door("reproduce", "table3", *only)
        assert states(answer)["DBN-1"] == state
        assert answer.returncode == 2
        said = answer.stderr.splitlines()[-1]
        assert said.startswith("error: rect/DBN-1: no result: all trials were pruned or failed; for more trials, ")
        assert "resumes it" not in said
    assert states(answer)["MLP-3"] == "done"
    assert door("reproduce", "table3", *only, "--dry_run").returncode == 0
    scale(trials=2, space={**SCALE["space"], "lRate": [1e30]})
    assert states(door("reproduce", "table3", *only, "--dry_run"))["DBN-1"] == "now"


@pytest.mark.slow
def test_killed_in_the_middle_it_goes_on(environment, scale, tmp_path):
    scale(trials=4, space={**SCALE["space"], "nHUnit": [10, 20, 30, 40], "nEpoq": [40]})
    words = [sys.executable, str(CLI), "reproduce", "table3", *TINY]
    quiet = {"cwd": tmp_path, "env": environment, "stdin": subprocess.DEVNULL, "stderr": subprocess.STDOUT}
    with (tmp_path / "said.txt").open("w") as said:
        process = subprocess.Popen(words, stdout=said, **quiet)
    url = f"sqlite:///{tmp_path / 'runs/reproduce-rect/study.db'}"

    def done() -> dict[str, list[int]]:
        try:
            _, studies = find(open_storage(url, 2, read_only=True), None)
        except ValueError:
            return {}
        return {one.plan.method: [t.user_attrs["cell"] for t in one.trials(TrialState.COMPLETE)] for one in studies}

    end = time.monotonic() + PATIENT
    while sum(map(len, done().values())) < 3:
        assert process.poll() is None, (tmp_path / "said.txt").read_text()
        assert time.monotonic() < end
        time.sleep(0.05)
    children = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGKILL)
    for child in children:
        with suppress(psutil.NoSuchProcess):
            child.kill()
    process.wait()
    before = done()
    assert 3 <= sum(map(len, before.values())) < 8
    kept = (tmp_path / "runs/reproduce-rect.yaml").read_text()

    answer = subprocess.run(words, stdout=subprocess.PIPE, text=True, timeout=PATIENT, **quiet)
    assert answer.returncode == 0, answer.stdout
    assert {method: sorted(cells) for method, cells in done().items()} == dict.fromkeys(
        ("SDAE-3", "MLP-3"), [*range(4)]
    )
    assert (tmp_path / "runs/reproduce-rect.yaml").read_text() == kept
    assert len(list((tmp_path / "runs").rglob("result.json"))) == 2
