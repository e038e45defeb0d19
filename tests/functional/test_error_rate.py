"""The error and its interval are the paper's own."""

import pytest
import torch
from sklearn.metrics import zero_one_loss

from sdae.functional.error_rate import ErrorRate, interval
from sdae.paper.published import _cells


def test_every_interval_of_table_3_follows_from_its_error_and_its_test_set():
    checked = 0
    for (problem, _), cell in _cells().items():
        if cell.table == "table3" and problem != "tzanetakis":
            n = 10_000 if problem == "mnist" else 50_000
            assert interval(cell.test_error, n) == pytest.approx(cell.interval, abs=0.00011)
            checked += 1
    assert checked >= 40


def test_batches_of_unequal_size_count_by_their_examples():
    random = torch.Generator().manual_seed(0)
    scores, t = torch.randn(101, 4, generator=random), torch.randint(4, (101,), generator=random)
    metric = ErrorRate()
    for rows in torch.arange(101).split(30):
        metric.update(scores[rows], t[rows])
    assert float(metric.compute()) == zero_one_loss(t.numpy(), scores.argmax(1).numpy())
