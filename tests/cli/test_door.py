"""The door: words reach the commands as they were typed, and messages speak as the user does."""

import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from sdae.cli.messages import as_called, as_flags, program


def test_a_folder_named_like_a_number_and_one_with_a_comma(door, refused, tmp_path):
    assert "2010: no such folder" in refused("report", "2010")
    assert "a, b: no such folder" in refused("report", "a, b")
    for name in ("2010", "a, b"):
        (tmp_path / name).mkdir()
        answer = door("report", "--output", "rep", name)
        assert answer.returncode == 0, answer.stderr
        assert name in (tmp_path / "rep" / "tables.md").read_text(encoding="utf-8")


def test_an_option_with_an_equals_sign_is_the_same_as_one_without(refused):
    assert "x: holds no run" in refused("filters", "--run=x", "--output", "y.png")
    assert "--output y: the name of a .png file" in refused("filters", "--run=x", "--output", "y")
    assert "--output y: the name of a .png file" in refused("filters", "--run=x", "--output=y")
    assert "A: holds no run" in refused("filters", "--run", "A", "B", "C", "--n", "49")


def test_the_version_is_that_of_the_package(door):
    assert door("--version").stdout == f"sdae {version('sdae')}\n"


@pytest.mark.parametrize(
    ("args", "named"),
    [
        (("filters", "--frob"), "--frob"),
        (("filters", "--ru", "x"), "--ru"),
        (("filters", "x"), "x"),
        (("filters", "--run"), "expected at least one argument"),
        (("filters", "--run", "x", "--n", "many"), "n"),
        (("filters", "--run", "x", "--order", "best"), "order"),
        (("--frob",), "--frob: no such command"),
        (("data", "--frob"), "data --frob: no such command"),
        (("reproduce",), "target"),
        (("fit", "--method"), "--method: needs a value, such as sdae-3"),
        (("fit", "--method", "--run", "x"), "--method: needs a value, such as sdae-3"),
        (("sweep", "--workers", "1.5", "--join"), "workers"),
    ],
    ids=str,
)
def test_what_the_parser_cannot_use_is_one_line(refused, args, named):
    assert named in refused(*args)


@pytest.mark.parametrize(
    ("called", "name"),
    [
        ("src/cli.py", "python src/cli.py"),
        ("/somewhere/src/cli.py", "python /somewhere/src/cli.py"),
        ("/usr/bin/sdae", "sdae"),
        ("-c", "sdae"),
    ],
)
def test_the_program_is_called_as_the_user_called_it(monkeypatch, door, called, name):
    monkeypatch.setattr(sys, "argv", [called])
    assert program() == name
    assert as_called("again: python src/cli.py report") == f"again: {name} report"
    assert f"usage: {name} COMMAND" in door("--help").stdout


def test_parameters_become_flags_at_the_door():
    assert as_flags("workers 0: at least one", {"workers"}) == "--workers 0: at least one"
    assert as_flags("layers: 3 does not exist", {"layers"}) == "--layers: 3 does not exist"
    assert as_flags("mine: holds no run", {"layers"}) == "mine: holds no run"
    assert as_flags("data moons: unknown") == "--data moons: unknown"
    assert as_flags("data.root: no") == "data.root: no"


def test_no_message_below_the_command_line_speaks_of_flags():
    source = Path(__file__).parents[2] / "src" / "sdae"
    told = []
    for file in source.rglob("*.py"):
        if file.is_relative_to(source / "cli") or file.parent.name in ("report", "reproduce", "results"):
            continue  # these print commands
        told += [
            f"{file.name}: {line.strip()}"
            for line in file.read_text(encoding="utf-8").splitlines()
            if "Error(" in line and " --" in line or 'f"--' in line
        ]
    assert [line for line in told if "launch.py" not in line] == []


