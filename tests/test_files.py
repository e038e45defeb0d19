"""Files: atomic writes, and JSON that is read or named in one line."""

import math
import os
from pathlib import Path

import numpy as np
import pytest

from sdae.errors import SdaeError
from sdae.files import (
    NUMBER,
    Each,
    Maybe,
    Misshapen,
    read_json,
    remove_leftovers,
    require,
    write_aside,
    write_binary,
    write_json,
    write_text,
)


def test_a_write_that_fails_half_way_leaves_the_old_file(tmp_path):
    path = tmp_path / "file"
    path.write_text("old")

    def half(aside: str) -> None:
        Path(aside).write_text("ne")
        raise OSError(28, "No space left on device")

    with pytest.raises(SdaeError, match="file: cannot be written .No space left"):
        write_aside(path, half)
    assert [p.name for p in tmp_path.iterdir()] == ["file"]
    assert path.read_text() == "old"


def test_a_write_that_is_interrupted_leaves_nothing(tmp_path):
    def interrupted(aside: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_aside(tmp_path / "file", interrupted)
    assert not list(tmp_path.iterdir())


def test_a_new_file_is_as_readable_as_any_other(tmp_path):
    write_aside(tmp_path / "file", lambda aside: Path(aside).write_text("new"))
    (tmp_path / "other").write_text("")
    assert os.stat(tmp_path / "file").st_mode == os.stat(tmp_path / "other").st_mode


def test_an_array_is_written_under_its_very_name(tmp_path):
    write_binary(tmp_path / "y", lambda file: np.save(file, np.ones((2, 3))))
    assert np.load(tmp_path / "y").shape == (2, 3)
    assert [path.name for path in tmp_path.iterdir()] == ["y"]


def test_a_folder_that_is_missing_is_named(tmp_path):
    with pytest.raises(SdaeError, match="nowhere/file: cannot be written"):
        write_aside(tmp_path / "nowhere" / "file", lambda aside: None)


def test_leftovers_of_killed_processes_are_removed_and_nothing_else(tmp_path):
    for name in (".a.npz.x1.part", ".b.npz.x2.part", "a.npz", ".lock"):
        (tmp_path / name).write_text("")
    remove_leftovers(tmp_path, "a.npz")
    assert {p.name for p in tmp_path.iterdir()} == {".b.npz.x2.part", "a.npz", ".lock"}
    remove_leftovers(tmp_path)
    assert {p.name for p in tmp_path.iterdir()} == {"a.npz", ".lock"}


def test_text_and_json_are_utf_8_and_come_back(tmp_path):
    write_text(tmp_path / "one.txt", "ν = 0.1\n")
    assert (tmp_path / "one.txt").read_bytes() == "ν = 0.1\n".encode()
    write_json(tmp_path / "one.json", {"ν": [0.1, None]})
    assert read_json(tmp_path / "one.json") == {"ν": [0.1, None]}
    assert (tmp_path / "one.json").read_text(encoding="utf-8").endswith("}\n")


def test_a_json_file_that_cannot_be_made_leaves_the_old_one(tmp_path):
    write_json(tmp_path / "one.json", 1)
    with pytest.raises(TypeError):
        write_json(tmp_path / "one.json", {"half": object()})
    assert (tmp_path / "one.json").read_text() == "1\n"


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_a_number_that_json_does_not_have_is_refused(tmp_path, number):
    with pytest.raises(SdaeError, match=r"one\.json: cannot be written \(.*not JSON"):
        write_json(tmp_path / "one.json", {"distances": [1.0, number]})
    assert not list(tmp_path.iterdir())


def test_what_it_holds(tmp_path):
    file = tmp_path / "one.json"
    file.write_text('{"ν": [0.1, null]}', encoding="utf-8")
    assert read_json(file) == {"ν": [0.1, None]}


@pytest.mark.parametrize("content", [None, b'{"half": [1,', b"\xff\xfe"])
def test_missing_or_damaged_it_is_named(tmp_path, content):
    file = tmp_path / "one.json"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SdaeError, match=r"one\.json: cannot be read \(.+\); remove it$"):
        read_json(file, "; remove it")


SHAPE = {"runs": [{"run": str, "seed": int}], "speed": Each(NUMBER), "note": Maybe(str)}
WHOLE = {"runs": [{"run": "a", "seed": 1}], "speed": {"rbm": 1, "autoencoder": 0.5}, "more": None}


@pytest.mark.parametrize("content", [WHOLE, {**WHOLE, "note": None}, {**WHOLE, "note": "of", "runs": []}])
def test_content_of_its_shape_may_have_more(content):
    require(content, SHAPE)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ([], "the whole is not a mapping"),
        ({"speed": {}}, "runs is missing"),
        ({**WHOLE, "runs": {}}, "runs is not a list"),
        ({**WHOLE, "runs": [{"run": "a", "seed": 1}, 3]}, r"runs\[1\] is not a mapping"),
        ({**WHOLE, "runs": [{"seed": 1}]}, r"runs\[0\].run is missing"),
        ({**WHOLE, "runs": [{"run": None, "seed": 1}]}, r"runs\[0\].run is not a text"),
        ({**WHOLE, "runs": [{"run": "a", "seed": True}]}, r"runs\[0\].seed is not a whole number"),
        ({**WHOLE, "speed": {"rbm": "1"}}, "speed.rbm is not a number"),
        ({**WHOLE, "note": 3}, "note is not a text"),
    ],
)
def test_content_of_another_shape_is_named(tmp_path, content, message):
    with pytest.raises(Misshapen, match=f"^{message}$"):
        require(content, SHAPE)
    write_json(tmp_path / "one.json", content)
    with pytest.raises(SdaeError, match=f"one.json: cannot be read .{message}.; remove it"):
        read_json(tmp_path / "one.json", "; remove it", SHAPE)
