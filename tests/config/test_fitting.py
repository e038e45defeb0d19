"""A run folder is prepared for the run that is asked for, or refused."""

import numpy as np
import pytest
import torch

from sdae.config import fitting
from sdae.config.building import build, configuration
from sdae.config.fitting import fit, prepared, train_prepared
from sdae.config.runs import kept_config
from sdae.errors import SdaeError
from sdae.runs.folder import RunFolder

SMALL = {
    "model": {"n_units": 4},
    "pretraining": {"epochs": 1},
    "fine_tuning": {"max_epochs": 1},
    "trainer": {"accelerator": "cpu", "progress": False},
    "tracking": {"wandb": "off"},
}


@pytest.fixture
def small(tmp_path):
    def make(**changed):
        data = {"root": str(tmp_path / "data"), "source": "generated", "train_size": 20}
        return build(configuration("rect", "sae-1", {**SMALL, "data": data, **changed}))

    return make


def test_a_folder_keeps_its_run_resumes_it_and_refuses_another(small, tmp_path):
    folder = RunFolder(tmp_path / "run")
    with prepared(small(), folder) as (_, place):
        assert kept_config(place)["model"]["n_units"] == 4
    with (
        pytest.raises(SdaeError, match="model.n_units is 4 there and 5 here;"),
        prepared(small(model={"n_units": 5}), folder),
    ):
        pass
    with prepared(small(tracking={"wandb": "off", "name": "other"}), folder) as (ready, place):
        assert train_prepared(ready, place)["problem"] == "rect"
    with pytest.raises(SdaeError, match="holds a finished run"), prepared(small(), folder):
        pass
    with prepared(small(model={"n_units": 5}), folder, overwrite=True) as (_, place):
        assert not place.finished
        assert kept_config(place)["model"]["n_units"] == 5


@pytest.mark.parametrize(
    ("problem", "overwrite", "source"), [("rect", False, "generated"), ("rect", True, "auto"), ("basic", False, "auto")]
)
def test_the_source_is_that_of_an_unfinished_run_of_the_same_problem(
    small, tmp_path, monkeypatch, problem, overwrite, source
):
    class Built(Exception):
        pass

    def build_nothing(config):
        raise Built(config["data"].get("init_args", {}).get("source", "auto"))

    with prepared(small(), RunFolder(tmp_path / "run")):
        pass
    monkeypatch.setattr(fitting, "build", build_nothing)
    with pytest.raises(Built, match=source):
        fit(problem, "sae-1", run=tmp_path / "run", overwrite=overwrite)


def test_a_setting_without_effect_is_said(tmp_path, caplog):
    data = {"root": str(tmp_path / "data"), "source": "generated", "train_size": 20}
    settings = {**SMALL, "pretraining": {"epochs": 1, "tied": False}, "data": data}
    fit("rect", "dbn-1", run=tmp_path / "run", **settings)
    assert "pretraining.tied: has no effect on an RBM" in caplog.messages
    x, t = np.random.default_rng(0).random((60, 4)), np.arange(60) % 2
    caplog.clear()
    fit((x, t), "mlp-1", run=tmp_path / "arrays", **SMALL)
    assert caplog.messages.count("pretraining.epochs: has no effect on an MLP") == 1


def test_what_is_no_method_is_refused():
    with pytest.raises(SdaeError, match="^method: a short name such as sdae-3, or a YAML file, not NoneType"):
        fit("rect", method=None)


@pytest.mark.parametrize("problem", [np.ones((3, 2)), (np.ones((3, 2)),), {"x": 1}, None])
def test_what_is_no_problem_is_refused(problem):
    with pytest.raises(SdaeError, match="^problem: a name, a YAML file, a Problem or two arrays .x, t., not "):
        fit(problem)


@pytest.mark.parametrize(
    ("x", "t", "why"),
    [
        (np.ones((4, 2)), np.array(list("abab"), dtype=object), r"^\(x, t\): its labels are texts, .*numpy.unique"),
        (
            np.ones((4, 2)),
            np.array([None, "b"] * 2, dtype=object),
            "^t: holds objects of Python's type NoneType, not numbers",
        ),
        ([[1.0], [1.0, 2.0]], [0, 1], "^x: .*inhomogeneous"),
        (torch.ones(4, 2, requires_grad=True), [0, 1, 0, 1], "^x: .*detach"),
    ],
)
def test_arrays_that_are_no_numbers_are_refused(tmp_path, x, t, why):
    with pytest.raises(SdaeError, match=why):
        fit((x, t), "mlp-1", run=tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_numbers_in_an_array_of_objects_are_numbers(tmp_path):
    x, t = np.random.default_rng(0).random((60, 4)), np.array([0, 1] * 30, dtype=object)
    assert fit((x, t), "mlp-1", run=tmp_path / "run", **SMALL).result["examples"]["train"] == 48
