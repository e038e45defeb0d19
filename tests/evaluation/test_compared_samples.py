"""How samples are drawn, checked before a run is read."""

import json

import pytest
import torch

from sdae.errors import SdaeError
from sdae.evaluation import compared_samples
from sdae.evaluation.compared_samples import Sampling, _one_problem
from sdae.models.autoencoder import Autoencoder
from sdae.runs import versions
from small_run import small_run


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        ({"rows": 0}, "rows 0: at least 1"),
        ({"draws": 0}, "draws 0: at least 1"),
        ({"gibbs": 0}, "gibbs 0: at least 1"),
        ({"judged": -1}, "judged -1: at least 0"),
        ({"examples": [3], "rows": 2}, "examples: those to show; leave out rows"),
        ({"gibbs": 5, "top": "mean"}, "gibbs: draws the top units in its chain; leave out top"),
    ],
)
def test_what_cannot_be_drawn_or_has_no_effect_is_refused(numbers, message):
    assert Sampling(judged=0).gibbs is None
    with pytest.raises(SdaeError, match=message):
        Sampling(**numbers)


def test_every_run_has_the_same_draws():
    layers, x = [Autoencoder(4, 6)], torch.rand(3, 4)
    samples = Sampling(seed=2).sample(layers, x, 5, "shown")
    assert samples.shape == (3, 5, 4)
    assert torch.equal(samples, Sampling(seed=2).sample(layers, x, 5, "shown"))
    assert not torch.equal(samples, Sampling(seed=3).sample(layers, x, 5, "shown"))


def test_the_commit_is_that_with_which_the_work_began(tmp_path, monkeypatch):
    model = small_run(tmp_path / "run")
    commit = ["abc"]
    monkeypatch.setattr(versions, "commit", lambda: commit[0])
    monkeypatch.setattr(
        compared_samples, "_one_problem", lambda *args: commit.__setitem__(0, "def") or _one_problem(*args)
    )
    compared_samples.compare_samples([model], tmp_path / "picture.png", Sampling(judged=0))
    assert json.loads((tmp_path / "picture.json").read_text())["versions"]["commit"] == "abc"
