"""Every file under conf/ is parsed, and what it describes is built."""

import re

import pytest
import yaml

from sdae.cli.training import TrainingCLI
from sdae.config.names import load_yaml, shipped
from sdae.data.generated.patches import NaturalPatches
from sdae.data.problem import Problem
from sdae.models.classifier import Classifier
from sdae.settings.fine_tuning import FineTuning
from sdae.settings.pretraining import Pretraining
from sdae.training.stacking import layers

CONF = shipped("conf")
DATA, METHODS, EXPERIMENTS = (sorted((CONF / kind).glob("*.yaml")) for kind in ("data", "method", "experiment"))


def named(path):
    return path.stem


@pytest.fixture
def build(monkeypatch):
    """Parse a ``fit`` and build its parts, without running it."""
    monkeypatch.setattr(TrainingCLI, "_run_subcommand", lambda self, subcommand: None)

    def build(*args):
        cli = TrainingCLI(["fit", *map(str, args), "--model.n_units", "5"])
        return cli, cli.config_init["fit"]

    return build


def assert_whole(cli, config):
    assert isinstance(cli.model, Classifier)
    assert isinstance(cli.datamodule, Problem)
    assert isinstance(config["pretraining"], Pretraining)
    assert isinstance(config["fine_tuning"], FineTuning)
    if isinstance(cli.datamodule, NaturalPatches) and config["pretraining"].corruption == "salt-and-pepper":
        cli.datamodule.prepare_data()  # its least and greatest value are known once the pictures have been read
    stack = layers(config["pretraining"], cli.model, cli.datamodule.value_range)
    assert len(stack) == (0 if config["pretraining"].family == "MLP" else cli.model.n_layers)


def test_every_file_is_in_a_folder_that_is_looked_into():
    assert DATA
    assert METHODS
    assert {*CONF.rglob("*.y*ml")} == {CONF / "default.yaml", *DATA, *METHODS, *EXPERIMENTS}


@pytest.mark.parametrize("path", DATA, ids=named)
def test_a_problem(build, path):
    cli, config = build("--data", path.stem)
    assert_whole(cli, config)
    assert cli.datamodule.name == path.stem
    assert cli.model.output.out_features == cli.datamodule.n_classes
    assert cli.model.hidden[0].in_features == cli.datamodule.n_features


@pytest.mark.parametrize("path", METHODS, ids=named)
def test_a_method(build, path):
    cli, config = build("--method", path.stem)
    assert_whole(cli, config)
    assert f"{config['pretraining'].family}-{cli.model.n_layers}".lower() == path.stem[: len("sdae-3")].rstrip("-")


@pytest.mark.parametrize("path", METHODS, ids=named)
def test_methods_differ_in_their_layers_and_their_pretraining_alone(path):
    content = yaml.safe_load(path.read_text())
    noisy = {"fine_tuning"} if path.stem == "sae-3-noisy-2" else set()  # section 6.4's, which trains with noise too
    assert content.keys() == {"model", "pretraining"} | noisy
    assert content["model"].keys() == {"n_layers"}


@pytest.mark.parametrize("path", [CONF / "default.yaml", *EXPERIMENTS], ids=named)
def test_an_experiment(build, path):
    cli, config = build("--config", path)
    assert_whole(cli, config)
    content = yaml.safe_load(path.read_text())
    assert cli.datamodule.name == content["data"]
    assert f"{config['pretraining'].family}-{cli.model.n_layers}".lower() == content["method"]
    for section in ("pretraining", "fine_tuning"):
        for key, value in content.get(section, {}).items():
            assert getattr(config[section], key) == value


@pytest.mark.parametrize("path", EXPERIMENTS, ids=named)
def test_an_experiments_head_says_the_table_the_command_and_what_to_expect(path):
    lines = path.read_text().splitlines()
    head = [line for line in lines[: next(i for i, line in enumerate(lines) if not line.startswith("#"))]]
    assert f"# python src/cli.py fit --config {path.relative_to(CONF.parent)}" in head
    assert any(said in head[0] for said in ("Table", "Figure", "reports no number"))
    assert any("Expect" in line and re.search("core|thread", line) for line in head)


def test_a_file_on_top_of_a_shipped_one_can_say_less():
    assert load_yaml("data: basic")["data"] == {"class_path": "sdae.data.Basic"}
