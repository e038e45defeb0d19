"""The classifier: classes, unlabelled examples, and validation."""

import re
import warnings

import numpy as np
import pytest
import torch

from sdae.estimators import training
from sdae.estimators.classifier import _coded
from stacks import TEST, VALID, Y_TEST, Y_VALID, X, Y, classifier


def test_it_learns_and_its_probabilities_are_in_the_order_of_the_classes():
    words = np.array([f"digit {9 - digit}" for digit in Y])
    model = classifier(max_epochs=40).fit(X, words)
    assert list(model.classes_) == sorted(set(words))
    p = model.predict_proba(TEST)
    assert p.shape == (200, 10)
    np.testing.assert_allclose(p.sum(1), 1, rtol=1e-5)
    assert list(model.predict(TEST)) == [model.classes_[k] for k in p.argmax(1)]
    assert model.score(TEST, [f"digit {9 - digit}" for digit in Y_TEST]) > 0.8


def test_pretraining_sees_unlabelled_examples_and_fine_tuning_does_not(monkeypatch):
    y = np.where(np.arange(400) < 100, Y, -1)
    seen = {}
    original = training.run

    def look(what, *args, **kwargs):
        seen["pretraining"], seen["labelled"] = len(what.problem.train.x), len(what.problem.labelled.x)
        return original(what, *args, **kwargs)

    monkeypatch.setattr(training, "run", look)
    model = classifier(max_epochs=40).fit(X, y)
    assert seen == {"pretraining": 390, "labelled": 90}  # ten of the labelled ones are for validation
    assert list(model.classes_) == list(range(10))
    assert model.score(TEST, Y_TEST) > 0.5
    # The labelled ones alone are not the same: what pretraining sees differs.
    few = classifier().fit(X[:100], Y[:100])
    assert not torch.equal(few.layers_[0].encoder.weight, model.layers_[0].encoder.weight)


def test_unlabelled_examples_among_words_need_an_array_of_objects():
    words = np.array([f"d{digit}" for digit in Y], dtype=object)
    words[200:] = -1
    model = classifier(max_epochs=2).fit(X, words)
    assert list(model.classes_) == [f"d{digit}" for digit in range(10)]
    with pytest.raises(ValueError, match="dtype=object"):
        classifier().fit(X, words.astype(str))


def test_minus_one_and_one_are_two_classes_as_one_alone_could_not_be_learnt():
    y = np.where(Y > 4, 1, -1)
    with pytest.warns(UserWarning, match=f"^y: −1 is the class of {(y == -1).sum()} of 400 examples, .* others are 1$"):
        model = classifier(max_epochs=30).fit(X, y)
    assert list(model.classes_) == [-1, 1]
    assert model.score(TEST, np.where(Y_TEST > 4, 1, -1)) > 0.7


@pytest.mark.parametrize(
    ("y", "warning"),
    [
        (Y % 3 - 1, "y: −1 marks .* of 400 examples as unlabelled, and is no class beside 0, 1; if it is one"),
        (Y % 5 - 2, "y: −1 marks .* beside -2, 0, 1, 2; if"),
        ((Y % 5 - 2).astype(object), "y: −1 marks .* beside -2, 0, 1, 2; if"),
        (Y % 4 - 1, None),
        (np.where(np.arange(400) < 250, -1, Y % 2), None),
        (np.where(np.arange(400) < 100, -1, Y), None),
        (Y % 3, None),
    ],
    ids=["signs", "below", "objects", "from 0", "mostly", "ten classes", "all labelled"],
)
def test_minus_one_is_unlabelled_with_a_warning_where_it_looks_like_a_class(y, warning):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        classes, t = _coded(y)
    assert [re.match(warning or "none", str(one.message)) is not None for one in caught] == [True] * bool(warning)
    assert list(classes) == sorted(set(y.tolist()) - {-1})
    assert ((t == -1) == (y == -1)).all()


@pytest.mark.parametrize(
    ("strange", "said"),
    [([1, "a"], "1 and 'a': classes are all"), (["a", None], "'a' and None: classes"), ([None, "a"], "None: neither")],
)
def test_classes_are_all_words_or_all_numbers(strange, said):
    y = np.array(strange * 20, dtype=object)
    with pytest.raises(ValueError, match=f"y: {said}"):
        classifier().fit(X[: len(y)], y)


def test_minus_one_beside_a_single_word_is_no_class():
    with pytest.raises(ValueError, match="at least two classes are needed, there is 1 class, 'a'"):
        classifier().fit(X, np.array(["a"] * 200 + [-1] * 200, dtype=object))


def test_one_class_is_refused():
    with pytest.raises(ValueError, match="at least two classes are needed, there is 1 class"):
        classifier().fit(X, np.full(400, 5))


def test_without_any_class_the_other_estimator_is_named():
    with pytest.raises(ValueError, match="no example has a class, all are −1; StackedAutoencoder learns"):
        classifier().fit(X, np.full(400, -1))


def test_the_validation_split_is_stratified_and_nothing_is_trained_on_it(monkeypatch):
    held = []
    original = training.run

    def look(what, *args, **kwargs):
        held.append(what.problem)
        return original(what, *args, **kwargs)

    monkeypatch.setattr(training, "run", look)
    y = (np.arange(400) % 10 == 0).astype(int)
    classifier(max_epochs=1, validation_fraction=0.2).fit(X, y)
    (problem,) = held
    assert np.bincount(problem.valid.t.numpy()).tolist() == [72, 8]
    rows = {row.tobytes() for row in problem.train.x.numpy()}
    assert not rows & {row.tobytes() for row in problem.valid.x.numpy()}
    assert len(problem.train.x) + len(problem.valid.x) == 400


def test_early_stopping_takes_the_validation_examples_it_is_given():
    model = classifier(patience=2, max_epochs=200).fit(X, Y, VALID, Y_VALID)
    assert model.n_iter_ < 200
    assert model.validation_error_ == pytest.approx(1 - model.score(VALID, Y_VALID), abs=1e-9)
    with pytest.raises(ValueError, match="y_valid: 77 is a class of no labelled"):
        classifier().fit(X, Y, VALID, np.full(200, 77))
    with pytest.raises(ValueError, match="X_valid, y_valid: both or none"):
        classifier().fit(X, Y, VALID)


def test_a_single_example_of_each_class_leaves_none_for_validation():
    with pytest.raises(ValueError, match="pass X_valid and y_valid"):
        classifier().fit(X[:3], [0, 1, 2])
