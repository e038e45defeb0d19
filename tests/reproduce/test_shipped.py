"""Every shipped file that jobs are made of is read."""

import pytest

from sdae.config.names import known
from sdae.reproduce.shipped import shipped_experiment, shipped_method, shipped_sweep
from sdae.reproduce.targets import CURVES


@pytest.mark.parametrize("name", known("method"))
def test_a_method_is_as_deep_as_its_name_says(name):
    method = shipped_method(name)
    assert f"-{method.n_layers}" in method.name


def test_a_figures_network_is_its_method_with_changes():
    problem, network = shipped_experiment("figure5-over-complete")
    assert problem == "natural-patches"
    assert (network.pretraining.family, network.n_layers) == ("SAE", 1)


def test_a_curve_is_a_sweep_of_its_name():
    assert all(shipped_sweep(name).studies for name in CURVES)
