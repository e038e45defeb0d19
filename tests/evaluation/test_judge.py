"""What samples are worth: distances against scipy, errors against scikit-learn's SVC, and sense."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from scipy.spatial.distance import cdist
from sklearn.datasets import load_digits
from sklearn.svm import SVC

from sdae.data.examples import Examples
from sdae.evaluation.judge import Judge, nearest
from sdae.functional.error_rate import interval
from sdae.seeds import generator


@pytest.fixture(scope="module")
def digits():
    x, t = load_digits(return_X_y=True)
    x = torch.from_numpy(x / 16).float()
    t = torch.from_numpy(t)
    return Examples(x[:1200], t[:1200]), Examples(x[1200:], t[1200:])


@pytest.fixture(scope="module")
def judge(digits):
    return Judge(*digits, n=300, seed=1)


def test_the_nearest_example_is_scipys(monkeypatch):
    monkeypatch.setattr("sdae.evaluation.judge.BLOCK", 70)
    x, samples = (torch.randn(n, 5, generator=generator(n)) for n in (333, 41))
    exact = cdist(samples.double().numpy(), x.double().numpy())
    np.testing.assert_allclose(nearest(samples, x), exact.min(1), rtol=1e-4)
    left_out = torch.arange(41) * 8
    exact[np.arange(41), left_out] = np.inf
    np.testing.assert_allclose(nearest(samples, x, left_out), exact.min(1), rtol=1e-4)
    assert nearest(x, x).max() < 0.01
    assert nearest(x[:41], x, torch.arange(41)).min() > 0.05


@pytest.mark.parametrize("offset", [-100.0, 1000.0])
def test_distances_do_not_depend_on_the_origin(offset):
    x, samples = (torch.rand(n, 50, generator=generator(n)) + offset for n in (200, 60))
    exact = cdist(samples.double().numpy(), x.double().numpy())
    np.testing.assert_allclose(nearest(samples, x), exact.min(1), rtol=1e-6)


def test_a_classifier_does_not_depend_on_the_origin(judge, digits):
    moved = Judge(*(Examples(x + 1000, t) for x, t in digits), n=300, seed=1)
    assert moved.gamma == judge.gamma
    assert moved.real.label_error == pytest.approx(judge.real.label_error, abs=0.01)
    assert moved.real.distance == pytest.approx(judge.real.distance, rel=1e-3)


def test_the_classifier_is_a_fixed_svm(judge, digits):
    (x, t), (test_x, test_t) = digits
    others = np.setdiff1d(np.arange(1200), judge.rows.numpy())
    gamma = 1 / (64 * x[others].var(0, correction=0).mean().item())
    assert judge.described == {
        "kernel": "rbf",
        "C": 10.0,
        "gamma": pytest.approx(gamma, rel=1e-4),
        "training_examples": 900,
    }
    svc = SVC(C=10, gamma=judge.gamma).fit(x[others].numpy(), t[others].numpy())
    samples = (test_x[:300, None] + 0.2 * torch.randn(300, 3, 64, generator=generator(1))).clip(0, 1)
    wrong = svc.predict(samples.flatten(0, 1).numpy()) != np.repeat(t[judge.rows].numpy(), 3)
    assert judge.of(samples).label_error == pytest.approx(wrong.mean(), abs=0.02)


def test_real_examples_set_the_measure(judge, digits):
    (x, _), _ = digits
    assert judge.real.label_error < 0.06
    assert judge.real.interval == interval(judge.real.label_error, 300)
    assert judge.real.variability is None
    same = judge.of(x[judge.rows][:, None])  # the training examples themselves
    assert same.label_error < 0.06
    assert same.distance == pytest.approx(judge.real.distance, rel=0.1)


def test_damage_is_seen_although_the_example_itself_is_near(judge, digits):
    (x, _), _ = digits
    noisy = (x[judge.rows][:, None] + 0.3 * torch.randn(300, 2, 64, generator=generator(1))).clip(0, 1)
    damaged = judge.of(noisy)
    assert damaged.distance > 1.2 * judge.real.distance
    assert damaged.label_error > judge.of(x[judge.rows][:, None]).label_error
    assert damaged.interval == interval(damaged.label_error, 300)  # two samples of an example are counted as one
    apart = (noisy[:, 0] - noisy[:, 1]).norm(dim=1).mean().item()
    assert damaged.variability == pytest.approx(apart, rel=1e-5)


def test_another_class_is_an_error(judge, digits):
    (x, t), _ = digits
    other = torch.stack([x[t == (k + 1) % 10][0] for k in t[judge.rows]])
    assert judge.of(other[:, None]).label_error > 0.9


def test_the_classifier_does_not_know_the_examples_that_it_judges(digits, monkeypatch):
    fitted = []
    monkeypatch.setattr("sdae.evaluation.judge.own_kernel", lambda candidate: SimpleNamespace(fit=learn))
    monkeypatch.setattr(Judge, "_judged", lambda *args: None)

    def learn(x, t):
        fitted.append(x)

    (x, t), test = digits
    marked = x.clone()
    marked[:, 0] = torch.arange(1200)  # a feature that tells each example
    judge = Judge(Examples(marked, t), test, n=300, seed=1)
    seen = set((fitted[0][:, 0] + judge.centre[0].item()).round().astype(int).tolist())
    asked = set(judge.rows.tolist())
    assert len(asked) == 300
    assert len(seen) == 900
    assert not seen & asked


def test_without_classes_there_are_distances_alone(digits):
    (x, t), (test_x, test_t) = digits
    judge = Judge(Examples(x, t * 0), Examples(test_x, test_t * 0), 20, 1)
    assert judge.described is None
    judgement = judge.of(x[judge.rows][:, None])
    assert judgement.label_error is judgement.interval is None
    assert judgement.distance > 0


def test_an_unlabelled_example_is_of_no_class(digits):
    (x, t), test = digits
    few = torch.where(torch.arange(len(t)) < 400, t, -1)
    judge = Judge(Examples(x, few), test, n=300, seed=1)
    assert judge.trained_on == 100
    assert judge.rows.max() < 400
    assert set(judge.machine.predict((test.x - judge.centre).numpy()).tolist()) <= set(range(10))


def test_the_classifier_is_trained_on_labelled_examples_alone(digits, monkeypatch):
    monkeypatch.setattr("sdae.evaluation.judge.TRAINED_ON", 100)
    (x, t), test = digits
    few = torch.where(torch.arange(len(t)) % 12 == 0, t, -1)
    assert (few >= 0).sum() == 100
    assert Judge(Examples(x, few), test, n=40, seed=1).trained_on == 60
    assert Judge(Examples(x, t), test, n=300, seed=1).trained_on == 100


def test_without_test_examples_there_is_nothing_real_to_judge(digits):
    train, (test_x, test_t) = digits
    judge = Judge(train, Examples(test_x[:0], test_t[:0]), n=300, seed=1)
    assert judge.real is None
    assert judge.of(train.x[judge.rows][:, None]).label_error < 0.06
