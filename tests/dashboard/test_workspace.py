"""The W&B workspace of a project."""

import pytest

pytest.importorskip("wandb_workspaces")

from sdae.dashboard.compared import of_project
from sdae.dashboard.workspace import build_workspace


def test_a_workspace_has_a_section_for_each_question():
    workspace = build_workspace(of_project(), "me", "sdae")
    names = [section.name for section in workspace.sections]
    assert names == ["Test error", "Fine-tuning", "Hyperparameters", "Filters", "Pretraining"]
    assert len(workspace.sections[-1].panels) == 6  # a curve a layer, and for RBMs another
    assert [section.pinned for section in workspace.sections] == [True, False, False, False, False]
