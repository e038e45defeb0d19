"""Answers of several folds together, and the paper's cell beside each."""

from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from made import answer
from sdae.data.examples import SPLITS
from sdae.errors import SdaeError
from sdae.evaluation.svm import run
from sdae.evaluation.svm.layers import NoisyCopies, Question
from sdae.evaluation.svm.run import SvmInput, published_answer, summarise_answers
from sdae.evaluation.svm.search import Grid
from sdae.runs import versions
from sdae.runs.folder import RunFolder


def asked(
    problem: str,
    method: str | None,
    provenance: str = "original",
    weights: str = "pretrained",
    train: int = 10_000,
    labels: int | None = None,
) -> Any:
    labelled = SimpleNamespace(t=range(labels or train))
    splits = {"train": SimpleNamespace(t=range(train))}
    of = SimpleNamespace(name=problem, provenance=provenance, labelled=labelled, splits=splits)
    return SvmInput(None, of, 1, method, weights)  # type: ignore[arg-type]


def test_the_papers_cell_is_of_the_same_question():
    of_layer = published_answer(asked("basic", "SDAE-3"), 3, "rbf", None)
    assert of_layer is not None
    assert (of_layer["table"], of_layer["model"]) == ("table5", "SVM-rbf on layer 3")
    alone = published_answer(asked("basic", None), 0, "rbf", None)
    assert alone is not None
    assert alone["table"] == "table3"


@pytest.mark.parametrize(
    ("of", "layer", "noise"),
    [
        (asked("basic", "SDAE-3", "local"), 3, None),
        (asked("basic", "SDAE-3", weights="random"), 3, None),
        (asked("basic", "SAE-3"), 1, None),
        (asked("basic", None), 0, NoisyCopies(9, 0.25)),
        (asked("mine", None), 0, None),
        (asked("basic", "SDAE-3", labels=5), 3, None),
        (asked("basic", "SDAE-3", train=5_000), 3, None),
    ],
)
def test_other_answers_stand_alone(of, layer, noise):
    assert published_answer(of, layer, "rbf", noise) is None


def test_the_commit_of_an_answer_is_that_which_the_search_began_with(tmp_path, monkeypatch):
    commit = ["abc"]

    def ask(*args):
        commit[0] = "def"
        return {key: value for key, value in answer(0, "input", 0.1).items() if key not in ("kernel", "versions")}

    t = torch.tensor([0, 1])
    problem = SimpleNamespace(
        **{"name": "rect", "provenance": "original", "note": None, "fold": None, "load": lambda: None},
        **{
            "labelled": SimpleNamespace(t=t),
            "train": SimpleNamespace(t=t),
            "splits": {split: SimpleNamespace(t=t) for split in SPLITS},
        },
    )
    monkeypatch.setattr(versions, "commit", lambda: commit[0])
    monkeypatch.setattr(run, "splits_of", lambda *args: {"train": (t, t)})
    monkeypatch.setattr(run, "representations", lambda *args: {0: (None, "key")})
    monkeypatch.setattr(run, "computed", lambda *args: nullcontext())
    monkeypatch.setattr(run, "ask", ask)
    target = SvmInput(RunFolder(tmp_path), problem, 1)  # type: ignore[arg-type]
    content = run.answer_all(target.folder, [target], Question([0], ("linear", "rbf"), Grid()), 1)
    assert [one["versions"]["commit"] for one in content["answers"]] == ["abc", "abc"]
    # Else the first answers would be reported as those of three examples.
    problem.splits["train"] = SimpleNamespace(t=torch.tensor([0, 1, 1]))
    with pytest.raises(SdaeError, match=r"svm.json: is of examples .*'train': 2.*; name another folder"):
        run.answer_all(target.folder, [target], Question([1], ("linear",), Grid()), 1)


def test_folds_have_a_mean_and_a_deviation():
    more = {"trained_on": "train", "grid": {}, "made_by": "x", "published": None, "with_valid": None}
    machine = {"test_error": 0.1, "test_interval": 0.01, "support_vectors": 10}
    folds = [
        {
            **{"fold": k, "examples": {"train": 80 + k, "valid": 10, "test": 10}, "labels": 80 + k},
            "answers": [
                answer(
                    *(0, "input", error),
                    **more,
                    without_valid={**machine, "support_vectors": 10 + k},
                    versions={"commit": f"abc{k}"},
                )
            ],
        }
        for k, error in enumerate((0.1, 0.3))
    ]
    whole = summarise_answers(folds)
    [together] = whole["answers"]
    assert (whole["fold"], whole["folds"]) == (None, 2)
    assert (whole["examples"], whole["labels"]) == ({"train": 80.5, "valid": 10, "test": 10}, 80.5)
    assert together["test_error"] == pytest.approx(0.2)
    assert together["test_interval"] == pytest.approx(0.2 / 2**0.5)
    assert together["C"] == [10.0, 10.0]
    assert together["without_valid"]["support_vectors"] == 10.5
    assert together["with_valid"] is None
    assert together["versions"] == {"commit": "abc0, abc1"}
    assert (together["candidates"], together["seconds"]) == (60, 40.0)
