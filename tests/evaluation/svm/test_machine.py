"""Machines, against scikit-learn's plain SVC in double precision on the uncentred examples."""

import numpy as np
import pytest
from sklearn.datasets import make_classification
from sklearn.svm import SVC

from sdae.evaluation.svm import machine
from sdae.evaluation.svm.features import computed
from sdae.evaluation.svm.kernel import KernelMatrix
from sdae.evaluation.svm.machine import measure_candidate
from sdae.evaluation.svm.search import Candidate

CANDIDATES = [
    Candidate("linear", 0.01),
    Candidate("linear", 1.0),
    Candidate("rbf", 1.0, 0.02),
    Candidate("rbf", 100.0, 0.001),
    Candidate("rbf", 10.0, 0.5),
]


@pytest.fixture(scope="module")
def splits():
    """Five classes that overlap, with an origin far from their middle."""
    x, t = make_classification(
        **{"n_samples": 3600, "n_features": 30, "n_informative": 12, "n_classes": 5, "flip_y": 0.05},
        random_state=0,
    )
    x = (x + 5).astype(np.float32)
    cut = {"train": slice(0, 600), "valid": slice(600, 800), "test": slice(800, 3600)}
    return {name: (x[rows], t[rows]) for name, rows in cut.items()}


@pytest.fixture(scope="module")
def features(splits, tmp_path_factory):
    folder = tmp_path_factory.mktemp("machine") / "features"
    with computed(folder, splits, np.asarray, "key", "layer 0") as features:
        features.multiply(800)
        yield features


@pytest.fixture(params=["inner products", "scikit-learn-intelex", "scikit-learn"])
def way(request, monkeypatch):
    """Each way to train a machine."""
    if request.param != "inner products":
        monkeypatch.setattr(machine, "KERNEL_ROWS", 0)
    if request.param == "scikit-learn-intelex":
        pytest.importorskip("sklearnex")
    if request.param == "scikit-learn":
        monkeypatch.setattr(machine, "accelerated", lambda: False)
    return request.param


@pytest.mark.parametrize("candidate", CANDIDATES, ids=str)
@pytest.mark.parametrize("trained_on", ["train", "train and valid"])
def test_every_way_gives_the_machine_of_plain_svc(features, splits, way, candidate, trained_on):
    parts = ["train", "valid"] if trained_on == "train and valid" else ["train"]
    x, t = (np.concatenate([splits[part][i] for part in parts]) for i in (0, 1))
    gamma = {} if candidate.gamma is None else {"gamma": candidate.gamma}
    plain = SVC(kernel=candidate.kernel, C=candidate.C, **gamma).fit(x.astype(float), t)
    wrong = (plain.predict(splits["test"][0].astype(float)) != splits["test"][1]).sum()
    ours = measure_candidate(features, candidate, trained_on, "test", KernelMatrix())
    assert ours.examples == 2800
    assert abs(ours.wrong - wrong) <= 6  # both stop at a tolerance of 1e-3
    assert abs(ours.support_vectors - len(plain.support_)) <= 4
    assert ours.error == ours.wrong / 2800
    assert ours.seconds > 0


def test_two_classes_are_told_apart_too(tmp_path):
    random = np.random.default_rng(0)
    x = random.normal(size=(300, 5)).astype(np.float32)
    t = (x[:, 0] + x[:, 1] ** 2 > 0.5).astype(np.int64)
    splits = {"train": (x[:100], t[:100]), "valid": (x[100:150], t[100:150]), "test": (x[150:], t[150:])}
    with computed(tmp_path / "features", splits, np.asarray, "key", "layer 0") as features:
        features.multiply(150)
        plain = SVC(C=10.0, gamma=0.3).fit(x[:100].astype(float), t[:100])
        wrong = (plain.predict(x[150:].astype(float)) != t[150:]).sum()
        assert measure_candidate(features, Candidate("rbf", 10.0, 0.3), "train", "test", KernelMatrix()).wrong == wrong


def test_what_made_it_is_said(monkeypatch):
    assert machine.made_by(10).startswith("scikit-learn 1.")
    monkeypatch.setattr(machine, "accelerated", lambda: False)
    assert machine.made_by(10**6) == machine.made_by(10)
