"""What a workspace compares: families of methods in a project, rows of a table in a sweep."""

from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("wandb_workspaces")

from sdae.dashboard.compared import HIDDEN_LAYERS, of_project, of_sweep
from stored import store


def test_a_project_is_compared_by_families_of_methods():
    compared = of_project()
    families = compared.problems[None]
    assert [family.title for family in families] == ["SDAE", "SAE", "DBN", "MLP"]
    assert "ν" in families[0].hyperparameters
    assert "ν" not in families[1].hyperparameters
    assert families[3].hyperparameters == ["nHLay", "nHUnit", "lRateSup"]
    assert (compared.n_layers, compared.rows) == (HIDDEN_LAYERS, ())


def test_a_sweep_is_compared_by_its_rows(tmp_path: Path):
    compared = of_sweep("mine", store(tmp_path / "mine"))
    [row] = compared.problems["rect"]
    assert (row.title, row.hyperparameters) == ("rect, SDAE-3", ["lRateSup"])
    assert compared.title == "Stacked denoising autoencoders · mine"
    assert compared.n_layers == 3
    assert compared.rows[0]["test_error"] == 0.1


def test_a_row_names_its_point_of_a_figure(tmp_path: Path):
    [study] = store(tmp_path / "mine")
    study.plan = replace(study.plan, point={"ν": 0.25, "emphasis": "double"})
    [row] = of_sweep("mine", [study]).problems["rect"]
    assert row.title == "rect, SDAE-3, ν = 0.25, emphasis = double"
