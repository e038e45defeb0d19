"""The configuration of a run as a study begins with it."""

import pytest

from sdae.errors import SdaeError
from sdae.sweeps.fitting import folds, resolve

SETTINGS = {"data": {"source": "generated"}, "tracking": {"wandb": "off"}}


def test_a_problem_and_a_method_make_a_whole_configuration():
    config = resolve("rect", "sdae-2", SETTINGS)
    assert config["model"]["n_layers"] == 2
    assert config["data"]["init_args"]["source"] == "generated"
    assert folds(config) is None
    assert folds(resolve("tzanetakis", "sdae-2", {"tracking": {"wandb": "off"}})) == 10


@pytest.mark.parametrize(
    ("problem", "method", "settings", "message"),
    [
        ("nowhere", "sdae-1", {}, "^problems: nowhere: unknown"),
        ("rect", "nothing", {}, "^methods: nothing: unknown"),
        ("rect", "sdae-1", {"model": {"units": 3}}, "^settings.model.*no such key"),
        ("tzanetakis", "sdae-3-salt-and-pepper", {}, "salt-and-pepper needs data with a minimum and a maximum"),
        ("natural-patches", "sdae-1", {}, "studies.problems: natural-patches has no classes"),
        ("rect", "sdae-1", {"fine_tuning": {"max_epochs": 0}}, "^settings.fine_tuning.max_epochs: at least 1; 0"),
    ],
)
def test_an_error_names_the_key_of_the_sweep_file(problem, method, settings, message):
    with pytest.raises(SdaeError, match=message):
        resolve(problem, method, settings)
