"""The answers of SVMs on screen."""

import pytest

from made import answer
from sdae.evaluation.svm.layers import NoisyCopies, Question
from sdae.evaluation.svm.report import alike, answers_table

MACHINE = {"test_error": 0.03, "test_interval": 0.001, "support_vectors": 1234}
BEFORE = {**MACHINE, "test_error": 0.04}


@pytest.fixture
def content():
    def one(layer, weights, **changes):
        more = {"published": None, "with_valid": MACHINE, "without_valid": BEFORE}
        return answer(layer, weights, 0.03, **{**more, **changes})

    answers = [one(0, "input"), one(1, "pretrained"), one(1, "random"), one(2, "pretrained", kernel="linear")]
    return {"answers": answers, "provenance": "generated", "note": "a note"}


def test_only_what_was_asked_for_is_shown(content):
    head, _, *rows, last = answers_table(content, "pretrained", Question([0, 1], ["rbf"])).splitlines()
    assert "… without refit" in head
    assert [row.split()[:3] for row in rows] == [["0", "rbf", "10"], ["1", "rbf", "10"]]
    assert "4.00 ± 0.10 %" in rows[0]
    assert "1,234" in rows[0]
    assert last == "generated data; a note"


def test_local_data_have_no_column_of_the_papers(content):
    head, _, row, *_ = answers_table({**content, "provenance": "local"}, "pretrained", Question([0])).splitlines()
    assert "paper" not in head
    assert "not reported" not in row
    assert row.index("4.00 ± 0.10 %") == head.index("… without refit")


def test_machines_on_noisy_copies_are_shown_by_themselves(content):
    question = Question(kernels=["rbf"], noise=NoisyCopies(9, 0.25))
    lines = answers_table(content, "pretrained", question).splitlines()
    assert lines[2:] == ["trained with 9 noisy copies of each example (masking, 0.25); generated data; a note"]


def test_answers_with_and_without_the_validation_data_are_apart(content):
    content["answers"][0] |= {"with_valid": None}
    shown = [len(alike(content, Question(refit=refit))["answers"]) for refit in (True, False)]
    assert shown == [3, 1]


def test_over_folds_c_and_gamma_are_ranges(content):
    content["answers"][0] |= {"C": [1.0, 10.0], "gamma": [0.03, 0.03]}
    text = answers_table({**content, "folds": 2}, "pretrained", Question(kernels=["rbf"]))
    assert "1 to 10" in text
    assert "± sd of 2 folds" in text
