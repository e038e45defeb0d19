"""Table 2's names, both ways."""

from dataclasses import asdict, replace

import pytest

from sdae.settings.fine_tuning import FineTuning
from sdae.settings.pretraining import Pretraining
from sdae.settings.table2 import EMPHASES, EMPHASIS_LABEL, KEYS, TABLE_2, named, names, settings_of, shown


def test_the_values_are_those_of_table_2():
    # Written out from the paper once more.
    assert TABLE_2["nHLay"] == (1, 2, 3)
    assert TABLE_2["nHUnit"] == (1000, 2000, 3000)
    assert TABLE_2["lRate"] == (0.000005, 0.00005, 0.0005, 0.005, 0.05, 0.1)
    assert TABLE_2["lRateSup"] == (0.0005, 0.005, 0.05, 0.1, 0.15, 0.2)
    assert TABLE_2["nEpoq"] == (5, 10, 50, 100, 125, 150, 200, 300)
    assert TABLE_2["ν"] == (0, 0.1, 0.25, 0.4)
    assert TABLE_2["σ"] == (0, 0.05, 0.1, 0.15, 0.3, 0.5)


def test_every_name_has_its_key():
    assert KEYS.keys() == TABLE_2.keys() | {"batch", "labels", "draw"}
    params = {"nHLay": 2, "nHUnit": 9, "lRate": 0.1, "lRateSup": 0.2, "nEpoq": 5, "ν": 0.4, "emphasis": "double"}
    assert settings_of(params, FineTuning()) == {
        "model.n_layers": 2,
        "model.n_units": 9,
        "pretraining.learning_rate": 0.1,
        "fine_tuning.learning_rate": 0.2,
        "pretraining.epochs": 5,
        "pretraining.noise_level": 0.4,
        "pretraining.emphasis": [1.0, 0.5],
    }


def test_a_batch_size_is_of_pretraining_and_of_fine_tuning():
    keys = {"pretraining.batch_size": 20, "fine_tuning.batch_size": 20}
    assert settings_of({"batch": 20}, FineTuning()) == keys


def test_the_inputs_of_sae_2_are_as_noisy_in_fine_tuning():
    assert settings_of({"ν": 0.4}, FineTuning(noise_level=0.25))["fine_tuning.noise_level"] == 0.4


@pytest.mark.parametrize(
    "pretraining",
    [
        Pretraining(layer="none"),
        Pretraining(noise_level=0.0),
        Pretraining(layer="rbm"),
        Pretraining(),
        Pretraining(corruption="gaussian"),
        Pretraining(emphasis=(1.0, 0.0)),
    ],
    ids=lambda how: how.family,
)
def test_the_names_lead_there_and_back(pretraining):
    params = {name: TABLE_2[name][1] for name in names(pretraining)}
    hyperparameters = {"n_layers": 3, "n_units": 1, "pretraining": asdict(pretraining), "fine_tuning": {}}
    for key, value in settings_of(params, FineTuning()).items():
        section, _, name = key.partition(".")
        if section == "model":
            hyperparameters[name] = value
        else:
            hyperparameters[section][name] = value
    if pretraining.layer == "none":
        hyperparameters["pretraining"] = None
    elif pretraining.layer == "rbm":
        hyperparameters["pretraining"] = replace(pretraining, epochs=10, learning_rate=5e-5).described
    if emphasis := params.pop("emphasis", None):
        params[EMPHASIS_LABEL] = tuple(EMPHASES[emphasis])
    assert named(hyperparameters) == params


def test_a_list_of_one_value_is_that_value():
    of = {"n_layers": 2, "n_units": [1000, 1000], "pretraining": None, "fine_tuning": {"learning_rate": 0.1}}
    assert named(of)["nHUnit"] == 1000
    assert named({**of, "n_units": [1000, 500]})["nHUnit"] == [1000, 500]


def test_what_table_2_does_not_have_is_named_where_it_is_unusual():
    pretraining = {"epochs": 5, "learning_rate": 0.1, "batch_size": 1, "weight_decay": 0.0}
    of = {"n_layers": 1, "n_units": 10, "fine_tuning": {"learning_rate": 0.2, "batch_size": 1}}
    table2 = {"nHLay": 1, "nHUnit": 10, "nEpoq": 5, "lRate": 0.1, "lRateSup": 0.2}

    def beyond(**changes):
        found = named({**of, "pretraining": {**pretraining, **changes}})
        return {name: value for name, value in found.items() if name not in table2}

    usual = {"noise_level": [0.0], "corruption": "masking", "tied": True}
    assert beyond(**usual) == beyond(cd_steps=1, persistent=False, sampled_inputs=False) == {}
    assert beyond(tied=False, weight_decay=0.01) == {"decoders": "untied", "λ": 0.01}
    machine = {"cd_steps": 10, "persistent": True, "sampled_inputs": True}
    assert beyond(**machine) == {"CD steps": 10, "chains": "persistent", "inputs": "sampled"}
    assert beyond(batch_size=20) == {"batch in pretraining": 20, "batch in fine-tuning": 1}


def test_a_line_of_hyperparameters():
    assert shown({"nHUnit": 1000, "lRate": 5e-6, "emphasis": "full"}) == "nHUnit 1000, lRate 5e-06, emphasis full"
    assert shown({"nHUnit": 1000, "lRate": 0.1}, among=["lRate"]) == "lRate 0.1"
    assert shown({"C": [1.0, 2.0], "copies": 9, "γ": None}) == "copies 9, C [1.0, 2.0]"
