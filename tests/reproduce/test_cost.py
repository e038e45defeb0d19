"""Known settings, and what they cost."""

import pytest

from sdae.data.problem import Sizes
from sdae.reproduce.cost import study, trial
from sdae.reproduce.known import given, noise, settings, space
from sdae.reproduce.speed import Speed

SPEED = Speed(pretraining=1e-9, fine_tuning=2e-9, workers=2)
SIZES = Sizes(1000, 300, 900)
AXES = ["nHUnit", "lRate", "lRateSup", "nEpoq", "ν"]


def test_a_trial_by_hand():
    # 784 × 100 + 100 × 100 weights; 1,000 examples, 5 epochs of pretraining, 60 of fine-tuning, a third for validation
    # and test.
    weights = 88_400
    expected = 1e-9 * 5 * 1000 * weights + 2e-9 * weights * (60 * (1000 + 100) + 300)
    assert trial({"nHUnit": 100, "nEpoq": 5}, 2, 784, SIZES, SPEED) == pytest.approx(expected)


def test_the_first_cells_share_their_layers_and_the_others_are_the_mean():
    cells = [{"nHUnit": 100, "nEpoq": 5}] * 2
    considered = {"nHUnit": [100], "nEpoq": [5, 15], "lRate": [0.1, 0.2]}
    one = trial(cells[0], 2, 784, SIZES, SPEED)
    pretraining = 1e-9 * 5 * 1000 * 88_400
    assert study(1, cells, considered, 2, 784, SIZES, SPEED) == pytest.approx(one)
    assert study(2, cells, considered, 2, 784, SIZES, SPEED) == pytest.approx(2 * one - pretraining)
    assert study(4, cells, considered, 2, 784, SIZES, SPEED) == pytest.approx(4 * one - pretraining + 2 * pretraining)


def test_the_papers_noise_comes_first():
    assert noise("basic", "SDAE-3", "ν") == 0.10  # Table 3
    assert noise("rot", "SDAE-3 gaussian", "σ") == 0.3  # Table 4
    assert noise("tzanetakis", "SDAE-3", "σ") == 0.05
    first, second = given("bg-rand", "SDAE-3", AXES, {})
    assert first["ν"] == second["ν"] == 0.40
    assert first["lRateSup"] != second["lRateSup"]


def test_the_space_is_table_2_and_what_is_known():
    cells = given("rect", "SDAE-3", AXES, {"nHUnit": [1000.0]})
    considered = space(cells, AXES, {"nHUnit": [1000.0]})
    assert considered["nHUnit"] == [1000]
    assert considered["lRate"] == [5e-6, 5e-5, 5e-4, 0.0025, 5e-3, 5e-2, 1e-1]
    assert considered["ν"] == [0.1, 0.25, 0.4]  # 0 is SAE
    assert all(cell[axis] in considered[axis] for cell in cells for axis in cell)


def test_an_mlp_on_rect_has_patience():
    assert settings("rect", "MLP-3") == {"fine_tuning": {"patience": 100}}
    assert settings("basic", "MLP-3") == settings("rect", "SDAE-3") == {}
    assert [set(cell) for cell in given("rect", "MLP-3", ["nHUnit", "lRateSup"], {})] == [{"nHUnit", "lRateSup"}] * 2
