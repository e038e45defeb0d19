"""What the words of a training command stand for."""

import json

import pytest

from sdae.cli.parsing import expand
from sdae.config.names import section
from sdae.errors import SdaeError


@pytest.mark.parametrize("args", [["--data", "rect"], ["--data=rect"]])
def test_a_problems_name_stands_for_its_file(args):
    assert expand(args) == [f"--data={json.dumps(section('data', 'rect'))}"]


@pytest.mark.parametrize("args", [["--method", "sae-3"], ["--method=sae-3"]])
def test_a_methods_name_stands_for_a_configuration(args):
    assert expand(args) == [f"--config={json.dumps(section('method', 'sae-3'))}"]


def test_other_arguments_pass_as_they_are_in_their_order():
    args = ["--model.n_units", "3", "--method", "mlp-1", "--data.root", "rect", "--run=x"]
    method, *others = expand(args)
    assert method == f"--config={json.dumps(section('method', 'mlp-1'))}"
    assert others == ["--model.n_units", "3", "--data.root", "rect", "--run=x"]


def test_precedence_does_not_depend_on_the_order_of_the_words(tmp_path):
    """Single options override problem and method, and these override the files, of which the later wins."""
    files = [tmp_path / "first.yaml", tmp_path / "second.yaml"]
    for number, file in enumerate(files):
        file.write_text(f"seed_everything: {number}\n")
    words = ["--data.seed=2", "--data", "rect", "-c", str(files[0]), "--method=sae-3", f"--config={files[1]}"]
    command, first, second, problem, method, option = expand(["fit", *words])
    assert (command, option) == ("fit", "--data.seed=2")
    assert first.startswith('--config={"seed_everything": 0')
    assert second.startswith('--config={"seed_everything": 1')
    assert problem.startswith('--data={"class_path"')
    assert method == f"--config={json.dumps(section('method', 'sae-3'))}"


@pytest.mark.parametrize("name", ["Rect", "sdae.data.Rect", "my_package.Mine"])
def test_a_class_of_ones_own_is_no_short_name(name):
    assert expand(["--data", name]) == [f"--data={name}"]


@pytest.mark.parametrize(
    ("args", "expanded"),
    [
        (["--overwrite"], ["--overwrite=true"]),
        (["--overwrite", "--seed", "2"], ["--overwrite=true", "--seed", "2"]),
        (["--overwrite", "true"], ["--overwrite", "true"]),
        (["--overwrite", "False", "--seed", "2"], ["--overwrite", "False", "--seed", "2"]),
        (["--overwrite=false"], ["--overwrite=false"]),
    ],
)
def test_overwrite_is_a_flag_that_may_have_a_value(args, expanded):
    assert expand(args) == expanded


def test_overwrite_takes_the_values_that_its_help_lists(door):
    assert "--overwrite {true,false}" in door("fit", "--help").stdout
    for value in ("true", "false"):
        assert door("fit", "--overwrite", value, "--print_config").returncode == 0


@pytest.mark.parametrize("option", ["--config", "-c", "--data", "--method"])
def test_a_file_that_gives_a_key_twice_is_refused_with_both_lines(tmp_path, option):
    mine = tmp_path / "mine.yaml"
    mine.write_text("model:\n  n_units: 3\nseed: 1\nmodel: {n_layers: 2}\n")
    with pytest.raises(SdaeError, match=r"mine.yaml: the key model is given twice, in lines 1 and 4"):
        expand([option, str(mine)])


def test_files_are_read_in_utf_8(tmp_path):
    (tmp_path / "mine.yaml").write_bytes("tracking: {name: ν}\n".encode())
    [word] = expand([f"--config={tmp_path / 'mine.yaml'}"])
    assert word.isascii()
    assert json.loads(word.removeprefix("--config=")) == {"tracking": {"name": "ν"}}
