"""Short names, of files and in files."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from jsonargparse import ArgumentParser

from sdae.config.names import config_file, file_of, is_class, known, load_yaml, problem_section, section, shipped
from sdae.errors import SdaeError


def test_a_file_of_ones_own_is_taken_as_it_is(tmp_path):
    mine = tmp_path / "mine.yaml"
    mine.write_text("class_path: Rect\n")
    assert file_of("data", str(mine)) == mine
    assert section("data", str(mine)) == {"class_path": "Rect"}


@pytest.mark.parametrize("name", ["Rect", "sdae.data.Rect", "my_package.Mine"])
def test_a_class_of_ones_own_is_no_short_name(name):
    assert is_class(name)
    assert not is_class("bg-img-rot")
    assert not is_class("mine.yaml")


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("patients.csv", "class_path: sdae.data.LocalTable and init_args: {path: patients.csv, target: COLUMN}"),
        ("Patients.TSV", "class_path: sdae.data.LocalTable and init_args: {path: Patients.TSV, target: COLUMN}"),
        ("x.npz", "class_path: sdae.data.LocalArrays and init_args: {path: x.npz}"),
        ("x.npy", "class_path: sdae.data.LocalArrays and init_args: {path: [x.npy, CLASSES.npy]}"),
        ("./photos", "class_path: sdae.data.ImageFolder and init_args: {path: photos}"),
    ],
)
def test_data_in_place_of_a_problem_are_answered_with_the_file_to_write(name, lines, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "photos").mkdir()
    assert not is_class(name)
    with pytest.raises(SdaeError, match=f"^data {name}: name a problem, or a YAML file with two lines, ") as raised:
        section("data", name)
    assert lines in str(raised.value)


def test_an_unknown_name_is_answered_with_the_known_ones():
    for kind in ("data", "method"):
        with pytest.raises(SdaeError, match=f"^{kind} moons: unknown; choose one of {', '.join(known(kind))}"):
            file_of(kind, "moons")


def test_the_known_names_are_the_papers():
    assert {"rect", "mnist", "basic"} <= set(known("data"))
    assert {f"{method}-{n}" for method in ("mlp", "sae", "sdae") for n in (1, 2, 3)} <= set(known("method"))


def test_what_a_file_says_itself_comes_on_top_of_its_method():
    content = load_yaml("method: sdae-2\npretraining: {noise_level: 0.4}\nmodel: {n_units: 7}\n")
    assert content == {
        "model": {"n_layers": 2, "n_units": 7},
        "pretraining": {"layer": "autoencoder", "corruption": "masking", "noise_level": 0.4},
    }


def test_a_problem_in_a_file_becomes_its_class():
    assert load_yaml("data: mnist") == {"data": {"class_path": "sdae.data.MNIST"}}
    assert load_yaml("data: {class_path: sdae.data.Rect}") == {"data": {"class_path": "sdae.data.Rect"}}
    assert load_yaml("data: my_package.Mine") == {"data": "my_package.Mine"}


def test_numbers_are_numbers():
    assert load_yaml("5e-3") == 0.005
    assert load_yaml("[0.1, 1e-5]") == [0.1, 1e-5]


def test_a_configuration_is_read_in_utf_8_whatever_the_locale(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_bytes("data: rect\ntracking: {name: ν=0.1}\n".encode())
    code = (
        "import pathlib; from sdae.config.names import read_config; "
        f"print(ascii(read_config(pathlib.Path({str(file)!r}))))"
    )
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    answer = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert "\\u03bd=0.1" in answer.stdout


def test_other_parsers_in_the_process_know_no_short_names():
    parser = ArgumentParser(exit_on_error=False)
    parser.add_argument("--x", type=dict)
    assert parser.parse_args(["--x", "{data: rect}"]).x == {"data": "rect"}


def test_shipped_configurations_and_sweeps_have_short_names_too(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert config_file("experiment", "rect-sdae-3") == shipped("conf") / "experiment" / "rect-sdae-3.yaml"
    assert config_file("sweep", "quick") == shipped("sweeps") / "quick.yaml"
    (tmp_path / "quick").write_text("a file is itself, whatever it is called")
    assert config_file("sweep", "quick") == Path("quick")
    with pytest.raises(SdaeError, match="^config kubernetes: unknown; choose one of ablation-basic"):
        config_file("sweep", "kubernetes")  # in sweeps/cluster, and no sweep file


def test_the_problem_of_a_whole_configuration_is_a_problem(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    texts = {
        "class": "{class_path: Rect}",
        "name": "rect",
        "path": "my.Mine",
        "file": "plain.yaml",
        "loop": "loop.yaml",
    }
    for name, text in texts.items():
        (tmp_path / f"{name}.yaml").write_text(f"data: {text}\n")
    (tmp_path / "plain.yaml").write_text("class_path: Rect\n")
    (tmp_path / "whole.yaml").write_text("data: rect\nmodel: {n_units: 3}\n")
    (tmp_path / "list.yaml").write_text("data: [rect]\n")
    assert section("data", "class.yaml") == section("data", "file.yaml") == {"class_path": "Rect"}
    assert section("data", "name.yaml") == section("data", "rect")
    assert section("data", "path.yaml") == {"class_path": "my.Mine"}
    assert problem_section("whole.yaml") == (section("data", "rect"), ["model"])
    with pytest.raises(SdaeError, match="whole.yaml: is a whole configuration, with model beside data"):
        section("data", "whole.yaml")
    (tmp_path / "flat.yaml").write_text("class_path: Rect\nseed: 3\n")
    (tmp_path / "named.yaml").write_text("data: flat.yaml\n")
    for file in ("flat.yaml", "named.yaml"):
        with pytest.raises(SdaeError, match="^flat.yaml: seed: belongs below init_args, not beside class_path"):
            section("data", file)
    with pytest.raises(SdaeError, match="loop.yaml: data loop.yaml: is a whole configuration itself"):
        section("data", "loop.yaml")
    with pytest.raises(SdaeError, match="list.yaml: data: a short name, or a section"):
        section("data", "list.yaml")


def test_a_methods_file_has_no_problem(tmp_path):
    """Beside another ``--data``, the order of the words would decide between the two."""
    (tmp_path / "m.yaml").write_text("method: sdae-1\ndata: mnist\n")
    with pytest.raises(SdaeError, match="m.yaml: has data, which is no part of a method; leave it out"):
        section("method", str(tmp_path / "m.yaml"))
