"""What numbers were computed with."""

import subprocess
from importlib.metadata import version
from pathlib import Path

import pytest
import torch

from sdae.runs.versions import versions


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
