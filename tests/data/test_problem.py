"""What every problem does alike."""

import pytest
import torch

from sdae.data.cache import Arrays
from sdae.data.registry import Sizes
from sdae.errors import SdaeError
from toy_problem import Toy, ready


@pytest.mark.parametrize("bad", [float("nan"), -0.1, 1.1])
def test_a_value_that_cannot_be_is_named_by_its_example(tmp_path, monkeypatch, bad):
    whole = Toy.arrays

    def damaged(self: Toy, n: int) -> Arrays:
        arrays = whole(self, n)
        arrays.valid_x[2, 1] = bad
        return arrays

    monkeypatch.setattr(Toy, "arrays", damaged)
    with pytest.raises(
        SdaeError,
        match=r"toy: valid example 3 holds (nan in component 1: NaN|(-0.1|1.1)\d* .*outside \[0, 1\])",
    ):
        ready(Toy(tmp_path))


def test_a_class_that_cannot_be_is_named_by_its_example(tmp_path, monkeypatch):
    monkeypatch.setattr(Toy, "n_classes", 2)
    with pytest.raises(SdaeError, match="toy: train example 3 is of class 2, which is not one of 0 to 1"):
        ready(Toy(tmp_path))


class Labelled(Toy):
    name = "labelled"
    sizes = Sizes(60, 4, 5)


def test_some_labels_are_kept_in_the_classes_proportions(tmp_path):
    whole, problem = ready(Labelled(tmp_path)), ready(Labelled(tmp_path, labels=12))
    assert problem.train.x.equal(whole.train.x)
    assert problem.labelled.t.bincount().tolist() == [4, 4, 4]
    known = problem.train.t >= 0
    assert problem.train.t[known].equal(whole.train.t[known])
    assert problem.labelled.x.equal(whole.train.x[known])
    assert problem.valid.t.equal(whole.valid.t)
    assert whole.labelled is whole.train


def test_the_loaders_serve_labelled_examples_alone(tmp_path):
    problem = ready(Labelled(tmp_path, labels=12))
    x, t = (torch.cat(parts) for parts in zip(*problem.train_dataloader(), strict=True))
    assert x.equal(problem.labelled.x)
    assert t.equal(problem.labelled.t)
    for loader, split in ((problem.val_dataloader(), problem.valid), (problem.test_dataloader(), problem.test)):
        assert torch.cat([t for _, t in loader]).equal(split.t)


def test_the_draw_of_labels_is_its_seeds_and_fewer_are_a_part_of_more(tmp_path):
    one, same, other, fewer = (
        ready(Labelled(tmp_path, labels=labels, labels_seed=seed)).train.t
        for labels, seed in ((30, 1), (30, 1), (30, 2), (12, 1))
    )
    assert one.equal(same)
    assert not one.equal(other)
    assert ((fewer < 0) | (one >= 0)).all()


@pytest.mark.parametrize(("labels", "said"), [(0, "data.labels: at least one example"), (61, "has 60 training")])
def test_a_number_of_labels_that_cannot_be_is_refused(labels, said, tmp_path):
    with pytest.raises(SdaeError, match=said):
        ready(Labelled(tmp_path, labels=labels))


def test_splits_are_not_there_before_load(tmp_path):
    problem = Toy(root=tmp_path)
    for name in ("train", "valid", "test", "splits", "labelled"):
        assert not hasattr(problem, name)
        with pytest.raises(AttributeError, match=rf"^Toy has no {name}; call load\(\) first$"):
            getattr(problem, name)
    with pytest.raises(AttributeError, match="^Toy has no trian$"):
        problem.trian  # noqa: B018
    problem.load()
    assert len(problem.train.t) == len(problem.splits["train"].t)
