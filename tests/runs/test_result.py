"""The row on screen, ours beside the paper's."""

import re

import pytest

from sdae.data.registry import REGISTRY, Sizes
from sdae.paper.published import published_model
from sdae.runs.result import published_cell, row


def cell_of(method, problem, corruption, emphasised):
    model = published_model(method, problem, corruption, emphasised)
    return published_cell("original", problem, model, examples_of(problem), None)


def examples_of(problem, **changes):
    sizes = REGISTRY[problem].sizes if problem in REGISTRY else Sizes(10, 2, 3)
    return {**sizes._asdict(), **changes}


def result(method="SDAE-3", problem="rect", corruption="masking", noise_level=0.1, emphasised=False):
    return {
        "problem": problem,
        "method": method,
        "provenance": "original",
        "valid_error": 0.0195,
        "test_error": 0.0284,
        "test_interval": 0.001456,
        "published": cell_of(method, problem, corruption, emphasised),
        "seconds": 83.4,
        "hyperparameters": {"pretraining": {"noise_level": noise_level, "corruption": corruption}},
    }


def cells(content):
    head, _, line = row(content).splitlines()
    return dict(zip(re.split(r"  +", head), re.split(r"  +", line), strict=True))


def test_a_row_has_our_error_beside_the_papers():
    assert cells(result()) == {
        "problem": "rect",
        "method": "SDAE-3",
        "ν": "10 %",
        "validation error": "1.95 %",
        "test error": "2.84 ± 0.15 %",
        "paper's Table 3": "1.99 ± 0.12 %",
        "data": "original",
        "time": "1 min 23 s",
    }


@pytest.mark.parametrize(
    "cell",
    [
        {"method": "SDAE-2"},
        {"method": "SAE-1"},
        {"method": "SDAE-3", "problem": "rect", "corruption": "gaussian"},
        {"method": "SDAE-3", "problem": "mnist", "emphasised": True},
        {"method": "SDAE-3", "problem": "my-own"},
    ],
)
def test_where_the_paper_prints_no_number_the_cell_says_so(cell):
    assert result(**cell)["published"] is None
    assert cells(result(**cell))["paper"] == "not reported"


def test_local_data_have_no_column_of_the_papers():
    own = {**result(), "provenance": "local", "published": None}
    assert cells(own).keys() == {*cells(result())} - {"paper's Table 3"}


def test_a_run_without_a_test_has_no_column_of_the_papers():
    pretrained = {**result(), "test_error": None, "test_interval": None}
    assert cells(pretrained).keys() == {*cells(result())} - {"paper's Table 3"}


def test_only_a_run_of_the_whole_problem_has_the_papers_number():
    def cell(problem="rect", provenance="generated", labels=None, **examples):
        return published_cell(provenance, problem, "SDAE-3", examples_of(problem, **examples), labels)

    assert cell() == cell(labels=1000) is not None
    assert cell("tzanetakis", train=7991) is not None  # of a fold
    assert cell(train=200) is None
    assert cell("tzanetakis", train=200) is None
    assert cell(labels=50) is None
    assert cell(provenance="local") is None


def test_an_mlp_has_no_noise_level():
    mlp = result(method="MLP-3")
    mlp["hyperparameters"]["pretraining"] = None
    assert cells(mlp)["ν"] == "–"
    assert cells(mlp)["paper"] == "not reported"


def test_gaussian_noise_shows_its_sigma():
    assert cells(result(corruption="gaussian", noise_level=0.3))["ν"] == "σ = 0.3"


def test_a_noise_level_for_each_layer_shows_them_all():
    assert cells(result(noise_level=[0.1, 0.25, 0.4]))["ν"] == "10 %, 25 %, 40 %"


@pytest.mark.parametrize(
    ("cell", "table", "error", "interval"),
    [
        (("SDAE-3", "basic", "masking", False), "table3", 0.0284, 0.0015),
        (("SAE-3", "rect", "masking", False), "table3", 0.0241, 0.0013),
        (("SDAE-3", "tzanetakis", "gaussian", False), "table3", 0.1602, 0.0104),
        (("SDAE-3", "basic", "gaussian", False), "table4", 0.0261, 0.0014),
        (("SDAE-3", "bg-rand", "salt-and-pepper", True), "table4", 0.0852, 0.0024),
        (("SDAE-3", "rot", "masking", True), "table4", 0.1036, 0.0027),
    ],
)
def test_the_papers_cell_is_the_one_of_this_noise_and_emphasis(cell, table, error, interval):
    found = cell_of(*cell)
    assert found is not None
    assert (found["table"], found["test_error"], found["interval"]) == (table, error, interval)
