"""The words that flags choose among are those of the modules that they belong to."""

from sdae.cli import choices
from sdae.data import origin
from sdae.evaluation import samples, trained
from sdae.evaluation.svm import search
from sdae.functional import corruption
from sdae.tracking import options


def test_what_flags_choose_among_is_what_there_is():
    assert choices.Source == origin.Source
    assert choices.Mode == options.Mode
    assert choices.Form == samples.Form
    assert choices.Weights == trained.Weights
    assert choices.Kernel == search.Kernel
    assert choices.CorruptionName == corruption.CorruptionName
