"""What numbers were computed with."""

import subprocess
from importlib.metadata import version
from pathlib import Path

import pytest
import torch

from sdae.errors import SdaeError
from sdae.runs import versions as module
from sdae.runs.versions import versions, versions_of_all, versions_of_run


def test_versions_are_those_installed():
    assert versions()["lightning"] == version("lightning")
    assert versions().keys() >= {"python", "sdae", "torch"}


def test_the_processor_is_recorded_with_its_vector_instructions():
    assert versions()["processor"].endswith(f", {torch.backends.cpu.get_cpu_capability()}")


def test_the_commit_is_this_checkouts():
    asked = subprocess.run(
        ["git", "-C", Path(__file__).parent, "rev-parse", "HEAD"], capture_output=True, text=True, check=False
    )
    if asked.returncode:
        pytest.skip("the source is in no git checkout")
    assert versions()["commit"] in (asked.stdout[:12], asked.stdout[:12] + "+")


def test_runs_together_have_the_versions_of_each():
    one = {"torch": "2.13.0", "numba": None, "processor": "A, AVX2", "commit": "abc"}
    assert versions_of_all([one, one]) == one
    other = {**one, "numba": "0.68", "processor": "B, AVX512", "commit": "abc, def+"}
    together = versions_of_all([one, other, other])
    assert together == {**one, "numba": "none; 0.68", "processor": "A, AVX2; B, AVX512", "commit": "abc, def+"}
    assert versions_of_all([one, {**other, "commit": None}])["commit"] is None


def test_a_run_has_every_commit_that_worked_on_it(tmp_path, monkeypatch):
    def at(commit):
        monkeypatch.setattr(module, "commit", lambda: commit)
        return versions_of_run(tmp_path / "commits.json")["commit"]

    assert [at("abc"), at("abc"), at("def+"), at("abc")] == ["abc", "abc", "abc, def+", "abc, def+"]
    assert at(None) is None  # of a package that is in no checkout
    assert at("abc") is None
    (tmp_path / "commits.json").write_text("abc")
    with pytest.raises(SdaeError, match="commits.json: cannot be read"):
        at("abc")