def test_dashboard_asks_for_its_extra(refused, monkeypatch):
    monkeypatch.setattr("sdae.cli.dashboard.find_spec", lambda name: None)
    assert refused("dashboard") == (
        "error: dashboard: wandb-workspaces is not installed; pip install 'sdae[dashboard]'"
    )


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--data", "mine.yaml"), "data.sise: no such key; did you mean data.seed? (in mine.yaml, or a flag)"),
        (("--data", "LocalArrays", "--data.pth", "x"), "data.pth: no such key; did you mean data.path?"),
        (
            ("--config", "sweep.yaml"),
            "describes a sweep, not a run; use sweep --config sweep.yaml",
        ),
        (("--methd", "sae-1"), "--methd: no such option; did you mean --method?"),
        (("--data", "no.Such"), "data: 'no.Such': No module named 'no'"),
        (("--data", "sdae.data.Rects"), "module 'sdae.data' has no attribute 'Rects'; did you mean Rect?"),
        (("--data", "LocalTable"), "error: data.path, data.target: are missing"),
        (("--data", "LocalTable", "--data.path", "x.csv"), "error: data.target: is missing"),
        (("--data", "flat.yaml"), "error: flat.yaml: path: belongs below init_args, not beside class_path"),
        (
            ("--data", "rect.yaml", "--epochs", "3"),
            "--epochs: no such option; did you mean --pretraining.epochs or --fine_tuning.max_epochs?",
        ),
        (("--data.train_size", "x"), "data.train_size: a whole number, not x"),
        (("--data", "rect", "--data.root.x", "3"), "data.root.x: no such key"),
        (("--data", "rect", "--data.source", "x"), "data.source: auto, original or generated, not x"),
        (("--data", "rect", "--model", "3"), "model: a section of keys and values, not 3"),
        (("--config",), "expected one argument"),
        (("--config", "mine.yaml"), "--config mine.yaml: describes a problem, not a run; use --data mine.yaml"),
    ],
    ids=str,
)
def test_what_is_wrong_with_a_problem_is_said_and_no_more(refused, tmp_path, args, said):
    (tmp_path / "mine.yaml").write_text("class_path: sdae.data.Rect\ninit_args: {sise: 3}\n")
    (tmp_path / "rect.yaml").write_text("class_path: sdae.data.Rect\n")
    (tmp_path / "flat.yaml").write_text("class_path: sdae.data.LocalArrays\ninit_args: {scale: none}\npath: x.npz\n")
    (tmp_path / "sweep.yaml").write_text("studies: [{problems: [rect], methods: [mlp-1]}]\n")
    line = refused("fit", *args)
    assert said in line
    assert len(line) < 120
    assert ("or a flag" in line) == (args[-1] == "mine.yaml" and args[0] == "--data")


def test_of_a_name_that_is_near_none_all_are_said(refused, tmp_path):
    (tmp_path / "folder.yaml").write_text("class_path: sdae.data.ImageFolder\ninit_args: {folder: x}\n")
    assert "data.folder: no such key; there are path, valid, test, unlabelled, " in refused(
        "fit", "--data", "folder.yaml"
    )
    assert "no attribute 'Moons'; there are Basic, BgImg, " in refused("fit", "--data", "sdae.data.Moons")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("svm", "--C", "abc"), "--C: a number or a list, not abc"),
        (("svm", "--kernels", "foo"), "--kernels: linear or rbf, not foo"),
        (("svm", "--refit", "maybe"), "--refit: true or false, not maybe"),
        (("svm", "--tracking.wandb", "maybe"), "--tracking.wandb: auto, online, offline or off, not maybe"),
        (
            ("fit", "--data", "rect", "--pretraning", "{epochs: 3}"),
            "--pretraning: no such option; did you mean --pretraining?",
        ),
        (("svm", "--data", "rect", "--data.source", "generated"), "data.source: no such key"),
        (("report", "--markdown.x", "y"), "markdown.x: no such key"),
        (("filters", "--run.x", "3"), "--run: a value without keys of its own"),
        (("sweep", "--workers", "two"), "--workers: a whole number, not two"),
        (("report", "--output"), "argument --output: expected one argument"),
        (("svm", "--nonsense", "3"), "--nonsense: no such option"),
        (("svm", "--rn", "3"), "--rn: no such option; did you mean --run?"),
        (("report", "sweeps", "--outptu=x"), "--outptu: no such option; did you mean --output?"),
        (
            ("fit", "--data", "rect", "--lr", "0.1"),
            "--lr: no such option; did you mean --pretraining.learning_rate or --fine_tuning.learning_rate?",
        ),
        (("predict", "--lr", "0.1"), "--lr: no such option"),
        (("svm", "rect"), "rect: not expected here; options begin with --"),
        (("predict", "--inputs", "x.csv"), "--inputs: no such option; did you mean --input?"),
        (
            ("fit", "--data", "rect", "--pretraining.learn_rate", "0.1"),
            "--pretraining.learn_rate: no such option; did you mean --pretraining.learning_rate?",
        ),
        (
            ("fit", "--data", "rect", "--pretraining", "{epochz: 3}"),
            "pretraining.epochz: no such key; did you mean pretraining.epochs?",
        ),
    ],
    ids=str,
)
def test_what_is_wrong_with_an_option_is_said_in_plain_words(refused, args, said):
    assert refused(*args) == f"error: {said}"


@pytest.mark.parametrize("option", ["--config", "--data"])
def test_a_key_given_twice_names_the_file_and_both_lines(refused, tmp_path, option):
    (tmp_path / "mine.yaml").write_text("model: {n_units: 3}\nmodel: {n_layers: 2}\n")
    assert refused("fit", option, "mine.yaml") == (
        "error: mine.yaml: the key model is given twice, in lines 1 and 2; leave one of them"
    )
    (tmp_path / "sweep.yaml").write_text("trials: 1\nstudies: []\ntrials: 2\n")
    assert "sweep.yaml: the key trials is given twice, in lines 1 and 3" in refused("sweep", "--config", "sweep.yaml")
    assert {path.name for path in tmp_path.iterdir()} == {"mine.yaml", "sweep.yaml"}
