"""Candidates: kept as soon as they are measured, never measured twice, never taken for another's."""

import json
import os
import signal
from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest

from sdae.errors import SdaeError
from sdae.evaluation.svm.candidates import Candidates, Task
from sdae.evaluation.svm.features import computed
from sdae.evaluation.svm.search import Candidate
from sdae.evaluation.svm.workers import Workers

TASKS = [Task(Candidate("rbf", C, 0.1)) for C in (0.1, 1.0, 10.0)]


@pytest.fixture
def features(tmp_path):
    random = np.random.default_rng(0)
    x = random.normal(size=(300, 5)).astype(np.float32)
    t = (x[:, 0] + x[:, 1] ** 2 > 0.5).astype(np.int64)
    splits = {"train": (x[:100], t[:100]), "valid": (x[100:150], t[100:150]), "test": (x[150:], t[150:])}
    with computed(tmp_path / "features", splits, np.asarray, "a key", "layer 0") as features:
        yield features


@pytest.fixture
def measure(features, tmp_path):
    """Measure by a fresh reading of the file; return what came of it, and how many there were to measure."""

    def run(tasks=TASKS, of=features, workers=1):
        path = tmp_path / "svm.jsonl"
        lines = len(path.read_text().splitlines()) if path.exists() else 0
        told = {}
        with Candidates(path, workers) as candidates:
            found = candidates.measure(of, tasks, told.__setitem__)
        assert told == found
        return found, len(path.read_text().splitlines()) - lines

    return run


def test_what_was_measured_is_not_measured_again(measure):
    first, n = measure(TASKS[:2])
    assert n == 2
    again, n = measure()
    assert n == 1
    assert {task: again[task] for task in TASKS[:2]} == first
    assert measure() == (again, 0)


def test_another_representation_trained_on_or_asked_is_another_candidate(measure, features):
    measure()
    assert measure(of=replace(features, key="another"))[1] == 3
    assert measure([task._replace(asked="test") for task in TASKS])[1] == 3
    assert measure([task._replace(trained_on="train and valid", asked="test") for task in TASKS])[1] == 3


def test_another_packages_candidate_is_another(measure, monkeypatch):
    measure()
    monkeypatch.setattr("sdae.evaluation.svm.candidates.made_by", lambda n: "libsvm 3.0")
    assert measure()[1] == 3


@pytest.mark.parametrize("left", [1, 40, -1])
def test_a_line_cut_short_by_a_kill_is_measured_again_and_harms_no_other(measure, tmp_path, left):
    whole, _ = measure()
    path = tmp_path / "svm.jsonl"
    *lines, last = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines) + last[:left])
    again, _ = measure()
    assert {task: found.wrong for task, found in again.items()} == {task: found.wrong for task, found in whole.items()}
    assert measure()[1] == 0
    assert sum(1 for line in path.read_text().splitlines() if _whole(line)) == 3


def _whole(line):
    try:
        return bool(json.loads(line))
    except ValueError:
        return False


def test_processes_side_by_side_measure_the_same(measure, tmp_path):
    alone, _ = measure()
    (tmp_path / "svm.jsonl").unlink()
    together, n = measure(workers=2)
    assert n == 3
    for task in TASKS:
        assert replace(together[task], seconds=0) == replace(alone[task], seconds=0)


def kill_itself(kept, _):
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_killed_process_is_said_in_one_line():
    with (
        closing(Workers(2, list)) as workers,
        pytest.raises(SdaeError, match="the same command with fewer workers resumes the search"),
    ):
        list(workers.map(kill_itself, [(1,), (2,)]))


def test_no_worker_at_all_is_refused(tmp_path):
    with pytest.raises(SdaeError, match="workers 0"):
        Candidates(tmp_path / "svm.jsonl", 0)
