"""A run built from its configuration."""

import pytest

from sdae.config.building import build, configuration, defaults
from sdae.errors import SdaeError


def test_the_settings_come_on_top_of_the_method_and_that_on_top_of_the_defaults():
    config = configuration("basic", "sae-2", {"pretraining": {"epochs": 7}, "data": {"train_size": 50}})
    built = build(config)
    assert (built.problem.name, built.problem.train_size) == ("basic", 50)
    assert (built.method, built.classifier.n_layers, built.pretraining.epochs) == ("SAE-2", 2, 7)
    assert built.pretraining.learning_rate == defaults()["pretraining"]["learning_rate"]
    assert built.classifier.output.out_features == 10
    assert built.classifier.learning_rate.item() == pytest.approx(built.fine_tuning.learning_rate)


def test_a_configuration_that_was_filled_up_builds_the_same():
    built = build(configuration("rect", "dbn-1", {"seed_everything": 7}))
    again = build(built.config)
    assert again.config == built.config
    assert again.classifier.seed == 7
    assert built.config["fine_tuning"]["patience"] == built.fine_tuning.patience


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"pretraining": {"epochz": 3}}, r"^pretraining.epochz: no such key; did you mean pretraining.epochs\?$"),
        ({"pretraning": {"epochs": 3}}, r"^pretraning.epochs: no such key; did you mean pretraining.epochs\?$"),
        ({"pretraining": 3}, "^pretraining: a section of keys and values, not 3$"),
        ({"pretraining": {"epochs": "two"}}, "^pretraining.epochs: a whole number, not two$"),
        ({"pretraining": {"noise_level": 1.5}}, "^pretraining.noise_level"),
        ({"model": {"n_layers": 0}}, "^model.n_layers: at least one"),
        ({"data": {"train_size": 0}}, "^data.train_size: at least one"),
        ({"seed_everything": 2**32}, "^seed_everything: a number from 0"),
    ],
)
def test_what_cannot_be_used_names_its_key_in_one_line(settings, why):
    with pytest.raises(SdaeError, match=why) as error:
        build(configuration("rect", "sdae-1", settings))
    assert "\n" not in str(error.value)
