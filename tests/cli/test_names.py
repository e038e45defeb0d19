"""Short names on the command line and in files."""

import pytest

from sdae.config.names import expand, file_of, known, load, shipped
from sdae.errors import SdaeError

CONF = shipped("conf")


@pytest.mark.parametrize("args", [["--data", "rect"], ["--data=rect"]])
def test_a_problems_name_stands_for_its_file(args):
    assert expand(args) == [f"--data={CONF / 'data' / 'rect.yaml'}"]


@pytest.mark.parametrize("args", [["--method", "sae-3"], ["--method=sae-3"]])
def test_a_methods_name_stands_for_a_configuration(args):
    assert expand(args) == [f"--config={CONF / 'method' / 'sae-3.yaml'}"]


def test_other_arguments_pass_as_they_are_in_their_order():
    args = ["--model.n_units", "3", "--method", "mlp-1", "--data.root", "rect", "--run=x"]
    assert expand(args) == [
        *("--model.n_units", "3"),
        f"--config={CONF / 'method' / 'mlp-1.yaml'}",
        *("--data.root", "rect", "--run=x"),
    ]


def test_a_file_of_ones_own_is_taken_as_it_is(tmp_path):
    mine = tmp_path / "mine.yaml"
    mine.write_text("class_path: Rect\n")
    assert file_of("data", str(mine)) == mine
    assert expand(["--data", str(mine)]) == [f"--data={mine}"]


@pytest.mark.parametrize("name", ["Rect", "sdae.data.Rect", "my_package.Mine"])
def test_a_class_of_ones_own_is_no_short_name(name):
    assert expand(["--data", name]) == [f"--data={name}"]


def test_an_unknown_name_is_answered_with_the_known_ones():
    for kind in ("data", "method"):
        with pytest.raises(SdaeError, match=f"--{kind} moons: unknown; choose one of {', '.join(known(kind))}"):
            file_of(kind, "moons")


def test_the_known_names_are_the_papers():
    assert {"rect", "mnist", "basic"} <= set(known("data"))
    assert {f"{method}-{n}" for method in ("mlp", "sae", "sdae") for n in (1, 2, 3)} <= set(known("method"))


def test_what_a_file_says_itself_comes_on_top_of_its_method():
    content = load("method: sdae-2\npretraining: {noise_level: 0.4}\nmodel: {n_units: 7}\n")
    assert content == {
        "model": {"n_layers": 2, "n_units": 7},
        "pretraining": {"layer": "autoencoder", "corruption": "masking", "noise_level": 0.4},
    }


def test_a_problem_in_a_file_becomes_its_class():
    assert load("data: mnist") == {"data": {"class_path": "sdae.data.MNIST"}}
    assert load("data: {class_path: sdae.data.Rect}") == {"data": {"class_path": "sdae.data.Rect"}}
    assert load("data: my_package.Mine") == {"data": "my_package.Mine"}


def test_numbers_are_numbers():
    assert load("5e-3") == 0.005
    assert load("[0.1, 1e-5]") == [0.1, 1e-5]


def test_overwrite_is_a_flag():
    assert expand(["--overwrite"]) == ["--overwrite=true"]
