"""The space is Table 2's, and each method has of it what it has."""

import pytest

from sdae.errors import SdaeError
from sdae.settings.pretraining import Pretraining
from sdae.sweeps.space import Space, axes, cell, grid

SDAE = Pretraining(noise_level=0.25)
METHODS = {
    "MLP": (Pretraining(layer="none"), {"nHUnit", "lRateSup"}),
    "SAE": (Pretraining(noise_level=0.0), {"nHUnit", "lRate", "lRateSup", "nEpoq"}),
    "DBN": (Pretraining(layer="rbm"), {"nHUnit", "lRate", "lRateSup", "nEpoq"}),
    "SDAE": (SDAE, {"nHUnit", "lRate", "lRateSup", "nEpoq", "ν"}),
    "Gaussian": (Pretraining(corruption="gaussian"), {"nHUnit", "lRate", "lRateSup", "nEpoq", "σ"}),
    "emphasised": (Pretraining(emphasis=(1, 0)), {"nHUnit", "lRate", "lRateSup", "nEpoq", "ν", "emphasis"}),
    "noisy inputs": (Pretraining(noisy_inputs=True), {"nHUnit", "lRate", "lRateSup", "nEpoq", "ν"}),
}


@pytest.mark.parametrize("name", METHODS)
def test_a_method_has_its_own_hyperparameters(name):
    pretraining, its = METHODS[name]
    assert axes(pretraining, Space()).keys() == its


def test_an_sdae_leaves_out_0_which_is_sae():
    assert axes(SDAE, Space())["ν"] == [0.1, 0.25, 0.4]
    assert axes(Pretraining(corruption="gaussian"), Space())["σ"] == [0.05, 0.1, 0.15, 0.3, 0.5]
    with pytest.raises(SdaeError, match="0 is SAE"):
        axes(SDAE, Space(ν=[0.0, 0.1]))


def test_the_number_of_layers_is_searched_where_it_is_asked_for():
    assert axes(SDAE, Space(nHLay=[1, 2]))["nHLay"] == [1, 2]


def test_a_space_over_another():
    assert Space(nHUnit=[5]).over(Space(nHUnit=[7], lRate=[0.1])) == Space(nHUnit=[5], lRate=[0.1])


@pytest.mark.parametrize("values", [[], [5, 5]], ids=["empty", "twice"])
def test_a_list_without_sense_is_refused(values):
    with pytest.raises(SdaeError, match="space.nHUnit"):
        Space(nHUnit=values)


def test_a_grid_has_every_cell_once():
    cells = grid({"nHUnit": [1, 2], "lRate": [0.1, 0.2, 0.3]})
    assert len(cells) == 6
    assert len({tuple(params.values()) for params in cells}) == 6


def test_a_given_cell_names_what_is_open_and_what_is_there():
    considered = {"nHUnit": [1, 2], "lRate": [0.1]}
    assert cell(considered, {"nHUnit": 2}) == {"nHUnit": 2, "lRate": 0.1}
    for given, said in {"lRate": "leaves nHUnit open", "ν": "not a hyperparameter", "nHUnit": "not considered"}.items():
        with pytest.raises(SdaeError, match=said):
            cell(considered, {given: 0.1})
