"""The cells that a study begins with."""

import pytest

from asked import named
from sdae.reproduce.known import known_cells, noise_level
from sdae.sweeps.space import Space, axes


@pytest.fixture
def sdae():
    return named("table3")["rect/SDAE-3"].network  # type: ignore[attr-defined]


def test_a_study_begins_with_known_values_for_every_axis(sdae):
    space = axes(sdae.pretraining, Space())
    cells = known_cells("rect", "SDAE-3", sdae, space)
    assert all(cell.keys() == space.keys() for cell in cells)
    assert [cell["lRateSup"] for cell in cells] == [0.02, 0.005]
    assert {cell["ν"] for cell in cells} == {noise_level("rect", "SDAE-3", "ν")}


def test_an_axis_with_one_value_has_that(sdae):
    space = axes(sdae.pretraining, Space(nHUnit=[7], ν=[0.4]))
    assert {(cell["nHUnit"], cell["ν"]) for cell in known_cells("rect", "SDAE-3", sdae, space)} == {(7, 0.4)}


def test_where_the_paper_prints_no_noise_level_it_is_the_configurations():
    assert noise_level("mine", "SDAE-3", "ν") == 0.25
    assert noise_level("mine", "SDAE-3 gaussian", "σ") == 0.1
