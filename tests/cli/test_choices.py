"""The words that flags choose among are those of the modules that they belong to."""

from sdae.cli import choices
from sdae.data import problem
from sdae.evaluation import samples, trained
from sdae.tracking import tracking


def test_what_flags_choose_among_is_what_there_is():
    assert choices.Source == problem.Source
    assert choices.Mode == tracking.Mode
    assert choices.Form == samples.Form
    assert choices.Weights == trained.Weights
