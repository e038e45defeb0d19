"""The error and its interval are the paper's own."""

import pytest
import torch
from sklearn.metrics import zero_one_loss

from sdae.functional.error_rate import ErrorRate, error_of_one_class, interval
from sdae.paper.published import _cells


def test_every_interval_of_table_3_follows_from_its_error_and_its_test_set():
    checked = 0
    for (problem, _), cell in _cells().items():
        if cell.table == "table3" and problem != "tzanetakis":
            n = 10_000 if problem == "mnist" else 50_000
            assert interval(cell.test_error, n) == pytest.approx(cell.interval, abs=0.00011)
            checked += 1
    assert checked >= 40


@pytest.mark.parametrize("n", [10, 18, 1000])
def test_no_error_in_n_examples_leaves_the_rule_of_three(n):
    assert (1 - interval(0, n)) ** n == pytest.approx(0.05, abs=0.025)  # so rarely all n are right at such an error
    assert interval(1, n) == interval(0, n)
    assert interval(0, 2) == 1


def test_naming_one_class_is_wrong_for_all_others():
    assert error_of_one_class(torch.tensor([2, 0, 2, 1, 2])) == pytest.approx(0.4)
    assert error_of_one_class(torch.tensor([3, 3])) == 0


def test_batches_of_unequal_size_count_by_their_examples():
    random = torch.Generator().manual_seed(0)
    scores, t = torch.randn(101, 4, generator=random), torch.randint(4, (101,), generator=random)
    metric = ErrorRate()
    for rows in torch.arange(101).split(30):
        metric.update(scores[rows], t[rows])
    assert float(metric.compute()) == zero_one_loss(t.numpy(), scores.argmax(1).numpy())
