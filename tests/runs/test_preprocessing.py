"""What a run folder keeps of its inputs, read back to the last bit."""

import json

import numpy as np
import pytest

from sdae.data import LocalArrays, Tzanetakis
from sdae.errors import SdaeError
from sdae.runs.folder import RunFolder
from sdae.runs.preprocessing import load_for_run, read_preprocessing


@pytest.fixture
def folder(tmp_path):
    run = RunFolder(tmp_path / "run")
    run.create()
    return run


@pytest.fixture
def arrays(tmp_path):
    def make(**how):
        x = 1000 + 50 * np.random.default_rng(0).normal(size=(40, 3))
        np.savez(tmp_path / "mine.npz", x=x, t=np.arange(40) % 2)
        return LocalArrays(tmp_path / "mine.npz", **how), x

    return make


@pytest.mark.parametrize("scale", ["none", "minmax", "standardise"])
def test_it_does_to_the_files_examples_what_the_problem_did(folder, arrays, scale):
    problem, x = arrays(scale=scale)
    load_for_run(problem, folder)
    kept = read_preprocessing(folder)
    assert kept is not None
    for split, examples in problem.splits.items():
        rows = [int(name.removeprefix("mine.npz:")) for name in problem.where(split)]
        assert np.array_equal(kept(x[rows], "x"), examples.x.numpy())
    assert (kept.problem, kept.provenance, kept.classes, kept.sizes) == ("mine", "local", ("0", "1"), (32, 4, 4))
    assert kept.fingerprint
    json.loads(folder.preprocessing.read_text(), parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))


def test_a_resumed_run_takes_what_was_kept(folder, arrays):
    first, _ = arrays(scale="standardise")
    load_for_run(first, folder)
    content = json.loads(folder.preprocessing.read_text())
    content["scaling"]["offset"][0] += 1e-9  # as another machine's sum may differ
    folder.preprocessing.write_text(json.dumps(content))
    again, _ = arrays(scale="standardise")
    load_for_run(again, folder)
    assert again.scaling.offset[0] == content["scaling"]["offset"][0]


def test_nothing_is_kept_where_there_is_nothing(folder):
    assert read_preprocessing(folder) is None


@pytest.mark.parametrize("text", ["", "{}", '{"problem": "mine"}', "[]"])
def test_a_damaged_file_is_named(folder, text):
    folder.preprocessing.write_text(text)
    with pytest.raises(SdaeError, match="preprocessing.json"):
        read_preprocessing(folder)


def test_a_folds_standardisation_is_its_own(tmp_path, folder):
    """Raw features into a run on tzanetakis: 78.4 % where there should be 45.4."""
    random = np.random.default_rng(0)
    features = random.normal(-10, 20, (120, 592)).astype(np.float16)
    (tmp_path / "gtzan").mkdir()
    np.savez(tmp_path / "gtzan" / "features_592.npz", features=features, labels=np.arange(120) // 12)
    problem = Tzanetakis(tmp_path, fold=3)
    load_for_run(problem, folder)
    kept = read_preprocessing(folder)
    assert kept is not None
    assert (kept.fold, kept.folds, kept.classes[0]) == (3, 10, "blues")
    rows = [int(name.removeprefix("features_592.npz:")) for name in problem.where("test")]
    assert np.array_equal(kept(features[rows], "x"), problem.test.x.numpy())
