"""A problem by its name, and a name for a problem."""

import numpy as np
import pytest

from sdae.config.building import build_problem
from sdae.config.names import known
from sdae.config.problems import data_section, load_problem
from sdae.errors import SdaeError


@pytest.mark.parametrize("name", known("data"))
def test_a_problem_is_described_so_that_it_can_be_built_again(name, tmp_path):
    problem = load_problem(name, tmp_path, "generated", seed=3)
    assert (problem.name, problem.root, problem.seed) == (name, tmp_path, 3)
    data = data_section(problem)
    assert data["class_path"].startswith("sdae.data.")
    assert len(data["class_path"].split(".")) == 3
    again = build_problem(data)
    assert type(again) is type(problem)
    assert data_section(again) == data
    init_args = data["init_args"]
    assert init_args.get("root", str(tmp_path)) == str(tmp_path)
    assert init_args.get("source", "generated") == "generated"
    assert again.seed == 3


def test_own_data_are_described_by_their_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    np.savez("mine.npz", x=np.random.default_rng(0).random((40, 3)), t=np.arange(40) % 2)
    (tmp_path / "mine.yaml").write_text("class_path: sdae.data.LocalArrays\ninit_args: {path: mine.npz}\n")
    problem = load_problem("mine.yaml", tmp_path, "generated", scale="standardise")  # neither root nor source: its own
    data = data_section(problem)
    assert data["init_args"]["path"] == str(tmp_path / "mine.npz")
    assert data["init_args"]["scale"] == "standardise"
    assert "root" not in data["init_args"]
    assert build_problem(data).n_features == 3


@pytest.mark.parametrize(
    ("name", "init", "why"),
    [
        ("moons", {}, "data moons: unknown"),
        ("rect", {"size": 3}, "data.size: no such key"),
        ("no.Such", {}, "No module named 'no'"),
    ],
)
def test_what_there_is_not_is_named(name, init, why):
    with pytest.raises(SdaeError, match=why):
        load_problem(name, **init)


def test_root_and_source_are_checked_like_other_parameters(tmp_path):
    problem = load_problem("rect", root=tmp_path, source="generated")
    assert (problem.root, problem.source) == (tmp_path, "generated")
    with pytest.raises(SdaeError, match="data.source: auto, original or generated, not orignal"):
        load_problem("rect", source="orignal")
    with pytest.raises(SdaeError, match="source"):
        load_problem("bg-img", source="original", images=tmp_path)
