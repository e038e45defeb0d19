"""``--help``."""

import re
from pathlib import Path

import pytest
import yaml

from sdae.cli.commands import COMMANDS, TRAINING
from sdae.config.names import known

ROOT = Path(__file__).parents[2]


def test_one_help_lists_every_command(sdae, tmp_path):
    answer = sdae("--help", cwd=tmp_path)
    assert answer.returncode == 0
    for command in ("fit", "validate", "test", "predict", *COMMANDS):
        assert re.search(rf"^  {command} +\S", answer.stdout, re.MULTILINE)


def test_no_command_at_all_is_answered_with_help(door):
    assert door().stdout == door("--help").stdout


def options(text):
    """Return each option's explanation, which argparse puts from column 24 on."""
    explained = {}
    for entry in re.split(r"\n  (?=--)", text)[1:]:
        first, *rest = entry.partition("\n\n")[0].splitlines()
        begun = first[22:] if first[20:22] == "  " else ""
        explained[re.split(r"[ ,]", first)[0]] = " ".join(" ".join([begun, *rest]).split())
    return explained


@pytest.mark.parametrize("command", TRAINING)
def test_each_command_explains_every_parameter(door, command):
    answer = door(command, "--help")
    assert answer.returncode == 0
    typed = {name: text for name, text in options(answer.stdout).items() if "(type:" in text}
    assert {"--run", "--trainer.tf32"} <= typed.keys()
    configuration = {"--model.n_units", "--data", "--fine_tuning.patience", "--seed_everything"}
    assert typed.keys() & configuration == (configuration if command == "fit" else set())
    for name, text in typed.items():
        assert re.match(r"\S+ \S+", text.partition("(type:")[0]), f"{name} is not explained"


@pytest.mark.parametrize(
    ("parameter", "source"),
    [
        ("--pretraining.epochs", "Table 2"),
        ("--pretraining.learning_rate", "per-example"),
        ("--pretraining.noise_level", "standard deviation σ in units of the input"),
        ("--pretraining.corruption", "section 3.3"),
        ("--pretraining.emphasis", "section 3.4"),
        ("--pretraining.tied", "section 2.2"),
        ("--pretraining.reconstruction", "section 2.2"),
        ("--fine_tuning.learning_rate", "Table 2"),
        ("--fine_tuning.patience", "Epochs"),
        ("--model.n_units", "Table 2"),
    ],
)
def test_a_parameter_has_its_unit_or_its_place_in_the_paper(door, parameter, source):
    assert source in options(door("fit", "--help").stdout)[parameter]


def test_what_a_command_takes_from_its_run_is_left_out_of_its_help_alone(door, fitted):
    printed = yaml.safe_load(door("test", "--run", fitted.folder, "--print_config").stdout)
    for section in ("data", "model", "pretraining", "fine_tuning", "trainer", "tracking", "seed_everything"):
        assert printed[section]


def test_predict_says_the_shape_of_what_it_writes(door):
    assert "(n, m) probabilities" in " ".join(door("predict", "--help").stdout.split())


def test_the_help_of_training_names_every_problem_and_method(door):
    text = " ".join(door("fit", "--help").stdout.split()).replace("- ", "-")  # argparse breaks lines at hyphens
    assert f"a problem ({', '.join(known('data'))})" in text
    assert f"a method ({', '.join(known('method'))})" in text


def test_an_options_own_help_works(door):
    assert "train_size" in door("fit", "--data.help", "Rect").stdout
    assert door("fit", "--data.help", "rect").stdout == door("fit", "--data.help", "Rect").stdout


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_imports_no_torch_where_it_need_not(python, tmp_path, command):
    heavy = ("torch", "lightning", "numba", "wandb", "optuna", "sklearn")
    code = (
        "import sys\nfrom sdae.cli import main\n"
        f"try: main([*{command.split()!r}, '--help'])\nexcept SystemExit: pass\n"
        f"print([name for name in {heavy!r} if name in sys.modules], file=sys.stderr)"
    )
    answer = python("-c", code, cwd=tmp_path, env={"PYTHONPATH": str(ROOT / "src")})
    assert answer.stderr == "[]\n"
    assert "usage: " in answer.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_the_other_commands_explain_every_parameter_too(door, command):
    answer = door(*command.split(), "--help")
    assert answer.returncode == 0
    assert f"usage: python src/cli.py {command}" in " ".join(answer.stdout.split())
    for name, text in options(answer.stdout).items():
        if "(type:" in text:
            assert re.match(r"\S+ \S+", text.partition("(type:")[0]), f"{name} is not explained"
