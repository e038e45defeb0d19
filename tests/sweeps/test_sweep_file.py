"""A sweep file is checked key by key."""

import pytest

from sdae.errors import SdaeError
from sdae.sweeps.sweep_file import read_sweep

STUDIES = "studies: [{problems: [rect], methods: [sdae-1]}]\n"


@pytest.fixture
def read(tmp_path):
    def read(text):
        (tmp_path / "s.yaml").write_text(text)
        return read_sweep(tmp_path / "s.yaml")

    return read


def test_a_sweep_has_its_values_and_the_defaults(read):
    sweep = read(STUDIES + "space: {nHUnit: [10]}\ntrials: 3\n")
    assert (sweep.trials, sweep.sampler, sweep.heartbeat) == (3, "tpe", 60)
    assert sweep.space.nHUnit == [10]
    assert sweep.studies[0].methods == ["sdae-1"]


def test_the_number_of_trials_is_the_studys_the_sweeps_or_fifty(read):
    sweep = read(STUDIES[:-2] + ", {problems: [rect], methods: [sae-1], trials: 4}]\ntrials: 3\n")
    assert [sweep.budget(part) for part in sweep.studies] == [3, 4]
    sweep = read(STUDIES)
    assert sweep.budget(sweep.studies[0]) == 50


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("studies: []\n", "studies: empty"),
        ("studies: [{problems: [], methods: [sdae-1]}]\n", "studies.problems: empty"),
        (STUDIES + "trials: 0\n", "trials: at least 1, not 0"),
        (STUDIES + "warmup: -1\n", "warmup: must not be negative"),
        (STUDIES + "pruner: none\nwarmup: 5\n", "warmup: pruner: none ends no trial early"),
        (STUDIES + "cache: -1\n", "cache: must not be negative"),
        (STUDIES + "hours: 0\n", "hours: a positive number"),
        (STUDIES + "sampler: list\n", "given: a list of hyperparameters"),
        (STUDIES + "sampler: grid\ngiven: [{ν: 0.1}]\n", "given: with sampler: list"),
        (STUDIES + "sampler: grid\ntrials: 4\n", "trials: with sampler: tpe or random; grid has"),
        (STUDIES[:-3] + ", trials: 4}]\nsampler: list\ngiven: [{ν: 0.1}]\n", "trials: with sampler: tpe or random"),
        (STUDIES + "space: {nHUnit: []}\n", "space.nHUnit: empty"),
    ],
)
def test_what_cannot_be_used_is_refused(read, text, message):
    with pytest.raises(SdaeError) as error:
        read(text)
    assert f"s.yaml: {message}" in str(error.value)
