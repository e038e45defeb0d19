"""Suggestions for unknown names."""

import pytest

from sdae.errors import did_you_mean

NAMES = [
    "model.n_units",
    "pretraining.epochs",
    "pretraining.learning_rate",
    "pretraining.noisy_inputs",
    "fine_tuning.max_epochs",
    "fine_tuning.learning_rate",
    "input",
]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("pretraining.epochz", "pretraining.epochs"),
        ("pretraning.epochs", "pretraining.epochs"),
        ("epochs", "pretraining.epochs or fine_tuning.max_epochs"),
        ("epoch", "pretraining.epochs"),
        ("learning_rate", "pretraining.learning_rate or fine_tuning.learning_rate"),
        ("lr", "pretraining.learning_rate or fine_tuning.learning_rate"),
        ("units", "model.n_units"),
        ("inputs", "input"),
        ("pretraining.lr", "pretraining.learning_rate"),
    ],
)
def test_a_name_that_is_misspelt_or_lacks_its_section_is_completed(name, meant):
    assert did_you_mean(name, NAMES) == f"; did you mean {meant}?"
    flags = [f"--{each}" for each in NAMES]
    assert did_you_mean(f"--{name}", flags) == f"; did you mean --{meant.replace(' or ', ' or --')}?"


def test_nothing_is_suggested_for_what_resembles_nothing():
    assert did_you_mean("nonsense", NAMES) == ""
    assert did_you_mean("xx", []) == ""
    assert did_you_mean("", ["_", "__all__", "input"]) == did_you_mean("--", ["--input"]) == ""
    assert did_you_mean("n", NAMES) == ""


def test_three_names_are_suggested_at_most():
    assert did_you_mean("xx", [f"{section}.xx" for section in "abcd"]) == "; did you mean a.xx, b.xx or c.xx?"
