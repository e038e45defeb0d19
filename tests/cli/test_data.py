"""``data list``, ``data prepare`` and ``data show``."""

import numpy as np
import pytest
from PIL import Image

from sdae.config.names import known
from sdae.config.problems import load_problem
from sdae.data.registry import Sizes

TABLE_1 = {"mnist", "basic", "rot", "bg-rand", "bg-img", "bg-img-rot", "rect", "rect-img", "convex", "tzanetakis"}


def test_table_1_is_there_under_its_own_names():
    assert set(known("data")) >= TABLE_1


def test_list_tells_sizes_and_what_is_on_disk(door, data_folder):
    lines = door("data", "list", "--root", str(data_folder)).stdout.splitlines()
    rows = {line.split()[0]: line for line in lines if line.split()[:1] and line.split()[0] in TABLE_1}
    assert set(rows) == TABLE_1
    assert rows["rect"].split()[1:6] == ["1,000", "200", "50,000", "2", "784"]
    assert rows["rect"].endswith("generated")
    assert rows["rot"].endswith("–")
    assert rows["tzanetakis"].split()[6] == "any"


def test_prepare_takes_several_names_and_says_where_each_came_from(door, tmp_path, monkeypatch):
    monkeypatch.setattr("sdae.data.Rect.sizes", Sizes(10, 5, 8))
    answer = door("data", "prepare", "rect", "rect", "--root", "data", "--source", "generated")
    assert answer.stdout == "rect: generated\nrect: generated\n"
    assert len(list((tmp_path / "data" / "cache").glob("rect-generated-*.npz"))) == 1


def test_prepare_goes_on_where_one_problem_cannot_be_had(door, refused, tmp_path, monkeypatch, caplog):
    monkeypatch.setattr("sdae.data.Rect.sizes", Sizes(10, 5, 8))
    answer = door("data", "prepare", "mnist", "rect", "tzanetakis", "--root", "data")
    assert answer.returncode == 2
    assert answer.stdout == "rect: generated\n"
    assert answer.stderr.splitlines()[-1] == "error: data prepare: mnist, tzanetakis could not be prepared"
    assert "mnist: not prepared: " in caplog.text
    assert "not prepared: mnist: " not in caplog.text  # it is named once
    assert "train-images-idx3-ubyte.gz is not in data/mnist" in refused("data", "prepare", "mnist", "--root", "data")


def test_a_folder_and_a_source_may_be_named_for_every_problem(door, tmp_path):
    for name in (*TABLE_1, "natural-patches"):
        assert load_problem(name, tmp_path, "generated").root == tmp_path


def test_show_draws_a_sheet_of_examples_with_their_classes(door, data_folder, tmp_path):
    answer = door("data", "show", "rect", "--root", str(data_folder), "--split", "test", "--n", "9")
    assert answer.returncode == 0, answer.stderr
    assert "9 test examples of rect, generated" in answer.stdout
    sheet = np.asarray(Image.open(tmp_path / "samples.png"))
    assert sheet.shape == (3 * (28 * 3 + 6 + 12) + 6, 3 * (28 * 3 + 6) + 6)
    tile = sheet[6 : 6 + 84, 6 : 6 + 84]
    assert set(np.unique(tile)) == {0, 255}


@pytest.mark.parametrize(
    ("args", "named"),
    [
        (("data", "dance"), "data dance: no such command; choose one of data list"),
        (("data", "prepare", "moons"), "error: data moons: unknown"),
        (("data", "show", "rect", "--n", "0"), "--n 0"),
        (("data", "show", "natural-patches", "--split", "test"), "natural-patches: has no test examples"),
        (("data", "prepare", "rect", "--source", "stolen"), "source"),
        (("data", "show", "rect", "--splitt", "test"), "--splitt"),
    ],
)
def test_what_cannot_be_is_named(refused, args, named):
    assert named in refused(*args)
